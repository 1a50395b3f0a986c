import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";

const MIB = 1024 * 1024;

/** Bodies that are being read and handled may have so many bytes together. */
const MOST_BYTES = 256 * MIB;
/** No route reads more of one body. */
const MOST_BYTES_EACH = 101 * MIB;

/**
 * Limits the memory that the bodies of all requests take at the same time. A request that says too much is answered 429
 * before its body is read. One that does not say its length is broken off when its body exceeds what is left.
 */
export function limitBodies(mostBytes = MOST_BYTES): RequestHandler {
  let inUse = 0;
  return (request, response, next) => {
    let own = Math.min(Number(request.headers["content-length"] ?? 0), MOST_BYTES_EACH);
    if (own > 0 && inUse + own > mostBytes) {
      response.setHeader("Retry-After", "1");
      response.status(429).json({
        message: `The playground is reading bodies of ${inUse} bytes, and reads ${mostBytes} at the same time. Send this one again.`,
      });
      return;
    }
    inUse += own;
    response.once("close", () => {
      inUse -= own;
    });
    if (request.headers["transfer-encoding"] !== undefined)
      countArriving(request, (bytes) => {
        own += bytes;
        inUse += bytes;
        return inUse <= mostBytes;
      });
    next();
  };
}

/** Calls `count` with each piece of a body, also if other code reads it, and ends the request once that returns `false`. */
function countArriving(request: IncomingMessage, count: (bytes: number) => boolean): void {
  const { push } = request;
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array && !count(chunk.length)) {
      request.destroy();
      return false;
    }
    return push.call(request, chunk, encoding);
  };
}
