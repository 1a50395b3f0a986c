import { createPrivateFile } from "./private-file";
import { migrate } from "./schema";
import { type Database, openDatabase } from "./sqlite";
import { isBusy } from "./sqlite-errors";
import type { StoreFailure, ThreadData } from "./thread-protocol";

/**
 * Holds the lock for as long as the process lives, however it ends: the system takes it from a killed process.
 * @throws SQLite's "busy" when another process, or another inbox of this one, has it
 */
export function lockFile(file: string): Database {
  createPrivateFile(`${file}.lock`);
  const db = openDatabase(`${file}.lock`);
  // Nothing is ever written to it, so there is nothing to roll back.
  db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  return db;
}

/** Whether a process has the inbox of a file that is there. */
export function isLocked(file: string): boolean {
  try {
    lockFile(file).close();
    return false;
  } catch (thrown) {
    if (isBusy(thrown)) return true;
    throw thrown;
  }
}

/** What is said to whom the lock keeps out. */
export function lockedFailure(file: string): StoreFailure {
  return {
    code: "inbox-locked",
    message: `inbox "${file}" is in use by another process. Stop that one, or give this one a DATA_DIR of its own`,
  };
}

/** Opens the inbox's file for whoever holds the lock, with its tables up to date. */
export function openInboxFile({ file, maxPages }: Pick<ThreadData, "file" | "maxPages">): Database {
  // SQLite gives the rights of the file to its -wal and -shm.
  createPrivateFile(file);
  const db = openDatabase(file);
  // Other programs may look into the file meanwhile, and hold it for a moment.
  db.exec("PRAGMA busy_timeout = 5000");
  migrate(db);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  // A checkpoint copies the log into the file and syncs both, while senders wait: with 32 MB of log fewer than one
  // group in a hundred meets one. A log that grew in a burst is cut back.
  db.exec(
    "PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8000",
  );
  if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
  return db;
}
