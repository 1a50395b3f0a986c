import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describe } from "../../core/errors";
import { createPrivateFile } from "./private-file";
import type { Database } from "./sqlite";

/** The inbox's file, or one that belongs to it, is not the one that this process has open. */
export class FilesChangedError extends Error {
  override readonly name = "FilesChangedError";
}

/** Looks whether the files that are open are still the ones under their names. */
export interface OpenFiles {
  /**
   * Called before each write: what is written to a file that was deleted is gone when the process ends. Costs one `stat`
   * of the folder, whose time of change tells whether a name in it may lead elsewhere now.
   * @param isThorough looks at each file, whatever the folder says: behind a link, it says nothing
   * @throws FilesChangedError that says which file, and where the accepted events are now
   */
  verify(isThorough: boolean): void;
}

/** Beside the file itself: without the log, or with another lock, it is not safe either. */
const ENDINGS = ["", "-wal", "-shm", ".lock"] as const;

/** The copy that is made when the file was deleted or replaced. */
const rescuedOf = (file: string): string => `${file}.rescued`;

/** Remembers the files as they are. @param db open on them, outside of a transaction */
export function trackOpenFiles(file: string, db: Database): OpenFiles {
  const identities = new Map(ENDINGS.map((ending) => [ending, identityOf(file + ending)]));
  const folder = dirname(file);
  /** The folder when all files were in their places. */
  let calm: string | undefined;
  let rescued: { readonly sentence: string; readonly isCopy: boolean } | undefined;

  function findChanged(): { readonly ending: string; readonly isGone: boolean } | undefined {
    for (const [ending, before] of identities) {
      const now = identityOf(file + ending);
      if (now !== before) return { ending, isGone: now === undefined };
    }
    return undefined;
  }

  /** Puts what is in the open files where the next start finds it. Once: nothing is written after it. */
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
        sentence: `The accepted events could not be copied (${describe(error)}): put the file and its folder back before the program ends`,
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
        // It was moved away, and is back.
        if (rescued?.isCopy === true) rmSync(rescuedOf(file), { force: true });
        rescued = undefined;
        return;
      }
      calm = undefined;
      rescued ??= rescue(changed);
      const what = changed.isGone ? "was deleted or moved away" : "was replaced by another file";
      throw new FilesChangedError(
        `"${file}${changed.ending}" ${what} while the program runs. ${rescued?.sentence}. Start the program again; deliveries are answered 503 until then`,
      );
    },
  };
}

/** What the copy of an earlier process came to. `left`: there is a file as well, and the copy is not used. */
export type RescuedCopy = "none" | "used" | "left";

/** Uses the copy of an earlier process if the file is missing. Called by the owner of the lock. */
export function restoreRescuedCopy(file: string): RescuedCopy {
  const copy = rescuedOf(file);
  if (!existsSync(copy)) return "none";
  if (existsSync(file)) return "left";
  // Those of the file that was deleted: applied to the copy, they would damage it.
  for (const ending of ["-wal", "-shm", "-journal"]) rmSync(file + ending, { force: true });
  renameSync(copy, file);
  return "used";
}

/** A change this short ago, in milliseconds, may be followed by another one that has the same time. */
const RECENT_MS = 100;

/** Changes with each name that is added or removed. `undefined`: look at the files. */
function folderState(folder: string): string | undefined {
  const found = statSync(folder, { bigint: true, throwIfNoEntry: false });
  if (found === undefined || Date.now() - Number(found.mtimeMs) < RECENT_MS) return undefined;
  return `${found.dev}:${found.ino}:${found.mtimeNs}`;
}

/** Device and inode; `undefined` for a file that is not there. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
