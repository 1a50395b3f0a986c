import { join, resolve as toAbsolute } from "node:path";
import { checkOptions, optionNames } from "../../core/definition-checks";
import { InboxError } from "../../core/errors";
import type { Inbox } from "../../core/inbox";
import { type Logger, silentLogger } from "../../core/logger";
import { pause } from "../../core/pause";
import { createInbox } from "./inbox";
import type { RescuedCopy } from "./open-files";
import type { ExposedFile } from "./private-file";
import { openStoreClient, type StoreClient, type StoreFile } from "./store-client";
import { type Tuning, withDefaults } from "./tuning";

export { type EmbeddedAdminOptions, openEmbeddedAdmin } from "./admin";

export type EmbeddedOptions = (
  | {
      /** Folder of the file, which is then called `inbox.db`; made when there is none. */
      readonly dataDir: string;
    }
  | {
      /** The file; its folder is made when there is none. */
      readonly file: string;
    }
) & {
  readonly log?: Logger | undefined;
  /** How long a settled event is remembered, to recognise it when it is delivered again, in milliseconds. @default 604_800_000, a week */
  readonly rememberMs?: number | undefined;
  /** How many settled events are remembered at most, whatever their age. @default 1_000_000 */
  readonly rememberCount?: number | undefined;
  /** How long another process that has the file may take to let go of it, in milliseconds. @default 0 */
  readonly lockWaitMs?: number | undefined;
  /** Milliseconds since 1970; may jump. @default Date.now */
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
 * Opens the inbox that needs no server: a file of SQLite on this machine, used by one process at a time.
 *
 * Next to the file are SQLite's `-wal` and `-shm`, which belong to it, and `.lock`, which keeps other processes out
 * for as long as this one lives.
 *
 * @param tuning for tests; the defaults are measured
 * @throws InboxError when another process has the file, when it is damaged or of a newer version, or cannot be
 * written. Nothing is ever deleted or written over
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
    log.warn("the inbox was deleted or replaced while it was open; its copy is used", { file });
  if (rescued === "left")
    log.warn(
      "the inbox was deleted or replaced while it was open, and there is a file in its place. The copy has events that are not handled: stop the program, and move the copy into the file's place, or delete it",
      { file, copy: `${file}.rescued` },
    );
}

function reportWideFiles(files: readonly ExposedFile[], log: Logger): void {
  for (const { file, problem } of files) {
    if (problem === undefined)
      log.info("other users of this computer could read a file of the inbox; now only its owner can", {
        file,
      });
    else
      log.warn(
        "other users of this computer can read a file of the inbox. Make the program's user its owner, or set DATA_DIR to a folder of a file system with access rights",
        { file, problem },
      );
  }
}

/** How often is tried whether the file is free, in milliseconds. */
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
        log.info("another process has the inbox; waiting for it to stop", { file: data.file, forMs: waitMs });
      await pause(LOCK_PAUSE_MS);
    }
  }
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** The tables take whole numbers only. */
function wholeClock(now: () => number): () => number {
  return () => Math.floor(now());
}
