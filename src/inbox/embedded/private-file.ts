import { chmodSync, closeSync, openSync, statSync } from "node:fs";
import { describeError } from "../../core/contract/errors";

/** Read and write for the owner; group and others have no access. */
const OWNER_ONLY = 0o600;
/** The bits of group and others. */
const OTHERS = 0o077;

/** A file that other users could read. */
export interface ExposedFile {
  readonly file: string;
  /** Why its permissions could not be restricted. `undefined`: they are restricted now. */
  readonly problem?: string | undefined;
}

/**
 * Creates an empty file that only its owner can read, with any umask. Does nothing if the file exists. Ignores errors,
 * because SQLite opens the file next and reports them.
 *
 * Never opens an existing file: when a process closes a descriptor of a file, the system releases all its locks on that
 * file, also those of SQLite.
 */
export function createPrivateFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", OWNER_ONLY));
  } catch {
    // It exists, or SQLite reports why it cannot be created.
  }
}

/**
 * Removes the permissions of group and others from the inbox file and the files beside it.
 * @returns the files that other users could read
 */
export function restrictFiles(file: string): ExposedFile[] {
  if (process.platform === "win32") return []; // Windows uses access lists.
  return ["", "-wal", "-shm", "-journal", ".lock"].flatMap((ending) => restrict(`${file}${ending}`));
}

function restrict(file: string): ExposedFile[] {
  if (!isExposed(file)) return [];
  try {
    chmodSync(file, OWNER_ONLY);
  } catch (error) {
    return [{ file, problem: describeError(error) }];
  }
  // Some file systems accept the call and change nothing.
  return [isExposed(file) ? { file, problem: "its file system does not support permissions" } : { file }];
}

function isExposed(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & OTHERS) !== 0;
}
