import { type Activity, type ActivityRow, createActivity } from "./activity";
import type { AttemptProgress } from "./attempt-progress";
import { AttemptRecords } from "./attempt-records";
import { type RetryRules, settlementFor } from "./backoff";
import { optionNames } from "./definition-checks";
import type { Attempt, Dispatch } from "./dispatch";
import {
  describe,
  HandlerBlocksError,
  HandlerTimeoutError,
  InterruptedError,
  LeaseLostError,
  RecordConflictError,
} from "./errors";
import type { Apologize } from "./failures/apology";
import { type ErrorDetail, failureFields } from "./failures/failure-text";
import { decisionOf } from "./failures/retry-policy";
import { reached } from "./fault-points";
import type { Failure, Inbox, Lease, Settlement } from "./inbox";
import { Journal, type ReplyGuarantee } from "./journal";
import type { Logger } from "./logger";
import type { EventOutcome, Metrics } from "./metrics";
import type { Observer } from "./observer";
import { pause } from "./pause";
import type { TraceStep } from "./trace";

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

export interface WorkerParts {
  readonly inbox: Inbox;
  readonly dispatch: Dispatch;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly observer?: Pick<Observer, "began" | "settled"> | undefined;
  /** Where it is written down which events are at work. @default memory that nothing else reads */
  readonly activity?: Activity | undefined;
  /** Sends a person one message about their failed event. Absent: no message is sent. */
  readonly apologize?: Apologize | undefined;
  /** How much log lines say of an error. @default "brief" */
  readonly detail?: ErrorDetail | undefined;
}

/** Takes events from the inbox and sees each through to its settlement. */
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

/** The process may die this often while it handles an event; then that is taken for the reason, and given up. */
const MOST_INTERRUPTIONS = 12;
/** An event that has blocked the process this often is not handled again. */
const MOST_BLOCKS = 2;

/** How long an attempt may overrun its time, to settle, before the worker counts as stuck, in milliseconds. */
const OVERRUN_MS = 60_000;
/** How long the inbox may give nothing out before the worker counts as stuck, in milliseconds. */
const UNREADABLE_MS = 5_000;

/** How long to wait when the inbox cannot be read, in milliseconds. */
const INBOX_PAUSE_MS = 1_000;

