import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import { pause } from "../../core/pause";
import type { StoreClient } from "./store-client";
import type { PruneProgress } from "./thread-protocol";

export interface RetentionOptions {
  /** How long a settled event is remembered, in milliseconds, to recognise it when it is delivered again. */
  readonly rememberMs: number;
  /** How many settled events are remembered at most; the oldest go first. */
  readonly rememberCount: number;
  /** How long the path of a settled event is kept, in milliseconds. */
  readonly traceMs: number;
  /** How long it is remembered which messages belong to calls, in milliseconds. */
  readonly sentMs: number;
  /** Time between two rounds, in milliseconds. */
  readonly everyMs: number;
  /** Events looked at in one step: a step holds up the group that is written next. */
  readonly step: number;
  /** Time between two steps of a round, in milliseconds. */
  readonly pauseMs: number;
}

/** Forgets what was settled long ago, in small steps. */
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
      await pause(everyMs, signal);
      if (signal.aborted) return;
      try {
        await prune(clock());
      } catch (error) {
        if (signal.aborted) return;
        log.error("the inbox cannot forget old events; trying again", { error: describe(error) });
      }
    }
  }

  async function prune(now: number): Promise<void> {
    let pruned: number;
    do {
      pruned = await thread.call("pruneRecords", { now, limit });
      await pause(pauseMs, signal);
    } while (pruned === limit && !signal.aborted);
    const sentBefore = now - rules.sentMs;
    do {
      pruned = await thread.call("pruneSent", { before: sentBefore, limit });
      await pause(pauseMs, signal);
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
      await pause(pauseMs, signal);
    }
  }

  void pruneRepeatedly();
  return { stop: () => stopping.abort() };
}
