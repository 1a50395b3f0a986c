import { chmodSync, closeSync, openSync, statSync } from "node:fs";
import { describe } from "../../core/errors";

/** Read and write for the owner; group and others have no access. */
const OWNER_ONLY = 0o600;
/** The bits of group and others. */
const OTHERS = 0o077;

/** A file that others than its owner could read. */
export interface ExposedFile {
  readonly file: string;
  /** Why it could not be narrowed. `undefined`: it is private now. */
  readonly problem?: string | undefined;
}

/**
 * Creates an empty file that only its owner can read, whatever the umask. A file that exists is left alone, and an
 * error is left to SQLite, which opens the file next and explains it.
 *
 * An existing file is never opened here: when any descriptor of a file is closed, the system drops all locks that the
 * process holds on that file, those of SQLite too.
 */
export function createPrivateFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", OWNER_ONLY));
  } catch {
    // It exists, or SQLite says why it cannot be made.
  }
}

/**
 * Takes the rights of group and others away from the inbox's file and the files beside it.
 * @returns the files that others could read before
 */
export function restrictFiles(file: string): ExposedFile[] {
  if (process.platform === "win32") return []; // Windows has access lists in place of these bits.
  return ["", "-wal", "-shm", "-journal", ".lock"].flatMap((ending) => restrict(`${file}${ending}`));
}

function restrict(file: string): ExposedFile[] {
  if (!isExposed(file)) return [];
  try {
    chmodSync(file, OWNER_ONLY);
  } catch (error) {
    return [{ file, problem: describe(error) }];
  }
  // Some file systems accept the call and change nothing.
  return [isExposed(file) ? { file, problem: "its file system does not keep access rights" } : { file }];
}

function isExposed(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && (found.mode & OTHERS) !== 0;
}
