import { describe } from "../../core/errors";
import { toSqliteError } from "./sqlite";
import type { StoreFailure } from "./thread-protocol";

/** Result codes of SQLite that a person can do something about, and what. @see https://www.sqlite.org/rescode.html */
const REMEDIES: Readonly<Record<number, string>> = {
  3: "Give the program's user the right to read and write the file and its folder",
  7: "Give the process more memory",
  8: "Give the program's user the right to write the file and its folder, or choose another DATA_DIR",
  10: "Look at the disk and at the system's log: reading or writing it failed",
  11: "The file is damaged and was left as it is. Copy it and its -wal file away, then recover it with `sqlite3 <file> .recover`, or start with another DATA_DIR",
  13: "Free space on the disk; the inbox goes on by itself as soon as it can write",
  14: "Make the folder, give the program's user the right to write it, or choose another DATA_DIR",
  26: "The file is no SQLite database and was left as it is. Move it away, or choose another DATA_DIR",
};

const BUSY = 5;

/**
 * A refusal that says what was being done with which file, what happened and what to do next.
 * @param advice for what does not come from SQLite
 */
export function toStoreFailure(doing: string, file: string, thrown: unknown, advice?: string): StoreFailure {
  const error = toSqliteError(thrown);
  const remedy = error === undefined ? advice : REMEDIES[error.code];
  const message = `inbox "${file}": ${doing} failed: ${error?.text ?? describe(thrown)}`;
  return { code: "inbox-failed", message: remedy === undefined ? message : `${message}. ${remedy}` };
}

/** Somebody else holds the file. */
export function isBusy(thrown: unknown): boolean {
  return toSqliteError(thrown)?.code === BUSY;
}
