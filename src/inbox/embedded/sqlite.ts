import { isError } from "../../core/contract/errors";

/** A value for a parameter. The driver refuses booleans and `undefined`, one of them by ending the process. */
export type SqlValue = string | number | null | Uint8Array;

/** A prepared statement. `Row` is the shape of its rows. */
export interface Statement<Row = unknown> {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): Row[];
}

/** A SQLite connection. Each call blocks its thread. */
export interface Database {
  exec(sql: string): void;
  /** @typeParam Row not checked: the tables are STRICT and only the inbox writes them */
  prepare<Row>(sql: string): Statement<Row>;
  close(): void;
}

interface Driver {
  readonly DatabaseSync: new (file: string) => Database;
}

/** First version of Node.js with a stable `node:sqlite`. */
const FIRST_MAJOR_WITH_SQLITE = 24;

/** Opens a file. Creates it if it is missing. */
export function openDatabase(file: string): Database {
  const { DatabaseSync } = driver();
  return new DatabaseSync(file);
}

/** Loads `node:sqlite`, or for older versions of Node.js a package with the same interface. */
function driver(): Driver {
  const major = Number.parseInt(process.versions.node, 10);
  // Asserted: both have the interface of `node:sqlite`, which the types of Node.js 20 lack.
  return (
    major >= FIRST_MAJOR_WITH_SQLITE
      ? process.getBuiltinModule("node:sqlite")
      : require("@photostructure/sqlite")
  ) as Driver;
}

/** An error of SQLite: its primary result code and its message. */
export interface SqliteError {
  readonly code: number;
  readonly text: string;
}

/** @returns `undefined` if SQLite did not throw it */
export function toSqliteError(thrown: unknown): SqliteError | undefined {
  if (!isError(thrown) || !("errcode" in thrown) || typeof thrown.errcode !== "number") return undefined;
  // An extended code has the primary one in its lower byte.
  return { code: thrown.errcode & 0xff, text: thrown.message };
}
