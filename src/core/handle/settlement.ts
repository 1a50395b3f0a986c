import { BellhopError } from "../contract/errors";
import type { RetryDecision } from "../contract/failure-rules";
import type { Settlement } from "../contract/inbox";
import { isInstance } from "../util/thrown-value";
import { describeFailure } from "./failures/describe-failure";
import { attemptsWorth, retryAfterOf, thrownBy } from "./failures/retry-policy";

/** How often and how long a failing event is tried. */
export interface RetryOptions {
  /** Attempts before an event is dead and kept for an operator to look at, whatever the error. @default 8 */
  readonly maxAttempts: number;
}

/** Waits, in milliseconds, for what may still appear: a message that the platform has not finished storing. */
const BRIEF_WAITS_MS: readonly number[] = [300, 1_000, 3_000];
const FIRST_WAIT_MS = 1_000;
const GROWTH = 4;
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * Decides what becomes of an event whose attempt failed.
 * @param attempt 1 for the first
 * @param random 0 to 1; spreads the retries of many events that failed together
 * @param decision what the bot's own policy says
 */
export function settlementForError(
  error: unknown,
  attempt: number,
  rules: RetryOptions,
  random: number,
  decision: RetryDecision = "default",
): Settlement {
  const failure = describeFailure(error);
  if (isFinal(error, attempt, rules, decision)) {
    return isBrief(error) && decision === "default"
      ? { kind: "dropped", reason: failure.message }
      : { kind: "dead", error: failure };
  }
  const afterMs = typeof decision === "object" ? decision.afterMs : defaultWait(error, attempt, random);
  return { kind: "retry", afterMs, error: failure };
}

/** Whether an event that failed in this way is not retried after this attempt. */
export function isFinal(
  error: unknown,
  attempt: number,
  { maxAttempts }: RetryOptions,
  decision: RetryDecision = "default",
): boolean {
  if (attempt >= maxAttempts || decision === "never") return true;
  if (typeof decision === "object") return false;
  return attempt >= (isBrief(error) ? BRIEF_WAITS_MS.length + 1 : attemptsWorth(error));
}

function isBrief(error: unknown): boolean {
  const thrown = thrownBy(error);
  return isInstance(thrown, BellhopError) && thrown.retry === "briefly";
}

function defaultWait(error: unknown, attempt: number, random: number): number {
  const brief = isBrief(error) ? BRIEF_WAITS_MS[attempt - 1] : undefined;
  if (brief !== undefined) return brief;
  const grown = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * GROWTH ** (attempt - 1));
  const spread = grown * (0.8 + 0.4 * random);
  return Math.max(Math.round(spread), Math.ceil(retryAfterOf(error) ?? 0));
}
