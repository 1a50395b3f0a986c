import { ApiError, describe, NetworkError } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { JsonObject } from "../../core/notice";
import { type ApiAnswer, nextPathOf, type RawAnswer, readBody, toApiError } from "./answer";
import { type Clock, systemClock } from "./clock";
import { TransportError } from "./connections";
import { createRateGate } from "./rate-gate";
import { type Failure, type Method, waitBeforeRetry } from "./retry";
import { createTransport, type TransportRequest } from "./transport";

export interface CallerOptions {
  /** First word of every call's name in logs and errors: `"webex"`. */
  readonly platform: string;
  /** Used as given; a slash at its end does not matter. */
  readonly baseUrl: string;
  readonly token: string;
  readonly log: Logger;
  /** How long one call may spend waiting for the platform to take it, in milliseconds; a longer wait is thrown instead. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

export interface ApiRequest {
  readonly method: Method;
  /** Below the base URL, starting with a slash, ids encoded; or a `nextPath`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>> | undefined;
  readonly json?: JsonObject | undefined;
  readonly signal: AbortSignal;
  /** For each try, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
}

/** Calls one platform's API as one account. */
export interface Caller {
  /**
   * Makes a call, again where that is safe and sensible.
   * @throws ApiError when it was refused, NetworkError when there is no answer, or none that makes sense
   */
  call(request: ApiRequest): Promise<ApiAnswer>;
  /** Ends the connections; calls still under way fail. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 10 * 1_048_576;

/** What became of one try. */
type Try =
  | { readonly kind: "answered"; readonly answer: ApiAnswer }
  | { readonly kind: "failed"; readonly error: ApiError | NetworkError; readonly failure: Failure };

/** Makes a caller; it connects with the first call. */
export function createCaller(options: CallerOptions): Caller {
  const { platform, token, log, maxWaitMs = 60_000, clock = systemClock } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const transport = createTransport({ baseUrl, token, maxAnswerBytes: MAX_ANSWER_BYTES });
  const gate = createRateGate(clock);
  let closed = false;

  async function call(request: ApiRequest): Promise<ApiAnswer> {
    const { method, signal } = request;
    const path = withQuery(request);
    const name = `${platform} ${method} ${path.replace(/\?.*/s, "")}`;
    const body = request.json === undefined ? undefined : JSON.stringify(request.json);
    const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    let waitedMs = 0;

    for (let attempt = 1; ; attempt++) {
      for (let heldMs = gate.heldForMs(); heldMs > 0; heldMs = gate.heldForMs()) {
        if (waitedMs + heldMs > maxWaitMs) throw heldBack(name, heldMs);
        await wait(name, heldMs, signal);
        waitedMs += heldMs;
      }

      if (closed || signal.aborted) throw cancelled(name, signal);
      const tried = await tryOnce(name, { method, path, body, timeoutMs, signal });
      if (tried.kind === "answered") return tried.answer;

      const { error, failure } = tried;
      const waitMs = waitBeforeRetry(failure, method, attempt, clock.random());
      if (waitMs === undefined) throw error;
      const status = error instanceof ApiError ? error.status : undefined;
      if (status === 429) gate.hold(waitMs);
      if (waitedMs + waitMs > maxWaitMs) throw error;
      log.warn("call failed; it will be made again", { call: name, status, attempt, waitMs });
      await wait(name, waitMs, signal);
      waitedMs += waitMs;
    }
  }

  async function tryOnce(name: string, request: TransportRequest): Promise<Try> {
    let raw: RawAnswer;
    try {
      raw = await transport.send(request);
    } catch (thrown) {
      return toFailedTry(name, thrown);
    }
    if (raw.status < 200 || raw.status > 299) {
      const error = toApiError(name, raw, clock.now());
      return { kind: "failed", error, failure: failureOf(error) };
    }
    return {
      kind: "answered",
      answer: {
        call: name,
        status: raw.status,
        body: request.method === "DELETE" ? undefined : readBody(name, raw),
        nextPath: nextPathOf(name, raw, baseUrl),
      },
    };
  }

  async function wait(name: string, ms: number, signal: AbortSignal): Promise<void> {
    await clock.pause(ms, signal);
    if (signal.aborted) throw cancelled(name, signal);
  }

  return {
    call,
    async close() {
      closed = true;
      await transport.close();
    },
  };
}

function withQuery({ path, query }: ApiRequest): string {
  if (query === undefined) return path;
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `${path}?${new URLSearchParams(pairs)}`;
}

function toFailedTry(call: string, thrown: unknown): Try {
  const known = thrown instanceof TransportError ? thrown : undefined;
  const sent = known?.sent ?? true;
  const error = new NetworkError(call, describe(thrown), { maybeDone: sent, cause: thrown });
  if (known?.problem !== "broken") return { kind: "failed", error, failure: { kind: "final" } };
  return { kind: "failed", error, failure: { kind: sent ? "lost" : "unsent" } };
}

function failureOf({ status, retryAfterMs }: ApiError): Failure {
  if (status === 423 || status === 429 || status === 503) return { kind: "busy", retryAfterMs };
  return { kind: status >= 500 ? "server-error" : "final" };
}

function cancelled(call: string, { reason }: AbortSignal): NetworkError {
  return new NetworkError(call, "it was cancelled before it was sent", { maybeDone: false, cause: reason });
}

function heldBack(call: string, retryAfterMs: number): ApiError {
  const reason = "not sent, because an earlier call was told to wait";
  return new ApiError({ call, status: 429, reason, retryAfterMs });
}