/** Makes a worker; it does nothing before `start()`. */
export function createWorker(parts: WorkerParts, options: WorkerOptions = {}): Worker {
  const { inbox, dispatch, log, metrics, observer, detail = "brief", activity = createActivity() } = parts;
  const concurrency = options.concurrency ?? 64;
  const rules: RetryRules = { maxAttempts: options.maxAttempts ?? 8 };
  const handlerTimeoutMs = options.handlerTimeoutMs ?? 120_000;
  const random = options.random ?? Math.random;
  const guarantee = options.replies ?? "at-least-once";
  const holds = options.afterDeadLetter === "wait";
  const holdMs = holds ? Number.POSITIVE_INFINITY : (options.holdMs ?? 30_000);

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
        const reason = describe(error);
        if (unreadable?.reason !== reason)
          log.error("the inbox gives nothing out; trying again", { error: reason, inMs: INBOX_PAUSE_MS });
        unreadable = { since: unreadable?.since ?? performance.now(), reason };
        await pause(INBOX_PAUSE_MS, taking.signal);
      }
    }
  }

  function begin(lease: Lease): void {
    const run: Run = {
      startedAt: performance.now(),
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
    reached("worker.leased");
    const startedAt = performance.now();
    const { attempt: tries, interruptions, notice } = lease;
    const trace: TraceStep[] = [{ at: Date.now(), step: "leased", attempt: tries, interruptions }];
    observer?.began?.({ notice, attempt: tries });
    // A search for a lost message leaves the handler most of its time.
    const journal = new Journal(lease, guarantee, {
      lookForMs: handlerTimeoutMs / 4,
      signal: run.controller.signal,
    });
    const changes = new AttemptRecords();
    const progress: AttemptProgress = {};
    let settlement = await attempt(lease, run, journal, trace, changes, progress);
    journal.end();
    const ms = Math.round(performance.now() - startedAt);
    reached("worker.settling");
    try {
      settlement = await settle({ lease, progress, trace, changes, ms }, settlement);
    } catch (error) {
      if (error instanceof LeaseLostError) {
        log.warn("the event is left to the process that holds it now", { key: notice.key, code: error.code });
        return;
      }
      log.error("the inbox could not note how an event's handling ended; it will be handled again", {
        key: notice.key,
        ended: settlement.kind,
        error: describe(error),
      });
      return;
    }
    reached("worker.settled");
    observer?.settled?.({ notice, attempt: tries }, settlement, trace);
    report(lease, settlement, ms);
  }

  /** @returns how it was settled: what depended on a record that another event changed meanwhile is tried again */
  async function settle(tried: Tried, as: Settlement): Promise<Settlement> {
    const { lease, trace, changes } = tried;
    const settleAs = async (given: Settlement): Promise<Settlement> => {
      const settlement = await failed(tried, given);
      trace.push({ at: Date.now(), step: "settled", as: settlement.kind, reason: reasonOf(settlement) });
      await lease.settle(settlement, { trace, records: changes.for(settlement) });
      return settlement;
    };
    try {
      return await settleAs(as);
    } catch (error) {
      if (!(error instanceof RecordConflictError)) throw error;
      // What was not kept is no part of the path.
      trace.pop();
      return settleAs(withHold(settlementFor(error, lease.attempt, rules, random())));
    }
  }

  /** Sets an event aside that would hold its conversation for too long, and tells the person of an event that failed. */
  async function failed(tried: Tried, settlement: Settlement): Promise<Settlement> {
    if (settlement.kind !== "retry" && settlement.kind !== "dead") return settlement;
    const { lease, progress, trace, changes, ms } = tried;
    const heldMs = lease.failingForMs === undefined ? 0 : lease.failingForMs + ms;
    const isAside =
      settlement.kind === "retry" && heldMs + longestWait(settlement, handlerTimeoutMs) > holdMs;
    if (settlement.kind === "retry" && !isAside) return settlement;
    if (isAside && lease.isAside !== true) trace.push({ at: Date.now(), step: "aside", heldMs });
    const isFinal = settlement.kind === "dead";
    await parts.apologize?.({ lease, failure: settlement.error, isFinal, progress, trace, changes });
    return isFinal ? settlement : { ...settlement, aside: true };
  }

  async function attempt(
    lease: Lease,
    run: Run,
    journal: Journal,
    trace: TraceStep[],
    changes: AttemptRecords,
    progress: AttemptProgress,
  ): Promise<Settlement> {
    const endsProcess = errorOfProcessEnds(lease);
    if (endsProcess !== undefined) return withHold(settlementFor(endsProcess, lease.attempt, rules, 0));
    const isLast = lease.attempt >= rules.maxAttempts;
    try {
      const verdict = await withinTime(run, {
        lease,
        isLast,
        journal,
        trace,
        changes,
        progress,
        signal: run.controller.signal,
        row: activity.begin(lease.id),
        isOpen: () => run.open,
      });
      if (verdict.kind === "dropped") return verdict;
      log.debug("event answered", { key: lease.notice.key, by: verdict.by });
      return { kind: "handled" };
    } catch (error) {
      if (run.abandoned) return { kind: "released" };
      const decision = decisionOf(progress.bot, error, lease.attempt, log);
      return withHold(settlementFor(error, lease.attempt, rules, random(), decision));
    } finally {
      run.open = false;
    }
  }

  function withHold(settlement: Settlement): Settlement {
    return holds && settlement.kind === "dead" ? { ...settlement, holds } : settlement;
  }

  /** Rejects when the time is up, or when the run is abandoned, whatever the handler does. */
  function withinTime(run: Run, tried: TrackedAttempt): ReturnType<Dispatch> {
    const { row } = tried;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => run.abort(new HandlerTimeoutError(handlerTimeoutMs)), handlerTimeoutMs);
      // Called by us alone, so nobody has to listen to the signal: a listener costs more than the rest of the attempt.
      run.abort = (reason) => {
        clearTimeout(timer); // a handler that hangs for ever must not keep the process from ending
        run.open = false;
        reject(reason);
        run.controller.abort(reason);
      };
      row
        .run(0, dispatch, tried, undefined)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          // Only now: a handler whose time was up may have gone on.
          activity.end(row);
        });
    });
  }

  function report(lease: Lease, settlement: Settlement, ms: number): void {
    const { id, notice, attempt: tries, receivedAt } = lease;
    if (settlement.kind !== "released")
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
        // The stack once for each event: the attempts that follow fail in the same way.
        log[tries === 1 ? "error" : "warn"]("event failed; it will be tried again", {
          ...fields,
          id,
          inMs: settlement.afterMs,
          ...(settlement.aside === true && { aside: true }),
          ...failureFields(settlement.error, detail, tries === 1),
        });
        break;
      case "dead":
        log.error("event given up; it is kept as a dead letter", {
          ...fields,
          id,
          ...failureFields(settlement.error, detail, tries === 1),
        });
        break;
      case "released":
        log.info("event left in the inbox, because the process stops", fields);
        break;
      default:
        settlement satisfies never;
    }
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

type TrackedAttempt = Attempt & { readonly row: ActivityRow };

interface Run {
  readonly startedAt: number;
  readonly controller: AbortController;
  /** Ends the attempt, whatever its handler does. */
  abort: (reason: Error) => void;
  ended: Promise<void>;
  open: boolean;
  abandoned: boolean;
}

/** Why an event is not handled again that may have ended the process. */
function errorOfProcessEnds({ interruptions, blocked }: Lease): Error | undefined {
  if (blocked !== undefined && blocked.times >= MOST_BLOCKS)
    return new HandlerBlocksError(blocked.times, blocked.where);
  return interruptions >= MOST_INTERRUPTIONS ? new InterruptedError(interruptions) : undefined;
}

/** An attempt that has ended. */
interface Tried {
  readonly lease: Lease;
  readonly progress: AttemptProgress;
  readonly trace: TraceStep[];
  readonly changes: AttemptRecords;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** How long the conversation would wait on for the next attempt; one that may hang again takes its time, too. */
function longestWait(
  { afterMs, error }: { afterMs: number; error: Failure },
  handlerTimeoutMs: number,
): number {
  return error.code === "handler-timeout" ? afterMs + handlerTimeoutMs : afterMs;
}

function reasonOf(settlement: Settlement): string | undefined {
  if (settlement.kind === "dropped") return settlement.reason;
  return "error" in settlement ? settlement.error.code : undefined;
}

const OUTCOMES: Readonly<Record<Exclude<Settlement["kind"], "released">, EventOutcome>> = {
  handled: "handled",
  dropped: "dropped",
  retry: "retried",
  dead: "dead",
};
