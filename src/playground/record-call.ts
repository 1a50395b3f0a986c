import type { IncomingMessage } from "node:http";
import type { Request, Response } from "express";
import { BodyBeginning } from "./body-beginning";
import type { ApiCall, Timeline } from "./timeline";

/** What was sent, by request, as far as it has been read. */
const sent = new WeakMap<IncomingMessage, BodyBeginning>();

/**
 * Enters a call into the timeline once it has been answered, with what was sent and what was answered.
 *
 * @param about asked when it has been answered
 */
export function recordCall(
  timeline: Timeline,
  request: Request,
  response: Response,
  about: () => Pick<ApiCall, "id" | "at" | "by" | "path">,
): void {
  const started = performance.now();
  const answered = keepWritten(response);
  response.once("finish", () => {
    const given = sent.get(request)?.toText(request.get("content-type"));
    const got = answered.toText(response.get("content-type"));
    timeline.add("call", {
      ...about(),
      method: request.method,
      status: response.statusCode,
      ms: Math.round(performance.now() - started),
      ...(given === undefined ? {} : { request: given }),
      ...(got === undefined ? {} : { response: got }),
    });
  });
}

/** What a parser is given as `verify`: keeps the bytes as they came, also of a body that it then refuses. */
export function keepSent(request: IncomingMessage, _response: unknown, bytes: Buffer): void {
  const body = new BodyBeginning();
  body.add(bytes);
  sent.set(request, body);
}

/** Whatever writes the answer, it ends up here. */
function keepWritten(response: Response): BodyBeginning {
  const body = new BodyBeginning();
  const { write, end } = response;
  // The overloads of both differ in what follows the chunk, which is handed on as it came.
  response.write = ((...given: Parameters<typeof write>) => {
    body.add(given[0]);
    return write.apply(response, given);
  }) as typeof write;
  response.end = ((...given: Parameters<typeof end>) => {
    body.add(given[0]);
    return end.apply(response, given);
  }) as typeof end;
  return body;
}
