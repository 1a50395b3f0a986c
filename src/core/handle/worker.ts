import { optionNames } from "../contract/check-options";
import { describeError } from "../contract/errors";
import type { Inbox, Lease } from "../contract/inbox";
import type { ReplyGuarantee } from "../reply/journal";
import { sleep } from "../util/sleep";
import { type Activity, createActivity } from "./activity";
import type { ErrorDetail } from "./failures/failure-text";
import { createProcessor, type ProcessorParts, type Run } from "./process-lease";

export interface WorkerOptions {
  /** Events handled side by side, each of another conversation. @default 64 */
  readonly concurrency?: number | undefined;
  /** Attempts before an event is dead and kept for a person to look at. @default 8 */
  readonly maxAttempts?: number | undefined;
  /** How long one attempt may take, with all its calls, in milliseconds. What overruns is tried again. @default 120_000 */
  readonly handlerTimeoutMs?: number | undefined;
  /** How often a reply is sent of which nobody can tell whether it arrived. @default "at-least-once" */
  readonly replies?: ReplyGuarantee | undefined;
  /** What a dead letter's conversation does: goes on with its next event, or waits until that one is replayed or discarded. @default "go-on" */
  readonly afterDeadLetter?: "go-on" | "wait" | undefined;
  /**
   * How long a failing event holds its conversation, in milliseconds from its first failure. Then the conversation
   * continues, and that event alone loses its place. No effect with `afterDeadLetter: "wait"`. @default 30_000
   */
  readonly holdMs?: number | undefined;
  /** 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

export const WORKER_OPTIONS = optionNames<WorkerOptions>({
  concurrency: true,
  maxAttempts: true,
  handlerTimeoutMs: true,
  replies: true,
  afterDeadLetter: true,
  holdMs: true,
  random: true,
});

export interface WorkerParts extends Omit<ProcessorParts, "activity" | "detail"> {
  readonly inbox: Inbox;
  /** Where it is written down which events are at work. @default memory that nothing else reads */
  readonly activity?: Activity | undefined;
  /** How much log lines say of an error. @default "brief" */
  readonly detail?: ErrorDetail | undefined;
}

/** Takes events from the inbox and has each processed. */
export interface Worker {
  start(): void;
  /** Why events are not handled, in a sentence. `undefined`: they are. */
  problem(): string | undefined;
  /**
   * Takes nothing new and waits for what runs; what is not finished after `graceMs` is aborted and left in the
   * inbox, to be handled after the next start.
   * @param graceMs in milliseconds
   */
  stop(graceMs: number): Promise<void>;
}

/** How long an attempt may overrun its time, to settle, before the worker counts as stuck, in milliseconds. */
const OVERRUN_MS = 60_000;
/** How long the inbox may give nothing out before the worker counts as stuck, in milliseconds. */
const UNREADABLE_MS = 5_000;

/** How long to wait when the inbox cannot be read, in milliseconds. */
const INBOX_PAUSE_MS = 1_000;

/** Makes a worker; it does nothing before `start()`. */
export function createWorker(parts: WorkerParts, options: WorkerOptions = {}): Worker {
  const { inbox, log, detail = "brief", activity = createActivity() } = parts;
  const concurrency = options.concurrency ?? 64;
  const handlerTimeoutMs = options.handlerTimeoutMs ?? 120_000;
  const holds = options.afterDeadLetter === "wait";
  const process = createProcessor(
    { ...parts, activity, detail },
    {
      maxAttempts: options.maxAttempts ?? 8,
      handlerTimeoutMs,
      guarantee: options.replies ?? "at-least-once",
      holds,
      holdMs: holds ? Number.POSITIVE_INFINITY : (options.holdMs ?? 30_000),
      random: options.random ?? Math.random,
    },
  );

  const taking = new AbortController();
  const running = new Set<Run>();
  let slotFree: (() => void) | undefined;
  let loop: Promise<void> | undefined;
  /** Since when the inbox cannot be read, and why. */
  let unreadable: { readonly since: number; readonly reason: string } | undefined;

  async function takeAndRun(): Promise<void> {
    while (!taking.signal.aborted) {
      if (running.size >= concurrency) {
        await new Promise<void>((resolve) => {
          slotFree = resolve;
        });
        continue;
      }
      try {
        const leases = await inbox.take(concurrency - running.size, taking.signal);
        if (unreadable !== undefined) log.info("the inbox gives events out again");
        unreadable = undefined;
        for (const lease of leases) begin(lease);
      } catch (error) {
        if (taking.signal.aborted) return;
        const reason = describeError(error);
        if (unreadable?.reason !== reason)
          log.error("the inbox gives nothing out; trying again", { error: reason, inMs: INBOX_PAUSE_MS });
        unreadable = { since: unreadable?.since ?? performance.now(), reason };
        await sleep(INBOX_PAUSE_MS, taking.signal);
      }
    }
  }

  function begin(lease: Lease): void {
    const run = process(lease);
    running.add(run);
    void run.ended.finally(() => {
      running.delete(run);
      slotFree?.();
      slotFree = undefined;
    });
  }

  function problem(): string | undefined {
    const now = performance.now();
    if (unreadable !== undefined && now - unreadable.since > UNREADABLE_MS)
      return `The inbox has given nothing out for ${Math.round((now - unreadable.since) / 1_000)} s. The log says why.`;
    // In the order of their beginning.
    const [oldest] = running;
    const ms = oldest === undefined ? 0 : now - oldest.startedAt;
    if (ms > handlerTimeoutMs + OVERRUN_MS)
      return `An event has been handled for ${Math.round(ms / 1_000)} s, longer than HANDLER_TIMEOUT_MS allows.`;
    return undefined;
  }

  return {
    start() {
      loop ??= takeAndRun();
    },
    problem,
    async stop(graceMs) {
      taking.abort();
      slotFree?.();
      await loop; // it may just have been given more
      const grace = new AbortController();
      const ended = Promise.all([...running].map((run) => run.ended)).finally(() => grace.abort());
      await sleep(graceMs, grace.signal);
      if (!grace.signal.aborted) {
        log.warn("handlers still run; they are aborted and their events left in the inbox", {
          running: running.size,
        });
        for (const run of running) run.abandon();
      }
      await ended;
    },
  };
}
