import { randomUUID } from "node:crypto";
import { json } from "body-parser";
import { type Request, Router } from "express";
import type { GuardedApi } from "../auth/auth";
import type { Faults } from "../faults/faults";
import { faultsOnCalls } from "../faults/on-calls";
import { keepSent, recordCall } from "../record-call";
import type { Timeline } from "../timeline";
import { attachmentAt, attachmentRoutes } from "./attachments";
import { conversationRoutes } from "./conversations";
import { eventRoutes, peopleRoutes } from "./people";
import { answerError, IntercomError, refuseWith } from "./refusals";
import { subscriptionRoutes } from "./subscriptions";
import { teamRoutes } from "./team";
import type { Conversation, Part, Subscription, Workspace } from "./workspace";

export interface ApiParts {
  readonly workspace: Workspace;
  /** Where sent files can be read, without a slash at the end. */
  readonly filesUrl: string;
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly now: () => number;
  /** An admin said or did something. */
  said(conversation: Conversation, part: Part): void;
  ping(subscription: Subscription): void;
  /** Tells subscriptions to a topic of an item. */
  tell(topic: string, item: object): void;
}

/** How Intercom tells programs with the workspace's token from others. The address of an attachment is a secret itself. */
export function intercomGuard(workspace: Workspace): GuardedApi {
  return {
    path: "/intercom",
    isAuthorised: (request) =>
      hasToken(workspace, request) || attachmentAt(workspace, request.path) !== undefined,
    refuse: refuseWith,
  };
}

/** `Bearer` as in today's documents, or `Basic` with the token as user name, as older clients send it. */
function hasToken({ token }: Workspace, request: Request): boolean {
  const [, scheme = "", credentials = ""] = /^(\S+) +(\S+) *$/.exec(request.get("authorization") ?? "") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
      return credentials === token;
    case "basic":
      return Buffer.from(credentials, "base64").toString().split(":", 1)[0] === token;
    default:
      return false;
  }
}

/** Intercom's API, as far as a bot needs it. */
export function intercomApi(parts: ApiParts): Router {
  const { workspace, filesUrl, timeline, faults, now, said, ping, tell } = parts;
  const router = Router();
  const isOurs = (request: Request): boolean => hasToken(workspace, request);
  const seconds = (): number => Math.floor(now() / 1_000);

  router.use("/attachments", attachmentRoutes(workspace));
  router.use(
    (request, response, next) => {
      const path = `/intercom${request.path}`;
      response.setHeader("X-RateLimit-Limit", "1666");
      response.setHeader("X-RateLimit-Remaining", "1665");
      response.setHeader("X-RateLimit-Reset", String(seconds() + 10));
      recordCall(timeline, request, response, () => ({
        id: `intercom-${randomUUID()}`,
        at: new Date(now()).toISOString(),
        path,
        by: isOurs(request) ? "bot" : "unknown",
      }));
      next();
    },
    faultsOnCalls(faults, {
      platform: "intercom",
      byOf: (request) => (isOurs(request) ? "bot" : "unknown"),
      refuse: refuseWith,
    }),
    (request, _response, next) => {
      if (!isOurs(request)) throw new IntercomError(401, "unauthorized", "Access Token Invalid");
      next();
    },
    // Older clients send the JSON text "" where there is nothing to say.
    json({ limit: "60mb", strict: false, type: ["json", "+json", "text/json"], verify: keepSent }),
  );

  router.get("/me", (_request, response) => {
    const app = { type: "app", id_code: workspace.appId };
    response.json({ type: "admin", ...workspace.admin, app });
  });
  router.use(teamRoutes(workspace));
  router.use(peopleRoutes({ workspace, seconds, tell }));
  router.use("/events", eventRoutes({ workspace, seconds, tell }));
  router.use("/conversations", conversationRoutes({ workspace, filesUrl, seconds, said }));
  router.use("/subscriptions", subscriptionRoutes(workspace, ping));
  router.use(() => {
    throw new IntercomError(404, "not_found", "Resource Not Found");
  });
  router.use(answerError);
  return router;
}
