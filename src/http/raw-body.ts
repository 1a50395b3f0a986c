import type { IncomingMessage } from "node:http";

/** Why there is no body. */
export type BodyProblem = "too-large" | "aborted" | "already-read";

/**
 * Reads a request's body, byte for byte as it was sent.
 *
 * Not body-parser: its `raw` costs as much as everything else that is done for a delivery, and the signature needs
 * nothing of what it adds.
 * @param maxBytes bodies that are longer, or that say they are, are not read to their end
 */
export function readRawBody(
  request: IncomingMessage,
  maxBytes: number,
  done: (result: Buffer | BodyProblem) => void,
): void {
  const parsed: unknown = Reflect.get(request, "body");
  // `express.raw()` in front of us leaves the bytes; `express.json()` leaves nothing that a signature fits.
  if (Buffer.isBuffer(parsed)) done(parsed.length > maxBytes ? "too-large" : parsed);
  else if (request.readableEnded || parsed !== undefined) done("already-read");
  else if (request.destroyed) done("aborted");
  else if (Number(request.headers["content-length"] ?? 0) > maxBytes) done("too-large");
  else collect(request, maxBytes, done);
}

function collect(
  request: IncomingMessage,
  maxBytes: number,
  done: (result: Buffer | BodyProblem) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let settled = false;
  const settle = (result: Buffer | BodyProblem): void => {
    if (settled) return;
    settled = true;
    done(result);
  };
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) settle("too-large");
    else chunks.push(chunk);
  });
  request.on("end", () => settle(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
  request.on("error", () => settle("aborted"));
  request.on("close", () => settle("aborted"));
}
