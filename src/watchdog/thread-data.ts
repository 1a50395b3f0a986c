import type { BlockRecorder } from "../core/contract/inbox";
import type { NumberedHandler } from "../core/handle/activity";

/** How the watchdog's thread writes its log lines, on standard output. */
export interface WatchdogLog {
  /** `silent` writes nothing. */
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  readonly format: "json" | "pretty";
}

/** What the thread is started with. */
export interface ThreadData {
  /** Of the activity. */
  readonly buffer: SharedArrayBuffer;
  readonly blockedMs: number;
  /** Between two looks at the event loop, in milliseconds. */
  readonly everyMs: number;
  /** By number, the first one has 1. */
  readonly handlers: readonly NumberedHandler[];
  readonly recorder: BlockRecorder | undefined;
  readonly log: WatchdogLog;
}
