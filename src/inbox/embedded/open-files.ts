import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describeError } from "../../core/contract/errors";
import { createPrivateFile } from "./private-file";
import type { Database } from "./sqlite";

/** Thrown if the inbox file, or a file that belongs to it, was deleted or replaced. */
export class FilesChangedError extends Error {
  override readonly name = "FilesChangedError";
}

/** Detects that an open file was deleted or replaced. */
export interface OpenFiles {
  /**
   * Checks the files. Call it before each write, because writes to a deleted file are lost when the process ends. Costs one
   * `stat` of the folder: if its modification time is the same, no name in it has changed.
   * @param isThorough checks each file, because the time of the folder says nothing about the target of a link
   * @throws FilesChangedError with the file and the place of the accepted events
   */
  verify(isThorough: boolean): void;
}

/** The file and those that belong to it. A missing log or another lock is not safe either. */
const ENDINGS = ["", "-wal", "-shm", ".lock"] as const;

/** Path of the copy that is made when the file was deleted or replaced. */
const rescuedOf = (file: string): string => `${file}.rescued`;

/** Records the identity of the open files. @param db open on them, outside of a transaction */
export function trackOpenFiles(file: string, db: Database): OpenFiles {
  const identities = new Map(ENDINGS.map((ending) => [ending, identityOf(file + ending)]));
  const folder = dirname(file);
  /** State of the folder when all files were in their places. */
  let calm: string | undefined;
  let rescued: { readonly sentence: string; readonly isCopy: boolean } | undefined;

  function findChanged(): { readonly ending: string; readonly isGone: boolean } | undefined {
    for (const [ending, before] of identities) {
      const now = identityOf(file + ending);
      if (now !== before) return { ending, isGone: now === undefined };
    }
    return undefined;
  }

  /** Saves the content of the open files for the next start. Called once, because no write follows. */
  function rescue({ ending, isGone }: { ending: string; isGone: boolean }): typeof rescued {
    try {
      if (ending === ".lock") return { sentence: "Nothing is lost", isCopy: false };
      if (ending !== "" && isGone) {
        db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        return { sentence: "All accepted events are in the file", isCopy: false };
      }
      const copy = rescuedOf(file);
      createPrivateFile(copy);
      db.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
      // SQLite would apply the log of the old file to the one that has its name now.
      if (ending === "") db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return {
        sentence: `All accepted events are in "${copy}", which the next start uses if "${file}" is missing`,
        isCopy: true,
      };
    } catch (error) {
      return {
        sentence: `The accepted events could not be copied (${describeError(error)}): put the file and its folder back before the program ends`,
        isCopy: false,
      };
    }
  }

  return {
    verify(isThorough) {
      const now = folderState(folder);
      if (!isThorough && now !== undefined && now === calm) return;
      const changed = findChanged();
      if (changed === undefined) {
        calm = now;
        // The file was moved away and back.
        if (rescued?.isCopy === true) rmSync(rescuedOf(file), { force: true });
        rescued = undefined;
        return;
      }
      calm = undefined;
      rescued ??= rescue(changed);
      const what = changed.isGone ? "was deleted or moved away" : "was replaced by another file";
      throw new FilesChangedError(
        `"${file}${changed.ending}" ${what} while the program runs. ${rescued?.sentence}. Restart the program. Until then it answers deliveries with 503`,
      );
    },
  };
}

/** Use of the copy of an earlier process. `left`: not used, because the file exists. */
export type RescuedCopy = "none" | "used" | "left";

/** Restores the copy of an earlier process if the file is missing. Call it with the lock held. */
export function restoreRescuedCopy(file: string): RescuedCopy {
  const copy = rescuedOf(file);
  if (!existsSync(copy)) return "none";
  if (existsSync(file)) return "left";
  // They belong to the deleted file and would damage the copy.
  for (const ending of ["-wal", "-shm", "-journal"]) rmSync(file + ending, { force: true });
  renameSync(copy, file);
  return "used";
}

/** Age in milliseconds up to which a modification time may still stand for two changes. */
const RECENT_MS = 100;

/** @returns a text that changes with each added or removed name; `undefined` if each file must be checked */
function folderState(folder: string): string | undefined {
  const found = statSync(folder, { bigint: true, throwIfNoEntry: false });
  if (found === undefined || Date.now() - Number(found.mtimeMs) < RECENT_MS) return undefined;
  return `${found.dev}:${found.ino}:${found.mtimeNs}`;
}

/** @returns device and inode; `undefined` if the file is missing */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
