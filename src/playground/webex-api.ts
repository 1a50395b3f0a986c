import { json, raw } from "body-parser";
import type { RequestHandler, Router } from "express";
import { type FrameParts, framed } from "./api-frame";
import { keepSent } from "./record-call";
import { attachmentActionRoutes } from "./routes/attachment-actions";
import { contentRoutes } from "./routes/contents";
import { membershipRoutes } from "./routes/memberships";
import { messageRoutes } from "./routes/messages";
import { organisationRoutes } from "./routes/organisation";
import { peopleRoutes } from "./routes/people";
import { roomTabRoutes } from "./routes/room-tabs";
import { roomRoutes } from "./routes/rooms";
import { teamMembershipRoutes } from "./routes/team-memberships";
import { teamRoutes } from "./routes/teams";
import { webhookRoutes } from "./routes/webhooks";
import { ApiError } from "./webex/api-error";
import { refuseAdministration } from "./webex/people";
import type { WebhookRegistry } from "./webhooks/registry";

const jsonLimit = "1mb";
const formLimit = "101mb";

/** Webex's messaging API: who calls, what they sent, which route, and every refusal in Webex's form. */
export function webexApi(parts: FrameParts & { readonly registry: WebhookRegistry }): Router {
  const { webex, registry } = parts;
  return framed(parts, (router) => {
    router.use(
      refuseOtherBodies,
      json({ limit: jsonLimit, verify: keepSent }),
      raw({ type: "multipart/form-data", limit: formLimit, verify: keepSent }),
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
    router.use(organisationRoutes(webex));
    router.use("/events", refuseAdministration);
    router.use("/contents", contentRoutes(webex));
  });
}

const refuseOtherBodies: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"]) > 0;
  if (hasBody && !request.is(["json", "multipart/form-data"]))
    throw new ApiError(415, "The body must be application/json or multipart/form-data.");
  next();
};
