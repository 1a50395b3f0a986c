import { describeError } from "../../core/contract/errors";
import { toSqliteError } from "./sqlite";
import type { StoreFailure } from "./thread-protocol";

/** The remedies for the operator, by SQLite result code. @see https://www.sqlite.org/rescode.html */
const REMEDIES: Readonly<Record<number, string>> = {
  3: "Give the program's user the right to read and write the file and its folder",
  7: "Give the process more memory",
  8: "Give the program's user the right to write the file and its folder, or choose another DATA_DIR",
  10: "Check the disk and the log of the system: reading or writing failed",
  11: "The file is damaged and was not changed. Copy it and its -wal file, then recover it with `sqlite3 <file> .recover`, or start with another DATA_DIR",
  13: "Free space on the disk. The inbox continues by itself when it can write",
  14: "Create the folder, give the program's user the right to write it, or choose another DATA_DIR",
  26: "The file is not a SQLite database and was not changed. Move it away, or choose another DATA_DIR",
};

const BUSY = 5;

/**
 * Describes an error for the operator: the action, the file, the cause and the remedy.
 * @param advice remedy for an error that SQLite did not throw
 */
export function toStoreFailure(doing: string, file: string, thrown: unknown, advice?: string): StoreFailure {
  const error = toSqliteError(thrown);
  const remedy = error === undefined ? advice : REMEDIES[error.code];
  const message = `inbox "${file}": ${doing} failed: ${error?.text ?? describeError(thrown)}`;
  return { code: "inbox-failed", message: remedy === undefined ? message : `${message}. ${remedy}` };
}

/** Whether another connection holds the lock. */
export function isBusy(thrown: unknown): boolean {
  return toSqliteError(thrown)?.code === BUSY;
}
