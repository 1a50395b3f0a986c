import { isError } from "../../core/errors";

/** What a statement can be given. Booleans and `undefined` are refused by the driver, one of them by ending the process. */
export type SqlValue = string | number | null | Uint8Array;

/** A prepared statement whose rows have the shape that its caller's SQL says. */
export interface Statement<Row = unknown> {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): Row[];
}

/** The little that we need of SQLite. Every call blocks its thread until it is done. */
export interface Database {
  exec(sql: string): void;
  /** @typeParam Row trusted: the tables are STRICT and ours */
  prepare<Row>(sql: string): Statement<Row>;
  close(): void;
}

interface Driver {
  readonly DatabaseSync: new (file: string) => Database;
}

/** Node's own SQLite is stable from here on. */
const FIRST_MAJOR_WITH_SQLITE = 24;

/** Opens a file, which is made when there is none. */
export function openDatabase(file: string): Database {
  const { DatabaseSync } = driver();
  return new DatabaseSync(file);
}

/** Node's own SQLite where it has one, else the package with the same interface; it can go with Node 22. */
function driver(): Driver {
  const major = Number.parseInt(process.versions.node, 10);
  // Asserted: both are the documented interface of `node:sqlite`, for which the types of Node 20 have no word.
  return (
    major >= FIRST_MAJOR_WITH_SQLITE
      ? process.getBuiltinModule("node:sqlite")
      : require("@photostructure/sqlite")
  ) as Driver;
}

/** What SQLite says went wrong: its primary result code and its words. */
export interface SqliteError {
  readonly code: number;
  readonly text: string;
}

/** @returns `undefined` when something else than SQLite threw */
export function toSqliteError(thrown: unknown): SqliteError | undefined {
  if (!isError(thrown) || !("errcode" in thrown) || typeof thrown.errcode !== "number") return undefined;
  // An extended code has the primary one in its lower byte.
  return { code: thrown.errcode & 0xff, text: thrown.message };
}
