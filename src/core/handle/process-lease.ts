import {
  describeError,
  HandlerBlocksError,
  HandlerTimeoutError,
  InterruptedError,
  LeaseLostError,
  RecordConflictError,
} from "../contract/errors";
import type { AttemptFailure, Lease, Settlement } from "../contract/inbox";
import type { Logger } from "../contract/logger";
import type { Metrics } from "../contract/metrics";
import type { Observer } from "../contract/observer";
import type { TraceStep } from "../contract/trace";
import { Journal, type ReplyGuarantee } from "../reply/journal";
import { PendingWrites } from "../state/pending-writes";
import { failpoint } from "../util/failpoints";
import type { Activity, ActivityRow } from "./activity";
import type { AttemptProgress } from "./attempt-progress";
import type { Attempt, Dispatch } from "./dispatch";
import type { Apologize } from "./failures/apology";
import type { ErrorDetail } from "./failures/failure-text";
import { decisionOf } from "./failures/retry-policy";
import { reportSettlement } from "./report-settlement";
import { type RetryOptions, settlementForError } from "./settlement";

export interface ProcessorParts {
  readonly dispatch: Dispatch;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly observer?: Pick<Observer, "began" | "settled"> | undefined;
  /** Where it is written down which events are at work. */
  readonly activity: Activity;
  /** Sends a person one message about their failed event. Absent: no message is sent. */
  readonly apologize?: Apologize | undefined;
  /** How much log lines say of an error. */
  readonly detail: ErrorDetail;
}

export interface ProcessorRules extends RetryOptions {
  /** How long one attempt may take, in milliseconds. */
  readonly handlerTimeoutMs: number;
  readonly guarantee: ReplyGuarantee;
  /** Whether a dead letter holds its conversation. */
  readonly holds: boolean;
  /** How long a failing event holds its conversation, in milliseconds. */
  readonly holdMs: number;
  /** 0 to 1. */
  readonly random: () => number;
}

/** The processing of one lease. */
export interface Run {
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** Resolves when the event is settled, or left in the inbox. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends the attempt and leaves the event in the inbox, because the process stops. */
  abandon(): void;
}

/** The process may die this often while it handles an event; then that is taken for the reason, and given up. */
const MOST_INTERRUPTIONS = 12;
/** An event that has blocked the process this often is not handled again. */
const MOST_BLOCKS = 2;

/** @returns a function that processes one lease: it runs the handlers, then settles the event */
export function createProcessor(parts: ProcessorParts, rules: ProcessorRules): (lease: Lease) => Run {
  const { dispatch, log, observer, activity } = parts;
  const { handlerTimeoutMs, guarantee, holds, holdMs, random } = rules;

  /** Tries to handle the event, then settles it. Never rejects. */
  async function process(lease: Lease, run: OpenRun): Promise<void> {
    failpoint("worker.leased");
    const startedAt = performance.now();
    const { attempt: tries, crashCount, notice } = lease;
    const trace: TraceStep[] = [{ at: Date.now(), step: "leased", attempt: tries, crashCount }];
    observer?.began?.({ notice, attempt: tries });
    // A search for a lost message leaves the handler most of its time.
    const journal = new Journal(lease, guarantee, {
      lookForMs: handlerTimeoutMs / 4,
      signal: run.controller.signal,
    });
    const changes = new PendingWrites();
    const progress: AttemptProgress = {};
    let settlement = await attempt(lease, run, journal, trace, changes, progress);
    journal.end();
    const ms = Math.round(performance.now() - startedAt);
    failpoint("worker.settling");
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
        error: describeError(error),
      });
      return;
    }
    failpoint("worker.settled");
    observer?.settled?.({ notice, attempt: tries }, settlement, trace);
    reportSettlement(lease, settlement, ms, parts);
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
      // A write that failed is not part of the path.
      trace.pop();
      return settleAs(withHold(settlementForError(error, lease.attempt, rules, random())));
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
    run: OpenRun,
    journal: Journal,
    trace: TraceStep[],
    changes: PendingWrites,
    progress: AttemptProgress,
  ): Promise<Settlement> {
    const endsProcess = errorOfProcessEnds(lease);
    if (endsProcess !== undefined) return withHold(settlementForError(endsProcess, lease.attempt, rules, 0));
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
      return withHold(settlementForError(error, lease.attempt, rules, random(), decision));
    } finally {
      run.open = false;
    }
  }

  function withHold(settlement: Settlement): Settlement {
    return holds && settlement.kind === "dead" ? { ...settlement, holds } : settlement;
  }

  /** Rejects when the time is up, or when the run is abandoned, whatever the handler does. */
  function withinTime(run: OpenRun, tried: TrackedAttempt): ReturnType<Dispatch> {
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

  return (lease) => {
    const run: OpenRun = {
      startedAt: performance.now(),
      controller: new AbortController(),
      abort: () => {},
      ended: Promise.resolve(),
      open: true,
      abandoned: false,
      abandon() {
        run.abandoned = true;
        run.abort(new Error("the process stops"));
      },
    };
    run.ended = process(lease, run);
    return run;
  };
}

type TrackedAttempt = Attempt & { readonly row: ActivityRow };

interface OpenRun extends Run {
  readonly controller: AbortController;
  /** Ends the attempt, whatever its handler does. */
  abort: (reason: Error) => void;
  ended: Promise<void>;
  open: boolean;
  abandoned: boolean;
}

/** Why an event is not handled again that may have ended the process. */
function errorOfProcessEnds({ crashCount, blocked }: Lease): Error | undefined {
  if (blocked !== undefined && blocked.times >= MOST_BLOCKS)
    return new HandlerBlocksError(blocked.times, blocked.where);
  return crashCount >= MOST_INTERRUPTIONS ? new InterruptedError(crashCount) : undefined;
}

/** An attempt that has ended. */
interface Tried {
  readonly lease: Lease;
  readonly progress: AttemptProgress;
  readonly trace: TraceStep[];
  readonly changes: PendingWrites;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** How long the conversation would wait on for the next attempt; one that may hang again takes its time, too. */
function longestWait(
  { afterMs, error }: { afterMs: number; error: AttemptFailure },
  handlerTimeoutMs: number,
): number {
  return error.code === "handler-timeout" ? afterMs + handlerTimeoutMs : afterMs;
}

function reasonOf(settlement: Settlement): string | undefined {
  if (settlement.kind === "dropped") return settlement.reason;
  return "error" in settlement ? settlement.error.code : undefined;
}
