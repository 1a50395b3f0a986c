import type { IncomingMessage } from "node:http";

/**
 * Why there is no body. `crowded-out`: it was given up, because more bytes were being received than may be held.
 * `too-slow`: it did not end in time.
 */
export type BodyProblem = "too-large" | "aborted" | "already-read" | "crowded-out" | "too-slow";

export interface BodyRules {
  /** Bodies that are longer, or whose Content-Length is, are not read to their end. In bytes. */
  readonly maxBytes: number;
  /** Bytes that are held for all bodies together while they arrive. */
  readonly maxHeldBytes: number;
  /** How long one body may take to arrive, in milliseconds. @default 30_000 */
  readonly maxMs?: number | undefined;
}

/** Reads the body of a request, byte for byte as it was sent. Calls `done` once. */
export type ReadBody = (request: IncomingMessage, done: (result: Buffer | BodyProblem) => void) => void;

/** Between two looks for bodies that are too slow, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
const EMPTY = Buffer.alloc(0);
/** The first size of a buffer that several pieces share, in bytes. */
const SMALLEST_BUFFER = 4_096;

/** A body of which something is still missing. */
interface ArrivingBody {
  buffer: Buffer;
  /** Bytes of `buffer` that have arrived. */
  size: number;
  /** Bytes that are held for it. */
  held: number;
  readonly since: number;
  settle(result: Buffer | BodyProblem): void;
}

/**
 * Makes the reader of one receiver's bodies, whose senders are not known yet: together they hold a bounded number of
 * bytes. When one more does not fit, the body that has been arriving for the longest is given up, so that senders who
 * hold many bodies back do not keep out those that send theirs at once.
 *
 * Not body-parser: its `raw` costs as much as everything else that is done for a delivery, and the signature needs
 * nothing of what it adds.
 */
export function createBodyReader({ maxBytes, maxHeldBytes, maxMs = 30_000 }: BodyRules): ReadBody {
  /** The longest-arriving first. */
  const arriving = new Set<ArrivingBody>();
  let heldBytes = 0;
  let isWatching = false;

  /** A server of someone else's may allow a request minutes, or any time. One timer serves all bodies. */
  function giveUpSlowOnes(): void {
    isWatching = false;
    const before = performance.now() - maxMs;
    for (const body of arriving) {
      if (body.since > before) break;
      body.settle("too-slow");
    }
    if (arriving.size > 0) watch();
  }

  function watch(): void {
    if (isWatching) return;
    isWatching = true;
    setTimeout(giveUpSlowOnes, Math.min(LOOK_EVERY_MS, maxMs)).unref();
  }

  function hold(body: ArrivingBody, bytes: number): void {
    heldBytes += bytes - body.held;
    body.held = bytes;
    for (const oldest of arriving) {
      if (heldBytes <= maxHeldBytes) return;
      oldest.settle("crowded-out");
    }
  }

  function append(body: ArrivingBody, chunk: Buffer): void {
    const size = body.size + chunk.length;
    if (body.size === 0) {
      // Nearly always the whole body. The chunk may be a small part of the memory that it keeps alive.
      body.buffer = chunk;
      body.size = size;
      hold(body, chunk.buffer.byteLength);
      return;
    }
    if (size > body.buffer.length || body.size === body.buffer.length) {
      const larger = Math.min(maxBytes, Math.max(2 * body.buffer.length, size, SMALLEST_BUFFER));
      const grown = Buffer.allocUnsafeSlow(larger);
      body.buffer.copy(grown, 0, 0, body.size);
      body.buffer = grown;
    }
    chunk.copy(body.buffer, body.size);
    body.size = size;
    hold(body, body.buffer.length);
  }

  function collect(request: IncomingMessage, done: (result: Buffer | BodyProblem) => void): void {
    const body: ArrivingBody = {
      buffer: EMPTY,
      size: 0,
      held: 0,
      since: performance.now(),
      settle(result) {
        if (!arriving.delete(body)) return;
        heldBytes -= body.held;
        body.buffer = EMPTY;
        done(result);
      },
    };
    arriving.add(body);
    watch();
    request.on("data", (chunk: Buffer) => {
      if (!arriving.has(body)) return;
      if (body.size + chunk.length > maxBytes) body.settle("too-large");
      else append(body, chunk);
    });
    request.on("end", () => body.settle(body.buffer.subarray(0, body.size)));
    request.on("error", () => body.settle("aborted"));
    request.on("close", () => body.settle("aborted"));
  }

  return (request, done) => {
    const parsed: unknown = Reflect.get(request, "body");
    // `express.raw()` in front of us leaves the bytes; `express.json()` leaves nothing that a signature fits.
    if (Buffer.isBuffer(parsed)) done(parsed.length > maxBytes ? "too-large" : parsed);
    else if (request.readableEnded || parsed !== undefined) done("already-read");
    else if (request.destroyed) done("aborted");
    else if (Number(request.headers["content-length"] ?? 0) > maxBytes) done("too-large");
    else collect(request, done);
  };
}
