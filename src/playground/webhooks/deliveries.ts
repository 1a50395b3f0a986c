import { randomUUID } from "node:crypto";
import type { Logger } from "../../core/logger";
import type { Timeline } from "../timeline";
import type { Change, Webex } from "../webex/webex";
import { type Occurrence, toOccurrence } from "./occurrence";
import type { WebhookRecord, WebhookRegistry } from "./registry";
import type { Sender } from "./sender";
import { signatureHeaders } from "./signature";

/** Tells webhooks of changes: one delivery for each that matches, no second attempt. */
export class Deliveries {
  readonly #webex: Webex;
  readonly #registry: WebhookRegistry;
  readonly #sender: Sender;
  readonly #timeline: Timeline;
  readonly #logger: Logger;

  constructor(parts: {
    webex: Webex;
    registry: WebhookRegistry;
    sender: Sender;
    timeline: Timeline;
    logger: Logger;
  }) {
    this.#webex = parts.webex;
    this.#registry = parts.registry;
    this.#sender = parts.sender;
    this.#timeline = parts.timeline;
    this.#logger = parts.logger;
  }

  /** Returns at once; the deliveries go their way. */
  announce(change: Change): void {
    const occurrence = toOccurrence(this.#webex, change);
    for (const record of this.#registry.listeners(occurrence)) void this.#deliver(record, occurrence);
  }

  async #deliver(record: WebhookRecord, occurrence: Occurrence): Promise<void> {
    const { webhook, deactivation } = record;
    const { secret, targetUrl } = webhook;
    const trackingId = `PLAYGROUND_${randomUUID()}`;
    const body = Buffer.from(JSON.stringify(envelope(record, occurrence)));
    const headers = {
      "Content-Type": "application/json;charset=UTF-8",
      "Content-Length": String(body.length),
      "User-Agent": "SparkWebhook/1.0",
      TrackingID: trackingId,
      ...(secret === undefined ? {} : signatureHeaders(body, secret)),
    };
    const sent = await this.#sender.post(targetUrl, headers, body);
    this.#timeline.add("delivery", {
      id: trackingId,
      at: new Date(this.#webex.now()).toISOString(),
      webhookId: webhook.id,
      webhookName: webhook.name,
      resource: occurrence.resource,
      event: occurrence.event,
      dataId: String(occurrence.data.id),
      targetUrl,
      ...sent,
      headers,
      body: body.toString(),
    });
    if (sent.status !== null && sent.status >= 200 && sent.status < 300) return;
    this.#logger.debug("playground: delivery failed", {
      webhookId: webhook.id,
      status: sent.status,
      error: sent.error,
    });
    if (webhook.status === "active" && deactivation.failed(this.#webex.now())) {
      webhook.status = "inactive";
      this.#logger.warn("playground: webhook deactivated after too many failed deliveries", {
        webhookId: webhook.id,
      });
    }
  }
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
