import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { Dispatcher, WebSocket } from "undici";
import { ApiError, NetworkError } from "../../core/contract/errors";
import { createDispatcher } from "./dispatcher";
import { userAgent } from "./user-agent";

export interface SocketOptions {
  /** First word of the connection's name in errors: `"webex"`. */
  readonly platform: string;
  /** `wss://…`; it may hold what nobody should see, and is not told in errors beyond its host. */
  readonly url: string;
  /** Longest message that is read, in bytes; a longer one ends the connection. */
  readonly maxMessageBytes: number;
  /** How long it may take to connect, in milliseconds. */
  readonly openWithinMs: number;
  /** How long the other side may take to take leave, in milliseconds; then the connection is cut. */
  readonly closeWithinMs: number;
  /** Each message in the order sent, text as UTF-8. */
  readonly onMessage: (bytes: Buffer) => void;
}

/** How a connection ended. */
export interface SocketEnd {
  /** 1006 when nobody took leave. */
  readonly code: number;
  readonly reason: string;
}

/** A websocket that is open. */
export interface Socket {
  /** Does nothing when it has ended. */
  send(text: string): void;
  /** Takes leave. @param code 1000, or 3000 to 4999 */
  close(code: number, reason: string): void;
  /** Never rejects. */
  readonly ended: Promise<SocketEnd>;
}

/**
 * Connects, through the proxies that calls go through.
 * @throws ApiError when the other side answers with something else, NetworkError when it does not answer or `signal` is
 * aborted
 */
export async function openSocket(options: SocketOptions, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const { url, openWithinMs, closeWithinMs, onMessage } = options;
  const call = `${options.platform} websocket ${new URL(url).host}`;
  const handshake: Handshake = { status: undefined, wire: undefined };
  const pool = createDispatcher(new URL(url).origin.replace(/^ws/, "http"), 1);
  const dispatcher = new SocketDispatcher(pool, handshake, options.maxMessageBytes);

  const socket = new WebSocket(url, { dispatcher, headers: { "user-agent": userAgent } });
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }) => onMessage(toBytes(data)));
  // What goes wrong is told by the end that follows.
  socket.addEventListener("error", () => undefined);
  const ended = new Promise<SocketEnd>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => {
      void pool.destroy();
      resolve({ code, reason });
    });
  });

  const limit = AbortSignal.any([signal, AbortSignal.timeout(openWithinMs)]);
  const giveUp = (): void => socket.close();
  limit.addEventListener("abort", giveUp);
  try {
    const opened = new Promise<"open">((resolve) => socket.addEventListener("open", () => resolve("open")));
    if ((await Promise.race([opened, ended])) !== "open") throw refusal(call, handshake, limit, openWithinMs);
  } finally {
    limit.removeEventListener("abort", giveUp);
  }

  return {
    send: (text) => socket.send(text),
    close(code, reason) {
      socket.close(code, reason);
      const cut = setTimeout(() => handshake.wire?.destroy(), closeWithinMs);
      void ended.then(() => clearTimeout(cut));
    },
    ended,
  };
}

/** Text, or what `binaryType` asks for. */
function toBytes(data: unknown): Buffer {
  return data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.from(String(data));
}

/** What the client itself does not tell: the answer's status, and the wire that can be cut. */
interface Handshake {
  status: number | undefined;
  wire: Duplex | undefined;
}

/** Connections for a websocket, whose client looks for its limits there. */
class SocketDispatcher extends Dispatcher {
  readonly #inner: Dispatcher;
  /** Read by undici's WebSocket; its proxy agents do not hand it on. */
  readonly webSocketOptions: { readonly maxPayloadSize: number; readonly maxFragments: number };

  constructor(pool: Dispatcher, handshake: Handshake, maxMessageBytes: number) {
    super();
    this.#inner = pool.compose(watch(handshake));
    this.webSocketOptions = { maxPayloadSize: maxMessageBytes, maxFragments: 10_000 };
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#inner.dispatch(options, handler);
  }
}

function watch(handshake: Handshake): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade(controller, status, headers, wire) {
        handshake.status = status;
        handshake.wire = wire;
        handler.onRequestUpgrade?.(controller, status, headers, wire);
      },
      onResponseStart(controller, status, headers, message) {
        handshake.status = status;
        handler.onResponseStart?.(controller, status, headers, message);
      },
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    });
}

function refusal(
  call: string,
  { status }: Handshake,
  { aborted, reason }: AbortSignal,
  openWithinMs: number,
): ApiError | NetworkError {
  if (status !== undefined && status !== 101)
    return new ApiError({ call, status, reason: `${STATUS_CODES[status] ?? "refused"}, no connection` });
  const why = aborted
    ? `there was none within ${openWithinMs / 1_000} s, or it was cancelled`
    : "it could not be reached";
  return new NetworkError(call, why, { mayHaveSucceeded: false, cause: reason });
}
