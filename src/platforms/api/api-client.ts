import { ApiError, describeError, NetworkError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import type { JsonObject } from "../../core/contract/notice";
import { stripLastSlashes } from "../../core/util/strip-slashes";
import {
  type ApiAnswer,
  type ApiDownload,
  header,
  nextPathOf,
  pathBelow,
  type RawAnswer,
  readBody,
  toApiError,
} from "./answer";
import { type Clock, systemClock } from "./clock";
import type { Form } from "./form";
import { TransportError } from "./http-request";
import { createRateGate } from "./rate-gate";
import { type Failure, type Method, waitBeforeRetry } from "./retry";
import { createTransport, type TransportRequest } from "./transport";

export interface CallerOptions {
  /** First word of every call's name in logs and errors: `"webex"`. */
  readonly platform: string;
  /** Used as given; a slash at its end does not matter. */
  readonly baseUrl: string;
  /** Headers that say who calls, by name in lower case; sent to this host only. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** How long one call may spend waiting for the platform to take it, in milliseconds; a longer wait is thrown instead. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

/** What every call has. */
interface Request {
  /** Below the base URL, starting with a slash, ids encoded; or a `nextPath`. */
  readonly path: string;
  /** What is `undefined` is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Ends the call, waits included. @default nothing does */
  readonly signal?: AbortSignal | undefined;
  /**
   * For each try, in milliseconds; where a file is sent or downloaded, how long may pass without a byte moving.
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined;
  /** By status of a refusal, what to do about it; added to the error's message. */
  readonly advice?: Readonly<Record<number, string>> | undefined;
}

export interface ApiRequest extends Request {
  readonly method: Exclude<Method, "HEAD">;
  readonly json?: JsonObject | undefined;
  /** Sent in the place of `json`. */
  readonly form?: Form | undefined;
  /** Asked in the event-loop turn in which the request is written; `false`: it is not written. @default it is written */
  readonly mayBegin?: (() => boolean) | undefined;
}

export interface DownloadRequest extends Request {
  readonly method: "GET" | "HEAD";
  /** A longer answer is not read to its end. */
  readonly maxBytes: number;
}

/** Calls one platform's API as one account. */
export interface Caller {
  /**
   * Makes a call, again where that is safe and sensible.
   * @throws ApiError when it was refused, NetworkError when there is no answer, or none that makes sense
   */
  call(request: ApiRequest): Promise<ApiAnswer>;
  /**
   * The same for bytes. It resolves when they begin to come; then nothing is asked for again.
   * @throws ApiError, NetworkError
   */
  download(request: DownloadRequest): Promise<ApiDownload>;
  /** Path and query of an address below the base URL; `undefined` for one elsewhere, where the token must not go. */
  pathBelow(url: string): string | undefined;
  /** Ends the connections; calls still under way fail. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 10 * 1_048_576;
const NEVER = new AbortController().signal;

/** A call as it is made, and made again. */
interface Attempt extends TransportRequest {
  readonly name: string;
  readonly advice: Request["advice"];
}

/** What became of one try. */
type Try =
  | { readonly kind: "granted"; readonly raw: RawAnswer }
  | { readonly kind: "failed"; readonly error: ApiError | NetworkError; readonly failure: Failure };

/** Makes a caller; it connects with the first call. */
export function createCaller(options: CallerOptions): Caller {
  const { platform, credentials, log, maxWaitMs = 60_000, clock = systemClock } = options;
  const baseUrl = stripLastSlashes(options.baseUrl);
  const transport = createTransport({ baseUrl, credentials });
  const gate = createRateGate(clock);
  let closed = false;

  async function call(request: ApiRequest): Promise<ApiAnswer> {
    const { method, form, json } = request;
    const path = withQuery(request);
    const name = nameOf(method, path);
    try {
      const raw = await persist({
        name,
        method,
        path,
        body: json === undefined || form !== undefined ? undefined : JSON.stringify(json),
        form,
        timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        maxAnswerBytes: MAX_ANSWER_BYTES,
        signal: request.signal ?? NEVER,
        mayBegin: request.mayBegin,
        advice: request.advice,
      });
      return {
        call: name,
        status: raw.status,
        body: method === "DELETE" ? undefined : readBody(name, raw),
        nextPath: nextPathOf(name, raw, baseUrl),
      };
    } finally {
      form?.discard();
    }
  }

  async function download(request: DownloadRequest): Promise<ApiDownload> {
    const { method, maxBytes, timeoutMs = DEFAULT_TIMEOUT_MS, signal = NEVER, advice } = request;
    const path = withQuery(request);
    const name = nameOf(method, path);
    const toStreamError = (error: TransportError): NetworkError => toNetworkError(name, error);
    const raw = await persist({
      ...{ name, method, path, timeoutMs, maxAnswerBytes: maxBytes, signal, advice },
      toStreamError,
    });
    if (raw.stream === undefined) throw new Error(`${name}: a granted download has a stream`);
    return { call: name, header: (field) => header(raw, field), stream: raw.stream };
  }

  /** Makes the call until the platform grants it, or another attempt makes no sense. */
  async function persist(attempt: Attempt): Promise<RawAnswer> {
    const { name, signal } = attempt;
    let waitedMs = 0;
    for (let count = 1; ; count++) {
      waitedMs += await waitForGate(name, maxWaitMs - waitedMs, signal);
      if (closed || signal.aborted) throw cancelled(name, signal);
      const tried = await tryOnce(attempt);
      if (tried.kind === "granted") return tried.raw;
      const waitMs = retryDelay(attempt, tried, count, maxWaitMs - waitedMs);
      await wait(name, waitMs, signal);
      waitedMs += waitMs;
    }
  }

  /** Waits while the platform's rate limit holds calls back. @returns how long that took, in milliseconds */
  async function waitForGate(name: string, patienceMs: number, signal: AbortSignal): Promise<number> {
    let waitedMs = 0;
    for (let heldMs = gate.heldForMs(); heldMs > 0; heldMs = gate.heldForMs()) {
      if (waitedMs + heldMs > patienceMs) throw heldBack(name, heldMs);
      await wait(name, heldMs, signal);
      waitedMs += heldMs;
    }
    return waitedMs;
  }

  /** @returns the wait before the next attempt, in milliseconds. @throws the attempt's error when there is no next one */
  function retryDelay(
    { name, method, form }: Attempt,
    { error, failure }: Extract<Try, { kind: "failed" }>,
    count: number,
    patienceMs: number,
  ): number {
    const waitMs = waitBeforeRetry(failure, method, count, clock.random());
    if (waitMs === undefined) throw error;
    const status = error instanceof ApiError ? error.status : undefined;
    if (status === 429) gate.hold(waitMs);
    if (waitMs > patienceMs || form?.canOpen() === false) throw error;
    log.warn("the call failed and is retried", { call: name, status, attempt: count, waitMs });
    return waitMs;
  }

  async function tryOnce(attempt: Attempt): Promise<Try> {
    let raw: RawAnswer;
    try {
      raw = await transport.send(attempt);
    } catch (thrown) {
      return toFailedTry(attempt.name, thrown);
    }
    if (raw.status >= 200 && raw.status <= 299) return { kind: "granted", raw };
    const error = toApiError(attempt.name, raw, clock.now(), attempt.advice);
    return { kind: "failed", error, failure: failureOf(error) };
  }

  async function wait(name: string, ms: number, signal: AbortSignal): Promise<void> {
    await clock.pause(ms, signal);
    if (signal.aborted) throw cancelled(name, signal);
  }

  /** The call without its query, which may hold what somebody wrote. */
  function nameOf(method: Method, path: string): string {
    return `${platform} ${method} ${path.split("?", 1)[0]}`;
  }

  return {
    call,
    download,
    pathBelow: (url) => pathBelow(baseUrl, url),
    async close() {
      closed = true;
      await transport.close();
    },
  };
}

function withQuery({ path, query }: Request): string {
  if (query === undefined) return path;
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) pairs.append(name, String(value));
  const text = pairs.toString();
  return text === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${text}`;
}

function toFailedTry(call: string, thrown: unknown): Try {
  const error = toNetworkError(call, thrown);
  const isBroken = thrown instanceof TransportError && thrown.problem === "broken";
  if (!isBroken) return { kind: "failed", error, failure: { kind: "final" } };
  return { kind: "failed", error, failure: { kind: error.mayHaveSucceeded ? "lost" : "unsent" } };
}

function toNetworkError(call: string, thrown: unknown): NetworkError {
  const { sent, granted } = thrown instanceof TransportError ? thrown : { sent: true, granted: false };
  return new NetworkError(call, describeError(thrown), {
    mayHaveSucceeded: sent,
    isDone: granted,
    cause: thrown,
  });
}

function failureOf({ status, retryAfterMs }: ApiError): Failure {
  if (status === 423 || status === 429 || status === 503) return { kind: "busy", retryAfterMs };
  return { kind: status >= 500 ? "server-error" : "final" };
}

function cancelled(call: string, { reason }: AbortSignal): NetworkError {
  return new NetworkError(call, "it was cancelled before it was sent", {
    mayHaveSucceeded: false,
    cause: reason,
  });
}

function heldBack(call: string, retryAfterMs: number): ApiError {
  const reason = "not sent, because an earlier call was told to wait";
  return new ApiError({ call, status: 429, reason, retryAfterMs });
}
