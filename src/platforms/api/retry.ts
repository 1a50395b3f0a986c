/** How a call failed, as far as trying again is concerned. */
export type Failure =
  /** The platform asked to come back later: 423, 429, 503. */
  | { readonly kind: "busy"; readonly retryAfterMs: number | undefined }
  /** The platform failed: another 5xx. It may have done what was asked. */
  | { readonly kind: "server-error" }
  /** Nothing of the request has left. */
  | { readonly kind: "unsent" }
  /** The connection broke after the request had begun to leave. */
  | { readonly kind: "lost" }
  /** Refused, timed out or cancelled: trying again at once would not help. */
  | { readonly kind: "final" };

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

const SHORT_WAITS_MS: readonly number[] = [500, 1_000, 2_000];
const SHORTEST_BUSY_WAIT_MS = 1_000;

/**
 * How long to wait before a failed call is made again.
 *
 * A POST is repeated only when it certainly did nothing: the platform said so, or nothing had left. Else one message
 * could be posted twice.
 * @param attempt 1 for the first
 * @param random 0 to 1; spreads calls that failed together
 * @returns in milliseconds; `undefined` when it is not to be made again here
 */
export function waitBeforeRetry(
  failure: Failure,
  method: Method,
  attempt: number,
  random: number,
): number | undefined {
  switch (failure.kind) {
    case "busy": {
      // Platforms have been seen to answer 0 and to go on refusing: our own wait grows whatever they say.
      const grown = SHORTEST_BUSY_WAIT_MS * 2 ** (attempt - 1);
      return Math.max(grown, failure.retryAfterMs ?? 0);
    }
    case "unsent":
      return shortWait(attempt, random);
    case "server-error":
    case "lost":
      return method === "POST" ? undefined : shortWait(attempt, random);
    case "final":
      return undefined;
    default:
      return failure satisfies never;
  }
}

function shortWait(attempt: number, random: number): number | undefined {
  const waitMs = SHORT_WAITS_MS[attempt - 1];
  return waitMs === undefined ? undefined : Math.round(waitMs * (1 + random / 4));
}

/**
 * Reads `Retry-After`, a number of seconds or a date.
 * @returns in milliseconds; `undefined` for none, for one that makes no sense and for one that is over
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return toWait(Number(text) * 1_000);
  // Date.parse takes much for a date, "-5" is a year to it; nothing but a date begins with a day's name.
  return /^[A-Z][a-z]{2,8}, /.test(text) ? toWait(Date.parse(text) - now) : undefined;
}

/**
 * Reads `X-RateLimit-Reset`, seconds since 1970.
 * @returns in milliseconds from now; `undefined` for none, and for one that is over
 */
export function parseReset(value: string | undefined, now: number): number | undefined {
  return value !== undefined && /^\d{9,11}$/.test(value.trim())
    ? toWait(Number(value) * 1_000 - now)
    : undefined;
}

function toWait(ms: number): number | undefined {
  return ms > 0 ? Math.ceil(ms) : undefined;
}
