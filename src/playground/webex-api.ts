import { randomUUID } from "node:crypto";
import { json, raw } from "body-parser";
import { type ErrorRequestHandler, type RequestHandler, type Response, Router } from "express";
import type { Logger } from "../core/logger";
import { attachmentActionRoutes } from "./routes/attachment-actions";
import { setCaller } from "./routes/call";
import { contentRoutes } from "./routes/contents";
import { membershipRoutes } from "./routes/memberships";
import { messageRoutes } from "./routes/messages";
import { peopleRoutes } from "./routes/people";
import { roomTabRoutes } from "./routes/room-tabs";
import { roomRoutes } from "./routes/rooms";
import { teamMembershipRoutes } from "./routes/team-memberships";
import { teamRoutes } from "./routes/teams";
import { webhookRoutes } from "./routes/webhooks";
import type { Timeline } from "./timeline";
import { ApiError, notFound } from "./webex/api-error";
import { refuseAdministration } from "./webex/people";
import type { Person } from "./webex/records";
import type { Webex } from "./webex/webex";
import type { WebhookRegistry } from "./webhooks/registry";

const jsonLimit = "1mb";
const formLimit = "101mb";

/** Webex's messaging API: who calls, what they sent, which route, and every refusal in Webex's form. */
export function webexApi(parts: {
  webex: Webex;
  registry: WebhookRegistry;
  timeline: Timeline;
  logger: Logger;
}): Router {
  const { webex, registry, timeline, logger } = parts;
  const router = Router();
  router.use(track(webex, timeline));
  router.use(authenticate(webex));
  router.use(
    refuseOtherBodies,
    json({ limit: jsonLimit }),
    raw({ type: "multipart/form-data", limit: formLimit }),
  );
  router.use("/messages", messageRoutes(webex));
  router.use("/attachment/actions", attachmentActionRoutes(webex));
  router.use("/people", peopleRoutes(webex));
  router.use("/rooms", roomRoutes(webex));
  router.use("/memberships", membershipRoutes(webex));
  router.use("/webhooks", webhookRoutes(webex, registry));
  router.use("/teams", teamRoutes(webex));
  router.use("/team/memberships", teamMembershipRoutes(webex));
  router.use("/room/tabs", roomTabRoutes(webex));
  router.use("/events", refuseAdministration);
  router.use("/contents", contentRoutes(webex));
  router.use(() => {
    throw notFound();
  });
  router.use(answerError(logger));
  return router;
}

/** Gives the answer its tracking id, the caller's own when there is one, and enters the call into the timeline. */
function track(webex: Webex, timeline: Timeline): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const path = request.url;
    const own = request.get("TrackingID");
    const trackingId = own !== undefined && /^[\w.:-]{1,200}$/.test(own) ? own : `PLAYGROUND_${randomUUID()}`;
    response.setHeader("TrackingID", trackingId);
    response.once("finish", () => {
      timeline.add("call", {
        id: trackingId,
        at: new Date(webex.now()).toISOString(),
        method: request.method,
        path,
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
        by: nameOf(personBehind(webex, request.headers.authorization)),
      });
    });
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

const refuseOtherBodies: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"]) > 0;
  if (hasBody && !request.is(["json", "multipart/form-data"]))
    throw new ApiError(415, "The body must be application/json or multipart/form-data.");
  next();
};

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
