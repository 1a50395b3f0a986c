import { setMaxListeners } from "node:events";
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from "axios";
import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import type { RawAnswer } from "./answer";

/** Why a request got no whole answer. */
export type TransportProblem = "timeout" | "cancelled" | "too-large" | "broken";

/** A request that got no whole answer. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly problem: TransportProblem;
  /** `false` when not a byte of the request has left: no connection, or none free in time. */
  readonly sent: boolean;

  constructor(problem: TransportProblem, sent: boolean, message: string, cause?: unknown) {
    super(message, { cause });
    this.problem = problem;
    this.sent = sent;
  }
}

export interface ConnectionsOptions {
  /** Where everything is sent: `https://webexapis.com`. */
  readonly origin: string;
  /** Sent with every request, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Longest answer that is read, in bytes. */
  readonly maxAnswerBytes: number;
}

/** The way to one host, as axios adapters. */
export interface Connections {
  /**
   * An adapter that resolves with any status and a {@link RawAnswer} as data, follows no redirect, and rejects with a
   * {@link TransportError}. The signal is not given to axios, which would put an error of its own in the place of
   * ours, and ours tells whether anything was sent.
   */
  adapter(signal: AbortSignal): AxiosAdapter;
  close(): Promise<void>;
}

/**
 * Lets axios speak through a pool of undici connections. What axios adds to its own adapter for browsers and
 * redirects is not needed for one host, and costs more than the request itself.
 * Proxies are taken from `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; there is none to this computer itself.
 */
export function createConnections(options: ConnectionsOptions): Connections {
  const dispatcher = createDispatcher(options.origin);
  return {
    adapter: (signal) => (config) =>
      new Promise((resolve, reject) => {
        const exchange = new Exchange(config, signal, options.maxAnswerBytes, resolve, reject);
        dispatcher.dispatch(toDispatchOptions(config, options), exchange);
      }),
    close: () => dispatcher.destroy(),
  };
}

function createDispatcher(origin: string): Dispatcher {
  const { env } = process;
  // More calls than that wait for a connection that is free.
  const connections = 64;
  const proxy = env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy;
  return proxy && !LOOPBACK.test(new URL(origin).hostname)
    ? new EnvHttpProxyAgent({ connections })
    : new Pool(origin, { connections });
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function toDispatchOptions(
  config: InternalAxiosRequestConfig,
  { origin, headers }: ConnectionsOptions,
): Dispatcher.DispatchOptions {
  const body: unknown = config.data;
  const isJson = typeof body === "string";
  return {
    origin,
    path: config.url ?? "/",
    method: (config.method ?? "get").toUpperCase() as Dispatcher.HttpMethod, // axios writes it in lower case
    headers: isJson ? { ...headers, "content-type": "application/json" } : headers,
    body: isJson ? body : null,
    // One clock for the whole exchange, below, instead of one for each of its parts.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** One request and its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #config: InternalAxiosRequestConfig;
  readonly #maxAnswerBytes: number;
  readonly #resolve: (response: AxiosResponse) => void;
  readonly #reject: (error: TransportError) => void;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #state: "open" | "settled" = "open";
  #status = 0;
  #headers: RawAnswer["headers"] = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    config: InternalAxiosRequestConfig,
    signal: AbortSignal,
    maxAnswerBytes: number,
    resolve: (response: AxiosResponse) => void,
    reject: (error: TransportError) => void,
  ) {
    this.#config = config;
    this.#maxAnswerBytes = maxAnswerBytes;
    this.#resolve = resolve;
    this.#reject = reject;
    const timeoutMs = config.timeout ?? 30_000;
    this.#timer = setTimeout(
      () => this.#fail("timeout", `it took longer than ${timeoutMs / 1_000} s`),
      timeoutMs,
    );
    this.#signal = signal;
    // One signal may be given to any number of calls; Node warns of a leak from the eleventh on.
    setMaxListeners(Number.POSITIVE_INFINITY, signal);
    signal.addEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => this.#fail("cancelled", "it was cancelled", this.#signal.reason);

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was given up while it waited for a connection: undici does not write what is aborted here.
    if (this.#state === "settled") controller.abort(new Error("given up before it was sent"));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: RawAnswer["headers"],
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#maxAnswerBytes)
      this.#fail("too-large", `the answer is longer than ${this.#maxAnswerBytes} bytes`);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    const [only] = this.#chunks;
    this.#resolve({
      data: {
        status: this.#status,
        headers: this.#headers,
        body: this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks, this.#size),
      } satisfies RawAnswer,
      status: this.#status,
      statusText: "",
      // axios would check and copy each of them; nobody reads more than four.
      headers: {},
      config: this.#config,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail("broken", describeBreak(error), error);
  }

  #fail(problem: TransportProblem, message: string, cause?: unknown): void {
    if (!this.#settle()) return;
    const error = new TransportError(problem, this.#controller !== undefined, message, cause);
    this.#chunks = [];
    this.#reject(error);
    if (problem !== "broken") this.#controller?.abort(error);
  }

  #settle(): boolean {
    if (this.#state === "settled") return false;
    this.#state = "settled";
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onAbort);
    return true;
  }
}

function describeBreak(error: Error & { code?: unknown }): string {
  const message = error.message || "the connection failed";
  const { code } = error;
  return typeof code !== "string" || message.includes(code) ? message : `${message} (${code})`;
}
