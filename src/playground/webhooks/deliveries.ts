import { randomUUID } from "node:crypto";
import type { Logger } from "../../core/contract/logger";
import type { Delivery } from "../timeline";
import type { Change, Webex } from "../webex/webex";
import { type Courier, isTaken } from "./delivery-queue";
import { type Occurrence, toOccurrence } from "./occurrence";
import type { WebhookRecord, WebhookRegistry } from "./registry";
import { signatureHeaders } from "./signature";

/** Tells webhooks of changes: one delivery for each that matches, no second attempt. */
export class Deliveries {
  readonly #webex: Webex;
  readonly #registry: WebhookRegistry;
  readonly #courier: Courier;
  readonly #logger: Logger;

  constructor(parts: { webex: Webex; registry: WebhookRegistry; courier: Courier; logger: Logger }) {
    this.#webex = parts.webex;
    this.#registry = parts.registry;
    this.#courier = parts.courier;
    this.#logger = parts.logger;
  }

  /** Returns at once; the deliveries go their way. */
  announce(change: Change): void {
    const occurrence = toOccurrence(this.#webex, change);
    const { resource, event } = occurrence;
    for (const record of this.#registry.listeners(occurrence)) {
      const { webhook } = record;
      const body = Buffer.from(JSON.stringify(envelope(record, occurrence)));
      this.#courier.post({
        platform: "webex",
        webhookId: webhook.id,
        webhookName: webhook.name,
        ...{ resource, event, body },
        dataId: String(occurrence.data.id),
        targetUrl: () => webhook.targetUrl,
        headers: (isForged) => headersFor(body, isForged ? randomUUID() : webhook.secret),
        ended: (delivery) => this.#count(record, delivery),
        deactivate: () => {
          webhook.status = "inactive";
        },
      });
    }
  }

  #count({ webhook, deactivation }: WebhookRecord, delivery: Delivery): void {
    if (isTaken(delivery)) return;
    const { status, error } = delivery;
    this.#logger.debug("playground: delivery failed", { webhookId: webhook.id, status, error });
    if (webhook.status !== "active" || !deactivation.failed(this.#webex.now())) return;
    webhook.status = "inactive";
    this.#logger.warn("playground: webhook deactivated after too many failed deliveries", {
      webhookId: webhook.id,
    });
  }
}

function headersFor(body: Buffer, secret: string | undefined): Readonly<Record<string, string>> {
  return {
    "Content-Type": "application/json;charset=UTF-8",
    "Content-Length": String(body.length),
    "User-Agent": "SparkWebhook/1.0",
    TrackingID: `PLAYGROUND_${randomUUID()}`,
    ...(secret === undefined ? {} : signatureHeaders(body, secret)),
  };
}

/** What is sent: the webhook without its secret, and what happened, by reference. */
function envelope({ webhook }: WebhookRecord, occurrence: Occurrence): object {
  return {
    id: webhook.id,
    name: webhook.name,
    targetUrl: webhook.targetUrl,
    resource: occurrence.resource,
    event: occurrence.event,
    ...(webhook.filter === undefined ? {} : { filter: webhook.filter }),
    orgId: webhook.orgId,
    createdBy: webhook.createdBy,
    appId: webhook.appId,
    ownedBy: webhook.ownedBy,
    status: "active",
    created: webhook.created,
    actorId: occurrence.actorId,
    data: occurrence.data,
  };
}
