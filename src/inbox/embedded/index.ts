import { join, resolve as toAbsolute } from "node:path";
import { checkOptions, optionNames } from "../../core/contract/check-options";
import { InboxError } from "../../core/contract/errors";
import type { Inbox } from "../../core/contract/inbox";
import { type Logger, silentLogger } from "../../core/contract/logger";
import { sleep } from "../../core/util/sleep";
import { createInbox } from "./inbox";
import type { RescuedCopy } from "./open-files";
import type { ExposedFile } from "./private-file";
import { openStoreClient, type StoreClient, type StoreFile } from "./store-client";
import { type Tuning, withDefaults } from "./tuning";

export { type EmbeddedAdminOptions, openEmbeddedAdmin } from "./admin";

export type EmbeddedOptions = (
  | {
      /** Folder of the file `inbox.db`. Created if it is missing. */
      readonly dataDir: string;
    }
  | {
      /** Path of the file. Its folder is created if it is missing. */
      readonly file: string;
    }
) & {
  readonly log?: Logger | undefined;
  /** Time for which a settled event is stored to detect duplicates, in milliseconds. @default 604_800_000, a week */
  readonly rememberMs?: number | undefined;
  /** Largest number of settled events that are stored to detect duplicates. @default 1_000_000 */
  readonly rememberCount?: number | undefined;
  /** Longest wait for another process to release the file, in milliseconds. @default 0 */
  readonly lockWaitMs?: number | undefined;
  /** Clock, in milliseconds since 1970. It may jump. @default Date.now */
  readonly now?: (() => number) | undefined;
};

const OPTIONS = optionNames<EmbeddedOptions>({
  dataDir: true,
  log: true,
  rememberMs: true,
  rememberCount: true,
  lockWaitMs: true,
  now: true,
  file: true,
});

/**
 * Opens the embedded inbox: a SQLite file on this machine, used by one process at a time. It needs no server.
 *
 * SQLite keeps the files `-wal` and `-shm` beside it. A third file, `.lock`, is locked until this process ends.
 *
 * @param tuning for tests
 * @throws InboxError if another process holds the lock, or if the file is damaged, cannot be written or has a newer
 * format. The file is never deleted or overwritten
 */
export async function openEmbedded(options: EmbeddedOptions, tuning: Partial<Tuning> = {}): Promise<Inbox> {
  checkOptions("openEmbedded", options, OPTIONS);
  const file = toAbsolute("file" in options ? options.file : join(options.dataDir, "inbox.db"));
  const log = options.log ?? silentLogger;
  const settings = withDefaults(tuning);
  const { lockWaitMs = 0 } = options;
  const thread = await openWhenFree({ file, maxPages: settings.maxPages }, lockWaitMs, log);
  log.info("inbox opened", { file, waiting: thread.opened.waiting });
  reportWideFiles(thread.opened.exposedFiles, log);
  reportRescued(thread.opened.rescued, file, log);
  return createInbox({
    file,
    thread,
    log,
    clock: wholeClock(options.now ?? Date.now),
    rememberMs: options.rememberMs ?? WEEK_MS,
    rememberCount: options.rememberCount ?? 1_000_000,
    tuning: settings,
  });
}

function reportRescued(rescued: RescuedCopy, file: string, log: Logger): void {
  if (rescued === "used")
    log.warn(
      "the inbox file was deleted or replaced while the program ran. The copy that the program saved is used now",
      { file },
    );
  if (rescued === "left")
    log.warn(
      "the inbox file was replaced while the program ran, so it saved a copy. The copy may contain unhandled events. To use it, stop the program and replace the file with the copy. Otherwise delete the copy",
      { file, copy: `${file}.rescued` },
    );
}

function reportWideFiles(files: readonly ExposedFile[], log: Logger): void {
  for (const { file, problem } of files) {
    if (problem === undefined)
      log.info(
        "other users of this computer could read a file of the inbox. Its permissions are restricted to the owner now",
        {
          file,
        },
      );
    else
      log.warn(
        "other users of this computer can read a file of the inbox. Make the program's user its owner, or set DATA_DIR to a file system that supports permissions",
        { file, problem },
      );
  }
}

/** Time between two attempts to lock the file, in milliseconds. */
const LOCK_PAUSE_MS = 100;

async function openWhenFree(data: StoreFile, waitMs: number, log: Logger): Promise<StoreClient> {
  const until = performance.now() + waitMs;
  for (let tries = 1; ; tries++) {
    try {
      return await openStoreClient(data);
    } catch (error) {
      const isLocked = error instanceof InboxError && error.code === "inbox-locked";
      if (!isLocked || performance.now() >= until) throw error;
      if (tries === 1)
        log.info("another process uses the inbox. Waiting until it stops", {
          file: data.file,
          forMs: waitMs,
        });
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** Rounds down, because the tables store whole numbers only. */
function wholeClock(now: () => number): () => number {
  return () => Math.floor(now());
}
