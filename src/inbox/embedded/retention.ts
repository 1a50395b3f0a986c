import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { Thread } from "./thread";

export interface RetentionRules {
  /** How long a settled event is remembered, in milliseconds, to recognise it when it is delivered again. */
  readonly rememberMs: number;
  /** How many settled events are remembered at most; the oldest go first. */
  readonly rememberCount: number;
  /** How long the path of a settled event is kept, in milliseconds. */
  readonly traceMs: number;
  /** Time between two rounds, in milliseconds. */
  readonly everyMs: number;
  /** Events looked at in one step: a step holds up the group that is written next. */
  readonly step: number;
  /** Time between two steps of a round, in milliseconds. */
  readonly pauseMs: number;
}

/** Forgets what was settled long ago, in small steps. */
export function startRetention(
  thread: Pick<Thread, "call">,
  rules: RetentionRules,
  clock: () => number,
  log: Logger,
): { stop(): void } {
  let isStopped = false;
  let timer = setTimeout(() => step(0), rules.everyMs);

  async function step(after: number): Promise<void> {
    let next: number | undefined;
    try {
      const now = clock();
      ({ next } = await thread.call("forget", {
        after,
        before: now - rules.rememberMs,
        keep: rules.rememberCount,
        tracesBefore: now - rules.traceMs,
        now,
        limit: rules.step,
      }));
    } catch (error) {
      if (isStopped) return;
      log.error("the inbox cannot forget old events; trying again", { error: describe(error) });
    }
    if (isStopped) return;
    timer = setTimeout(() => step(next ?? 0), next === undefined ? rules.everyMs : rules.pauseMs);
  }

  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
