import {
  ApiError,
  BellhopError,
  HandlerError,
  HandlerTimeoutError,
  NetworkError,
} from "../../contract/errors";
import type { RetryDecision, RetryPolicy } from "../../contract/failure-rules";
import type { Logger } from "../../contract/logger";
import { chainOf, codeOf, isInstance, readProperty } from "../../util/thrown-value";
import { describeFailure } from "./describe-failure";

/** Attempts at an event whose error says neither that it passes nor that it stays. */
const ATTEMPTS_IN_DOUBT = 3;
/** Longest wait that a policy or another server may ask for, in milliseconds. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;
/** How many errors of a chain of causes are looked at. */
const DEEPEST_CAUSE = 16;

/** Errors of the program: the same code fails in the same way again. By name, because a bot may run in another realm. */
const BUGS: ReadonlySet<unknown> = new Set([
  "TypeError",
  "ReferenceError",
  "RangeError",
  "SyntaxError",
  "EvalError",
  "URIError",
  "AssertionError",
]);

/** Codes of Node, of undici behind `fetch`, and of axios for a connection that failed. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ESOCKETTIMEDOUT", "ENOTFOUND"],
  ...["EAI_AGAIN", "EAI_FAIL", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN", "ENETRESET"],
  ...[
    "EADDRNOTAVAIL",
    "EPROTO",
    "ERR_NETWORK",
    "ERR_SOCKET_CONNECTION_TIMEOUT",
    "ERR_STREAM_PREMATURE_CLOSE",
  ],
  ...["ERR_HTTP2_STREAM_ERROR", "ERR_HTTP2_SESSION_ERROR", "ERR_HTTP2_GOAWAY_SESSION"],
  ...["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_SOCKET"],
]);

/** What the bot threw, without our wrapper. */
export function thrownBy(error: unknown): unknown {
  return isInstance(error, HandlerError) ? thrownBy(error.cause) : error;
}

/** How many attempts an event is worth that failed in this way; infinite for an error that may pass. */
export function attemptsWorth(error: unknown): number {
  const thrown = thrownBy(error);
  if (isInstance(thrown, HandlerTimeoutError)) return ATTEMPTS_IN_DOUBT;
  if (isInstance(thrown, BellhopError)) return thrown.retry === "never" ? 1 : Number.POSITIVE_INFINITY;
  const name = readProperty(thrown, "name");
  // So fetch reports a connection that was refused.
  const isWrapper = name === "TypeError" && (readProperty(thrown, "cause") ?? null) !== null;
  if (BUGS.has(name) && !isWrapper) return 1;
  return isWrapper || chainOf(thrown, DEEPEST_CAUSE).some(isPassing)
    ? Number.POSITIVE_INFINITY
    : ATTEMPTS_IN_DOUBT;
}

function isPassing(error: unknown): boolean {
  if (isInstance(error, NetworkError) || readProperty(error, "name") === "TimeoutError") return true;
  const code = codeOf(error);
  if (code !== undefined && NETWORK_CODES.has(code)) return true;
  const status = statusOf(error);
  return status !== undefined && (status === 429 || status === 408 || (status >= 500 && status <= 599));
}

/** The status of an HTTP answer, as axios, fetch wrappers and most clients put it on their errors. */
function statusOf(error: unknown): number | undefined {
  const response = readProperty(error, "response");
  const places = [error, response].flatMap((place) => [
    readProperty(place, "status"),
    readProperty(place, "statusCode"),
  ]);
  return places.find((status) => typeof status === "number");
}

/** How long the other side asked to wait, in milliseconds, also when a handler let its refusal through. */
export function retryAfterOf(error: unknown, now: number = Date.now()): number | undefined {
  const thrown = thrownBy(error);
  if (isInstance(thrown, ApiError)) return thrown.retryAfterMs;
  for (const one of chainOf(thrown, DEEPEST_CAUSE)) {
    if (isInstance(one, ApiError) && one.retryAfterMs !== undefined) return one.retryAfterMs;
    for (const place of [readProperty(one, "response"), one]) {
      const asked = parseRetryAfter(headerOf(readProperty(place, "headers")), now);
      if (asked !== undefined) return Math.min(LONGEST_WAIT_MS, asked);
    }
  }
  return undefined;
}

/** The header of fetch's `Headers`, of axios, or of Node's plain object. */
function headerOf(headers: unknown): unknown {
  const get = readProperty(headers, "get");
  if (typeof get !== "function")
    return readProperty(headers, "retry-after") ?? readProperty(headers, "Retry-After");
  try {
    return Reflect.apply(get, headers, ["retry-after"]);
  } catch {
    return undefined;
  }
}

/** Seconds, or a date as HTTP writes it. */
function parseRetryAfter(header: unknown, now: number): number | undefined {
  const text = String(typeof header === "string" || typeof header === "number" ? header : "").trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** What a bot's own policy says; `"default"` if it has none, or if the policy fails. */
export function decisionOf(
  bot: { readonly name: string; readonly retry?: RetryPolicy | undefined } | undefined,
  error: unknown,
  attempt: number,
  log: Pick<Logger, "error">,
): RetryDecision {
  // Only what the bot itself does is the bot's to decide.
  const isOfBot = isInstance(error, HandlerError) || isInstance(error, HandlerTimeoutError);
  if (bot?.retry === undefined || !isOfBot) return "default";
  try {
    return readDecision(bot.retry(thrownBy(error), attempt));
  } catch (failed) {
    const { name, code, at } = describeFailure(failed);
    log.error("bot.retry failed; the default rules apply", { bot: bot.name, error: name, code, at });
    return "default";
  }
}

/** @throws TypeError if it is no decision */
function readDecision(decision: unknown): RetryDecision {
  if (decision === "default" || decision === "never") return decision;
  const afterMs = readProperty(decision, "afterMs");
  if (typeof afterMs === "number" && afterMs >= 0) return { afterMs: Math.min(LONGEST_WAIT_MS, afterMs) };
  throw new TypeError('bot.retry: the policy must return { afterMs: milliseconds }, "default" or "never"');
}
