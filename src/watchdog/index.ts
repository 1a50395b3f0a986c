/**
 * The watchdog: a thread that ends the process when its event loop is blocked, and records which event blocks it.
 *
 *     index.ts         main thread: says that the event loop turns, some times within the limit
 *     thread.ts        counts the time in which it does not; then
 *       stack.ts         asks V8 what the main thread runs
 *       blame.ts         which event that belongs to, if that is certain
 *       report.ts        log, record, end
 */
import { url as debuggerUrl } from "node:inspector";
import { Worker } from "node:worker_threads";
import { checkOptions, optionNames } from "../core/contract/check-options";
import { ArgumentError, describeError } from "../core/contract/errors";
import type { BlockRecorder } from "../core/contract/inbox";
import type { Logger } from "../core/contract/logger";
import type { Activity, NumberedHandler } from "../core/handle/activity";
import { compiledFile } from "../core/util/compiled-file";
import type { ThreadData, WatchdogLog } from "./thread-data";

export type { WatchdogLog } from "./thread-data";

export interface WatchdogParts {
  readonly activity: Activity;
  readonly handlers: readonly NumberedHandler[];
  readonly recorder: BlockRecorder | undefined;
  readonly log: Logger;
}

export interface WatchdogOptions {
  /** How long the event loop may be blocked before the process is ended, in milliseconds; 0: as long as it is. */
  readonly blockedMs: number;
  /** How the watchdog writes its own lines, because the program's logger cannot be used from its thread. @default lines of JSON */
  readonly log?: WatchdogLog | undefined;
}

const OPTIONS = optionNames<WatchdogOptions>({ blockedMs: true, log: true });

/** @throws ArgumentError for an unknown option, or a limit that is not a number of milliseconds */
export function checkWatchdogOptions(where: string, options: WatchdogOptions): void {
  checkOptions(where, options, OPTIONS);
  const { blockedMs } = options;
  if (typeof blockedMs !== "number" || !(blockedMs >= 0) || blockedMs === Number.POSITIVE_INFINITY)
    throw new ArgumentError(`${where}: blockedMs is not a number of milliseconds, 0 or more`);
}

/** A watchdog at work. */
export interface Watchdog {
  stop(): Promise<void>;
}

/** Beats within the limit. All of them have to be missed. */
const BEATS = 20;
const LONGEST_PAUSE_MS = 500;

/** Starts the thread. Neither it nor the timer keeps the process alive. */
export function startWatchdog(parts: WatchdogParts, options: WatchdogOptions): Watchdog {
  const { activity, handlers, recorder, log } = parts;
  const { blockedMs } = options;
  const everyMs = Math.min(LONGEST_PAUSE_MS, Math.max(1, Math.floor(blockedMs / BEATS)));
  const data: ThreadData = {
    buffer: activity.buffer,
    ...{ blockedMs, everyMs, handlers, recorder },
    log: options.log ?? { level: "info", format: "json" },
  };
  const beat = (): void => activity.beat(debuggerUrl() !== undefined);
  beat();
  const timer = setInterval(beat, everyMs).unref();
  // Loaders and inspectors that the program was started with are not for this thread.
  const thread = new Worker(compiledFile(__dirname, "thread.js"), {
    workerData: data,
    execArgv: [],
    name: "watchdog",
  });
  thread.unref();
  thread.on("error", (error) => {
    clearInterval(timer);
    log.error("the watchdog ended; a blocked event loop is not noticed any more", {
      error: describeError(error),
    });
  });
  return {
    async stop() {
      clearInterval(timer);
      await thread.terminate();
    },
  };
}
