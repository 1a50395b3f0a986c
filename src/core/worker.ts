import { type RetryRules, settlementFor } from "./backoff";
import type { Attempt, Dispatch } from "./dispatch";
import { describe, HandlerTimeoutError } from "./errors";
import type { Inbox, Lease, Settlement } from "./inbox";
import type { Logger } from "./logger";
import type { EventOutcome, Metrics } from "./metrics";
import { pause } from "./pause";

export interface WorkerOptions {
  /** Events handled side by side, each of another conversation. @default 64 */
  readonly concurrency?: number | undefined;
  /** Attempts before an event is dead and kept for a person to look at. @default 8 */
  readonly maxAttempts?: number | undefined;
  /** How long one attempt may take, with all its calls, in milliseconds. What overruns is tried again. @default 120_000 */
  readonly handlerTimeoutMs?: number | undefined;
  /** 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

export interface WorkerParts {
  readonly inbox: Inbox;
  readonly dispatch: Dispatch;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Takes events from the inbox and sees each through to its settlement. */
export interface Worker {
  start(): void;
  /**
   * Takes nothing new and waits for what runs; what is not finished after `graceMs` is aborted and left in the
   * inbox, to be handled after the next start.
   * @param graceMs in milliseconds
   */
  stop(graceMs: number): Promise<void>;
}

/** How long to wait when the inbox cannot be read, in milliseconds. */
const INBOX_PAUSE_MS = 1_000;

/** Makes a worker; it does nothing before `start()`. */
export function createWorker(parts: WorkerParts, options: WorkerOptions = {}): Worker {
  const { inbox, dispatch, log, metrics } = parts;
  const concurrency = options.concurrency ?? 64;
  const rules: RetryRules = { maxAttempts: options.maxAttempts ?? 8 };
  const handlerTimeoutMs = options.handlerTimeoutMs ?? 120_000;
  const random = options.random ?? Math.random;

  const taking = new AbortController();
  const running = new Set<Run>();
  let slotFree: (() => void) | undefined;
  let loop: Promise<void> | undefined;

  async function takeAndRun(): Promise<void> {
    while (!taking.signal.aborted) {
      if (running.size >= concurrency) {
        await new Promise<void>((resolve) => {
          slotFree = resolve;
        });
        continue;
      }
      try {
        for (const lease of await inbox.take(concurrency - running.size, taking.signal)) begin(lease);
      } catch (error) {
        if (taking.signal.aborted) return;
        log.error("the inbox gives nothing out; trying again", {
          error: describe(error),
          inMs: INBOX_PAUSE_MS,
        });
        await pause(INBOX_PAUSE_MS, taking.signal);
      }
    }
  }

  function begin(lease: Lease): void {
    const run: Run = {
      controller: new AbortController(),
      abort: () => {},
      ended: Promise.resolve(),
      open: true,
      abandoned: false,
    };
    running.add(run);
    run.ended = see(lease, run).finally(() => {
      running.delete(run);
      slotFree?.();
      slotFree = undefined;
    });
  }

  /** Sees one lease through: try, then settle. Never rejects. */
  async function see(lease: Lease, run: Run): Promise<void> {
    const startedAt = performance.now();
    const settlement = await attempt(lease, run);
    if (settlement === undefined) return; // abandoned: the inbox gives it out again
    const ms = Math.round(performance.now() - startedAt);
    try {
      await lease.settle(settlement);
    } catch (error) {
      log.error("event handled, but the inbox could not note it: it will be handled again", {
        key: lease.notice.key,
        error: describe(error),
      });
      return;
    }
    report(lease, settlement, ms);
  }

  async function attempt(lease: Lease, run: Run): Promise<Settlement | undefined> {
    const isLast = lease.attempt >= rules.maxAttempts;
    try {
      const verdict = await withinTime(run, {
        lease,
        isLast,
        signal: run.controller.signal,
        isOpen: () => run.open,
      });
      if (verdict.kind === "dropped") return verdict;
      log.debug("event answered", { key: lease.notice.key, by: verdict.by });
      return { kind: "handled" };
    } catch (error) {
      if (run.abandoned) return undefined;
      return settlementFor(error, lease.attempt, rules, random());
    } finally {
      run.open = false;
    }
  }

  /** Rejects when the time is up, or when the run is abandoned, whatever the handler does. */
  function withinTime(run: Run, tried: Attempt): ReturnType<Dispatch> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => run.abort(new HandlerTimeoutError(handlerTimeoutMs)), handlerTimeoutMs);
      // Called by us alone, so nobody has to listen to the signal: a listener costs more than the rest of the attempt.
      run.abort = (reason) => {
        clearTimeout(timer); // a handler that hangs for ever must not keep the process from ending
        run.open = false;
        reject(reason);
        run.controller.abort(reason);
      };
      dispatch(tried)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  function report({ notice, attempt: tries, receivedAt }: Lease, settlement: Settlement, ms: number): void {
    metrics.event(notice.platform, notice.name, OUTCOMES[settlement.kind], ms);
    const fields = { key: notice.key, event: notice.name, attempt: tries, ms };
    switch (settlement.kind) {
      case "handled":
        log.info("event handled", { ...fields, sinceReceivedMs: Date.now() - receivedAt });
        break;
      case "dropped":
        log.info("event dropped", { ...fields, reason: settlement.reason });
        break;
      case "retry":
        log.warn("event failed; it will be tried again", {
          ...fields,
          inMs: settlement.afterMs,
          ...settlement.error,
        });
        break;
      case "dead":
        log.error("event given up; it is kept as a dead letter", { ...fields, ...settlement.error });
        break;
      default:
        settlement satisfies never;
    }
  }

  return {
    start() {
      loop ??= takeAndRun();
    },
    async stop(graceMs) {
      taking.abort();
      slotFree?.();
      await loop; // it may just have been given more
      const grace = new AbortController();
      const ended = Promise.all([...running].map((run) => run.ended)).finally(() => grace.abort());
      await pause(graceMs, grace.signal);
      if (!grace.signal.aborted) {
        log.warn("handlers still run; they are aborted and their events left in the inbox", {
          running: running.size,
        });
        for (const run of running) {
          run.abandoned = true;
          run.abort(new Error("the process stops"));
        }
      }
      await ended;
    },
  };
}

interface Run {
  readonly controller: AbortController;
  /** Ends the attempt, whatever its handler does. */
  abort: (reason: Error) => void;
  ended: Promise<void>;
  open: boolean;
  abandoned: boolean;
}

const OUTCOMES: Readonly<Record<Settlement["kind"], EventOutcome>> = {
  handled: "handled",
  dropped: "dropped",
  retry: "retried",
  dead: "dead",
};
