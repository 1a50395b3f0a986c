import type { Request, Response } from "express";
import type { ApiCall, Timeline } from "./timeline";

/** As much of a body is kept to be looked at, in bytes. */
const MOST_KEPT = 20_000;

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
  const answered: Buffer[] = [];
  keepWritten(response, answered);
  response.once("finish", () => {
    const [sent, got] = [sentIn(request), toText(Buffer.concat(answered), response.get("content-type"))];
    timeline.add("call", {
      ...about(),
      method: request.method,
      status: response.statusCode,
      ms: Math.round(performance.now() - started),
      ...(sent === undefined ? {} : { request: sent }),
      ...(got === undefined ? {} : { response: got }),
    });
  });
}

/** Whatever writes the answer, it ends up here. */
function keepWritten(response: Response, kept: Buffer[]): void {
  let bytes = 0;
  const keep = (chunk: unknown): void => {
    if (bytes > MOST_KEPT || (typeof chunk !== "string" && !(chunk instanceof Uint8Array))) return;
    const part = Buffer.from(chunk);
    bytes += part.length;
    kept.push(part);
  };
  const { write, end } = response;
  // The overloads of both differ in what follows the chunk, which is handed on as it came.
  response.write = ((...given: Parameters<typeof write>) => {
    keep(given[0]);
    return write.apply(response, given);
  }) as typeof write;
  response.end = ((...given: Parameters<typeof end>) => {
    keep(given[0]);
    return end.apply(response, given);
  }) as typeof end;
}

/** The parsers have read it; a form is told by its size, since most of it is a file. */
function sentIn({ body, headers }: Request): string | undefined {
  if (Buffer.isBuffer(body)) return toText(body, headers["content-type"]);
  if (typeof body === "string") return shortened(body);
  if (typeof body !== "object" || body === null) return undefined;
  const text = JSON.stringify(body);
  return text === "{}" ? undefined : shortened(text);
}

function toText(bytes: Buffer, type: string | undefined): string | undefined {
  if (bytes.length === 0) return undefined;
  const isText = /json|text|xml/.test(type ?? "");
  return isText
    ? shortened(bytes.toString())
    : `${bytes.length} bytes of ${type?.split(";")[0] ?? "something"}`;
}

function shortened(text: string): string {
  return text.length <= MOST_KEPT ? text : `${text.slice(0, MOST_KEPT)}…`;
}
