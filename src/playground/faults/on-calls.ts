import type { Request, RequestHandler, Response } from "express";
import type { CallFault, PlatformName } from "./fault";
import type { Faults } from "./faults";

/** How calls of one platform's API go wrong. */
export interface CallsOfPlatform {
  readonly platform: PlatformName;
  /** Who calls, as the timeline names them. */
  byOf(request: Request): string;
  /** Answers with a status, in the platform's own form. */
  refuse(response: Response, status: number, message: string): void;
}

/** Lets go wrong what is asked for. */
export function faultsOnCalls(faults: Faults, { platform, byOf, refuse }: CallsOfPlatform): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    let waitMs = 0;
    let last: CallFault | undefined;
    for (const fault of faults.onCall({ platform, method, path, by: byOf(request) })) {
      if (fault.kind === "delay") waitMs += fault.ms;
      else last = fault;
    }
    const goOn = (): void => {
      if (last === undefined || !answerWith(last, response, refuse)) next();
    };
    if (waitMs === 0) goOn();
    else setTimeout(goOn, waitMs).unref();
  };
}

/** @returns `false` when the call is to be done all the same */
function answerWith(fault: CallFault, response: Response, refuse: CallsOfPlatform["refuse"]): boolean {
  switch (fault.kind) {
    case "status": {
      if (fault.retryAfterS !== undefined) response.setHeader("Retry-After", String(fault.retryAfterS));
      refuse(response, fault.status, SENTENCES[fault.status] ?? "The playground was asked to answer so.");
      return true;
    }
    case "html": {
      const answer = (): void => {
        response
          .status(fault.status ?? 502)
          .type("text/html")
          .send(PAGE);
      };
      if (fault.when !== "after") answer();
      else replaceTheAnswer(response, answer);
      return fault.when !== "after";
    }
    case "hang":
      return true;
    case "reset":
      if (fault.when === "after") {
        insteadOfTheAnswer(response, () => response.req.socket.resetAndDestroy());
        return false;
      }
      response.req.socket.resetAndDestroy();
      return true;
    case "cut":
      insteadOfTheAnswer(response, (body) => {
        response.setHeader("Content-Length", body.length);
        response.flushHeaders();
        response.req.socket.end(body.subarray(0, Math.floor(body.length / 2)));
      });
      return false;
    case "delay":
      return false;
    default:
      return fault satisfies never;
  }
}

/** Lets the call be done, and something else be said of it. */
function insteadOfTheAnswer(response: Response, say: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const collect = (chunk: unknown, encoding: unknown): void => {
    if (Buffer.isBuffer(chunk) || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    else if (typeof chunk === "string")
      chunks.push(Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8"));
  };
  response.write = (chunk: unknown, encoding?: unknown) => {
    collect(chunk, encoding);
    return true;
  };
  response.end = (chunk?: unknown, encoding?: unknown) => {
    collect(chunk, encoding);
    say(Buffer.concat(chunks));
    response.emit("finish");
    return response;
  };
}

/** Lets the call be done, and answers in another way. */
function replaceTheAnswer(response: Response, answer: () => void): void {
  const { write, end } = response;
  response.write = () => true;
  response.end = () => {
    Object.assign(response, { write, end });
    answer();
    return response;
  };
}

const PAGE = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

const SENTENCES: Readonly<Record<number, string>> = {
  401: "The request requires a valid access token set in the Authorization request header.",
  423: "The file is being scanned for malware.",
  428: "The file cannot be scanned for malware.",
  429: "Too many requests have been sent in a given amount of time.",
};
