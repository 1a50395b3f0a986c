import { setMaxListeners } from "node:events";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { RawAnswer } from "./answer";

/** Why a request got no whole answer. */
export type TransportProblem = "timeout" | "cancelled" | "withheld" | "too-large" | "broken";

/** A request that got no whole answer. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly problem: TransportProblem;
  /** `false` when not a byte of the request has left: no connection, or none free in time. */
  readonly sent: boolean;
  /** `true` when a status of 200 to 299 has come, and only the rest of the answer has not. */
  readonly granted: boolean;

  constructor(
    problem: TransportProblem,
    { sent, granted }: { readonly sent: boolean; readonly granted: boolean },
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.problem = problem;
    this.sent = sent;
    this.granted = granted;
  }
}

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  /** In milliseconds: for the whole exchange, or, where a file is sent or streamed, without a byte moving. */
  readonly timeoutMs: number;
  /** Longest answer that is read, in bytes. */
  readonly maxAnswerBytes: number;
  /** Asked in the event-loop turn in which the request is written; `false`: it is not written. @default it is written */
  readonly mayBegin?: (() => boolean) | undefined;
  /** Answer what was granted as a stream that fails with what this makes of its error. */
  readonly toStreamError?: ((error: TransportError) => Error) | undefined;
}

/** One request and its answer. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #resolve: (answer: RawAnswer) => void;
  readonly #reject: (error: TransportError) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #state: "open" | "settled" = "open";
  #status = 0;
  #headers: RawAnswer["headers"] = {};
  #chunks: Buffer[] = [];
  #size = 0;
  #stream: Readable | undefined;

  constructor(
    options: ExchangeOptions,
    resolve: (answer: RawAnswer) => void,
    reject: (error: TransportError) => void,
  ) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(this.#onTimeout, options.timeoutMs);
    const { signal } = options;
    // One signal may be given to any number of calls; Node warns of a leak from the eleventh on.
    setMaxListeners(Number.POSITIVE_INFINITY, signal);
    signal.addEventListener("abort", this.#onAbort);
  }

  /** A byte has moved: the clock starts anew. */
  readonly onProgress = (): void => {
    if (this.#state === "open") this.#timer.refresh();
  };

  readonly #onAbort = (): void => this.#fail("cancelled", "it was cancelled", this.#options.signal.reason);

  readonly #onTimeout = (): void => {
    // Nothing comes because whoever reads the stream takes their time.
    if (this.#stream !== undefined && this.#controller?.paused) this.#timer.refresh();
    else this.#fail("timeout", `it took longer than ${this.#options.timeoutMs / 1_000} s`);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#state === "open" && this.#options.mayBegin?.() === false) {
      this.#fail("withheld", "it was not sent, because the caller does not want it to begin any more");
      controller.abort(new Error("withheld"));
      return;
    }
    this.#controller = controller;
    // It was given up while it waited for a connection: undici does not write what is aborted here.
    if (this.#state === "settled") controller.abort(new Error("given up before it was sent"));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: RawAnswer["headers"],
  ): void {
    this.#status = status;
    this.#headers = headers;
    // An interim answer is followed by the real one.
    if (this.#options.toStreamError === undefined || status < 200 || status > 299) return;
    if (Number(headers["content-length"]) > this.#options.maxAnswerBytes) {
      this.#failTooLarge();
      return;
    }
    this.#stream = new Readable({
      read: () => {
        if (!controller.paused) return;
        this.onProgress();
        controller.resume();
      },
      destroy: (error, callback) => {
        this.#fail("cancelled", "its stream was destroyed", error);
        callback(error);
      },
    });
    // It may fail before somebody listens, which would end the program; whoever reads it later is told all the same.
    this.#stream.on("error", () => undefined);
    this.#resolve({ status, headers, body: NOTHING, stream: this.#stream });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#options.maxAnswerBytes) this.#failTooLarge();
    else if (this.#stream === undefined) this.#chunks.push(chunk);
    else {
      this.onProgress();
      if (!this.#stream.push(chunk)) controller.pause();
    }
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    if (this.#stream !== undefined) {
      this.#stream.push(null);
      return;
    }
    const [only] = this.#chunks;
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks, this.#size),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail("broken", describeBreak(error), error);
  }

  #failTooLarge(): void {
    this.#fail("too-large", `the answer is longer than ${this.#options.maxAnswerBytes} bytes`);
  }

  #fail(problem: TransportProblem, message: string, cause?: unknown): void {
    if (!this.#settle()) return;
    const sent = this.#controller !== undefined;
    const granted = this.#status >= 200 && this.#status <= 299;
    const error = new TransportError(problem, { sent, granted }, message, cause);
    this.#chunks = [];
    if (this.#stream === undefined) this.#reject(error);
    else this.#stream.destroy(this.#options.toStreamError?.(error));
    if (problem !== "broken") this.#controller?.abort(error);
  }

  #settle(): boolean {
    if (this.#state === "settled") return false;
    this.#state = "settled";
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    return true;
  }
}

const NOTHING = Buffer.alloc(0);

function describeBreak(error: Error & { code?: unknown }): string {
  const message = error.message || "the connection failed";
  const { code } = error;
  return typeof code !== "string" || message.includes(code) ? message : `${message} (${code})`;
}
