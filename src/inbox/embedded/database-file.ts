import { createPrivateFile } from "./private-file";
import { migrate } from "./schema";
import { type Database, openDatabase } from "./sqlite";
import { isBusy } from "./sqlite-errors";
import type { StoreFailure, ThreadData } from "./thread-protocol";

/**
 * Locks the file until the process ends. The system releases the lock of a killed process.
 * @throws SQLite's BUSY error if another process, or another inbox of this one, holds the lock
 */
export function lockFile(file: string): Database {
  createPrivateFile(`${file}.lock`);
  const db = openDatabase(`${file}.lock`);
  // The file is never written, so no journal file is needed.
  db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  return db;
}

/** Whether a process uses an existing inbox file. */
export function isLocked(file: string): boolean {
  try {
    lockFile(file).close();
    return false;
  } catch (thrown) {
    if (isBusy(thrown)) return true;
    throw thrown;
  }
}

/** The error for a process that does not get the lock. */
export function lockedFailure(file: string): StoreFailure {
  return {
    code: "inbox-locked",
    message: `inbox "${file}" is in use by another process. Stop that process, or set a different DATA_DIR for this one`,
  };
}

/** Opens the inbox file and migrates its tables. Call it with the lock held. */
export function openInboxFile({ file, maxPages }: Pick<ThreadData, "file" | "maxPages">): Database {
  // SQLite copies the permissions of the file to -wal and -shm.
  createPrivateFile(file);
  const db = openDatabase(file);
  // Other programs may read the file and lock it for a moment.
  db.exec("PRAGMA busy_timeout = 5000");
  migrate(db);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  // Senders wait while a checkpoint copies the log into the file and syncs both. With 32 MB of log, fewer than one group in
  // a hundred meets a checkpoint. A log that grew in a burst is truncated.
  db.exec(
    "PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8000",
  );
  if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
  return db;
}
