import { ApiError, BellhopError, describe, HandlerError } from "./errors";
import type { Settlement } from "./inbox";

/** How often and how long a failing event is tried. */
export interface RetryRules {
  /** Attempts before an event is dead and kept for a person to look at. @default 8 */
  readonly maxAttempts: number;
}

/** Waits, in milliseconds, for what may still appear: a message that the platform has not finished storing. */
const BRIEF_WAITS_MS: readonly number[] = [300, 1_000, 3_000];
const FIRST_WAIT_MS = 1_000;
const GROWTH = 4;
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * What becomes of an event whose attempt failed.
 * @param attempt 1 for the first
 * @param random 0 to 1; spreads the retries of many events that failed together
 */
export function settlementFor(
  error: unknown,
  attempt: number,
  rules: RetryRules,
  random: number,
): Settlement {
  const failure = {
    code: error instanceof BellhopError ? error.code : "unknown",
    message: describe(error),
  };
  const advice = error instanceof BellhopError ? error.retry : "backoff";

  if (advice === "briefly") {
    const afterMs = attempt < rules.maxAttempts ? BRIEF_WAITS_MS[attempt - 1] : undefined;
    return afterMs === undefined
      ? { kind: "dropped", reason: failure.message }
      : { kind: "retry", afterMs, error: failure };
  }
  if (advice === "never" || attempt >= rules.maxAttempts) return { kind: "dead", error: failure };

  const grown = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * GROWTH ** (attempt - 1));
  const spread = grown * (0.8 + 0.4 * random);
  return {
    kind: "retry",
    afterMs: Math.max(Math.round(spread), Math.ceil(retryAfterOf(error) ?? 0)),
    error: failure,
  };
}

/** How long the platform asked us to wait, also when a handler let its refusal through. */
function retryAfterOf(error: unknown): number | undefined {
  const cause = error instanceof HandlerError ? error.cause : error;
  return cause instanceof ApiError ? cause.retryAfterMs : undefined;
}
