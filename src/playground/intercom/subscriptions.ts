import { randomUUID } from "node:crypto";
import { Router } from "express";
import { fieldsOf, listOf } from "../read-fields";
import { IntercomError } from "./refusals";
import type { Subscription, Workspace } from "./workspace";

/** As many as Intercom lets an app make. */
const MOST_SUBSCRIPTIONS = 250;

/** Legacy, and still what some apps have. */
export function subscriptionRoutes(workspace: Workspace, ping: (to: Subscription) => void): Router {
  const router = Router();
  const subscriptionOf = (id: string): Subscription => {
    const found = workspace.subscriptions.get(id);
    if (found === undefined) throw new IntercomError(404, "not_found", "Subscription not found");
    return found;
  };
  const shownSubscription = ({ id, url, topics, secret, active, metadata }: Subscription): object => ({
    type: "notification_subscription",
    id,
    app_id: workspace.appId,
    service_type: "web",
    url,
    topics,
    active,
    hub_secret: secret ?? null,
    metadata,
    mode: "point",
  });
  router
    .route("/")
    .get((_request, response) => {
      response.json({ items: [...workspace.subscriptions.values()].map(shownSubscription) });
    })
    .post((request, response) => {
      const { url, topics, hub_secret: secret, metadata } = fieldsOf(request.body);
      if (typeof url !== "string" || !URL.canParse(url))
        throw new IntercomError(400, "parameter_invalid", "url is invalid");
      if (workspace.subscriptions.size >= MOST_SUBSCRIPTIONS)
        throw new IntercomError(
          400,
          "parameter_invalid",
          `There are ${MOST_SUBSCRIPTIONS} subscriptions already`,
        );
      const made: Subscription = {
        id: `nsub_${randomUUID()}`,
        url,
        topics: listOf(topics).map(String),
        secret: typeof secret === "string" ? secret : undefined,
        active: true,
        metadata: fieldsOf(metadata),
      };
      workspace.subscriptions.set(made.id, made);
      response.json(shownSubscription(made));
      ping(made);
    });
  router
    .route("/:id")
    .get((request, response) => void response.json(shownSubscription(subscriptionOf(request.params.id))))
    .post((request, response) => {
      const subscription = subscriptionOf(request.params.id);
      const { url, topics, hub_secret: secret, metadata, active } = fieldsOf(request.body);
      if (typeof url === "string") subscription.url = url;
      if (topics !== undefined) subscription.topics = listOf(topics).map(String);
      if (typeof secret === "string") subscription.secret = secret;
      if (metadata !== undefined) subscription.metadata = fieldsOf(metadata);
      if (typeof active === "boolean") subscription.active = active;
      response.json(shownSubscription(subscription));
    })
    .delete((request, response) => {
      workspace.subscriptions.delete(subscriptionOf(request.params.id).id);
      response.json({});
    });
  router.post("/:id/ping", (request, response) => {
    ping(subscriptionOf(request.params.id));
    response.json({});
  });
  return router;
}
