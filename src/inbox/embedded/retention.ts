import { describeError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import { sleep } from "../../core/util/sleep";
import type { StoreClient } from "./store-client";
import type { PruneProgress } from "./thread-protocol";

export interface RetentionOptions {
  /** Time for which a settled event is stored to detect duplicates, in milliseconds. */
  readonly rememberMs: number;
  /** Largest number of settled events that are stored. The oldest are deleted first. */
  readonly rememberCount: number;
  /** Time for which the trace of a settled event is stored, in milliseconds. */
  readonly traceMs: number;
  /** Time for which sent messages are stored, in milliseconds. */
  readonly sentMs: number;
  /** Time between two runs, in milliseconds. */
  readonly everyMs: number;
  /** Rows that one step reads. A step delays the next group of writes. */
  readonly step: number;
  /** Time between two steps of a run, in milliseconds. */
  readonly pauseMs: number;
}

/** Deletes old events, traces, records and sent messages at intervals, in small steps. */
export function startRetention(
  thread: Pick<StoreClient, "call">,
  rules: RetentionOptions,
  clock: () => number,
  log: Logger,
): { stop(): void } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { everyMs, pauseMs, step: limit } = rules;

  async function pruneRepeatedly(): Promise<void> {
    for (;;) {
      await sleep(everyMs, signal);
      if (signal.aborted) return;
      try {
        await prune(clock());
      } catch (error) {
        if (signal.aborted) return;
        log.error("the inbox cannot delete old events. It tries again", { error: describeError(error) });
      }
    }
  }

  async function prune(now: number): Promise<void> {
    let pruned: number;
    do {
      pruned = await thread.call("pruneRecords", { now, limit });
      await sleep(pauseMs, signal);
    } while (pruned === limit && !signal.aborted);
    const sentBefore = now - rules.sentMs;
    do {
      pruned = await thread.call("pruneSent", { before: sentBefore, limit });
      await sleep(pauseMs, signal);
    } while (pruned === limit && !signal.aborted);
    const tracesBefore = now - rules.traceMs;
    await inSteps((after) => thread.call("pruneTraces", { after, before: tracesBefore, limit }));
    const before = now - rules.rememberMs;
    const keep = rules.rememberCount;
    await inSteps((after) => thread.call("pruneEvents", { after, before, keep, limit }));
  }

  async function inSteps(step: (after: number) => Promise<PruneProgress>): Promise<void> {
    let after: number | undefined = 0;
    while (after !== undefined && !signal.aborted) {
      const pruned: PruneProgress = await step(after);
      after = pruned.next;
      await sleep(pauseMs, signal);
    }
  }

  void pruneRepeatedly();
  return { stop: () => stopping.abort() };
}
