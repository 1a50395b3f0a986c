import { randomUUID } from "node:crypto";
import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from "express";
import type { Logger } from "../core/contract/logger";
import type { GuardedApi } from "./auth/auth";
import type { Faults } from "./faults/faults";
import { faultsOnCalls } from "./faults/on-calls";
import { recordCall } from "./record-call";
import { setCaller } from "./routes/call";
import type { Timeline } from "./timeline";
import { ApiError, notFound } from "./webex/api-error";
import type { Person } from "./webex/records";
import type { Webex } from "./webex/webex";

export interface FrameParts {
  readonly webex: Webex;
  readonly timeline: Timeline;
  readonly logger: Logger;
  readonly faults: Faults;
}

/** What all services of Webex have in common: who calls, the tracking id, and every refusal in Webex's form. */
export function framed(
  { webex, timeline, logger, faults }: FrameParts,
  addRoutes: (router: Router) => void,
): Router {
  const router = Router();
  router.use(track(webex, timeline));
  router.use(
    faultsOnCalls(faults, {
      platform: "webex",
      byOf: ({ headers }) => nameOf(personBehind(webex, headers.authorization)),
      refuse: (response, status, message) =>
        refuse(response, new ApiError(status, message, [{ description: message }])),
    }),
  );
  router.use(authenticate(webex));
  addRoutes(router);
  router.use(() => {
    throw notFound();
  });
  router.use(answerError(logger));
  return router;
}

/** How Webex's services tell programs with a token from others. */
export function webexGuard(webex: Webex): GuardedApi {
  return {
    path: "/webex",
    isAuthorised: ({ headers }) => personBehind(webex, headers.authorization) !== undefined,
    refuse(response, status, message) {
      response.setHeader("TrackingID", `PLAYGROUND_${randomUUID()}`);
      refuse(response, new ApiError(status, message));
    },
  };
}

/** Gives the answer its tracking id, the caller's own when there is one, and enters the call into the timeline. */
function track(webex: Webex, timeline: Timeline): RequestHandler {
  return (request, response, next) => {
    const path = request.url;
    const own = request.get("TrackingID");
    const trackingId = own !== undefined && /^[\w.:-]{1,200}$/.test(own) ? own : `PLAYGROUND_${randomUUID()}`;
    response.setHeader("TrackingID", trackingId);
    recordCall(timeline, request, response, () => ({
      id: trackingId,
      at: new Date(webex.now()).toISOString(),
      path,
      by: nameOf(personBehind(webex, request.headers.authorization)),
    }));
    next();
  };
}

function nameOf(caller: Person | undefined): string {
  if (caller === undefined) return "unknown";
  return caller.type === "bot" ? "bot" : caller.displayName;
}

function authenticate(webex: Webex): RequestHandler {
  return (request, response, next) => {
    const caller = personBehind(webex, request.headers.authorization);
    if (caller === undefined)
      throw new ApiError(401, "The request needs a valid access token in its Authorization header.");
    setCaller(response, caller);
    next();
  };
}

function personBehind(webex: Webex, authorization: string | undefined): Person | undefined {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  return token === undefined ? undefined : webex.store.personByToken(token);
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof ApiError) refuse(response, error);
    else if (isParserError(error)) refuse(response, new ApiError(error.status, parserMessage(error.status)));
    else {
      logger.error("playground: a route failed", { method: request.method, error });
      refuse(response, new ApiError(500, "The playground itself failed; its log says why."));
    }
  };
}

function refuse(response: Response, { status, message, details }: ApiError): void {
  response.status(status).json({ message, errors: details, trackingId: response.get("TrackingID") });
}

/** What body-parser and Express throw about the request itself. */
function isParserError(error: unknown): error is Error & { status: number } {
  return (
    error instanceof Error && "status" in error && typeof error.status === "number" && error.status < 500
  );
}

function parserMessage(status: number): string {
  if (status === 413) return "The request body is too large.";
  return status === 415 ? "The body's encoding is not supported." : "The request could not be read.";
}
