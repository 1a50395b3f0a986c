import { randomUUID } from "node:crypto";
import type { Logger } from "../../core/logger";
import type { Faults } from "../faults/faults";
import { UnsteadyLine } from "../faults/on-deliveries";
import type { Delivery, Timeline } from "../timeline";
import { notFound } from "../webex/api-error";
import type { Change, Webex } from "../webex/webex";
import { type Occurrence, toOccurrence } from "./occurrence";
import type { WebhookRecord, WebhookRegistry } from "./registry";
import type { Sender, Sent } from "./sender";
import { signatureHeaders } from "./signature";

/** Tells webhooks of changes: one delivery for each that matches, no second attempt. */
export class Deliveries {
  readonly #webex: Webex;
  readonly #registry: WebhookRegistry;
  readonly #sender: Sender;
  readonly #timeline: Timeline;
  readonly #logger: Logger;
  readonly #faults: Faults;
  /** By webhook. */
  readonly #lines = new Map<string, UnsteadyLine>();

  constructor(parts: {
    webex: Webex;
    registry: WebhookRegistry;
    sender: Sender;
    timeline: Timeline;
    logger: Logger;
    faults: Faults;
  }) {
    this.#webex = parts.webex;
    this.#registry = parts.registry;
    this.#sender = parts.sender;
    this.#timeline = parts.timeline;
    this.#logger = parts.logger;
    this.#faults = parts.faults;
  }

  /** Returns at once; the deliveries go their way. */
  announce(change: Change): void {
    const occurrence = toOccurrence(this.#webex, change);
    for (const record of this.#registry.listeners(occurrence)) {
      const { resource, event } = occurrence;
      const body = Buffer.from(JSON.stringify(envelope(record, occurrence)));
      const deliver = (sending: Promise<Sent>, headers: Delivery["headers"]): Promise<Delivery> =>
        this.#note(record, sending, { resource, event, dataId: String(occurrence.data.id), headers, body });
      const headers = headersFor(body, record.webhook.secret);
      this.#lineTo(record).pass(this.#faults.onDelivery("delivery", resource, event), {
        send: (isCut) => deliver(this.#sender.post(record.webhook.targetUrl, headers, body, isCut), headers),
        lose: () => void deliver(Promise.resolve(LOST), headers),
        deactivate: () => {
          record.webhook.status = "inactive";
        },
      });
    }
  }

  /**
   * Sends the same bytes once more.
   * @param isForged signed with another secret
   * @throws ApiError 404 when the delivery is not kept any more, or its webhook is gone
   */
  async again(id: string, isForged: boolean): Promise<Delivery> {
    const delivery = this.#timeline.all("delivery").find((one) => one.id === id);
    const record = delivery && this.#registry.find(delivery.webhookId);
    if (delivery === undefined || record === undefined) throw notFound();
    const body = Buffer.from(delivery.body);
    const headers = headersFor(body, isForged ? randomUUID() : record.webhook.secret);
    const sending = this.#sender.post(record.webhook.targetUrl, headers, body);
    return this.#note(record, sending, { ...delivery, headers, body });
  }

  close(): void {
    for (const line of this.#lines.values()) line.close();
  }

  #lineTo({ webhook: { id } }: WebhookRecord): UnsteadyLine {
    const line = this.#lines.get(id) ?? new UnsteadyLine();
    this.#lines.set(id, line);
    return line;
  }

  async #note(
    { webhook, deactivation }: WebhookRecord,
    sending: Promise<Sent>,
    what: Pick<Delivery, "resource" | "event" | "dataId" | "headers"> & { readonly body: Buffer },
  ): Promise<Delivery> {
    const { resource, event, dataId, headers, body } = what;
    const { targetUrl } = webhook;
    const sent = await sending;
    const delivery: Delivery = {
      id: headers.TrackingID ?? "",
      at: new Date(this.#webex.now()).toISOString(),
      webhookId: webhook.id,
      webhookName: webhook.name,
      resource,
      event,
      dataId,
      targetUrl,
      ...sent,
      headers,
      body: body.toString(),
    };
    this.#timeline.add("delivery", delivery);
    if (sent.status !== null && sent.status >= 200 && sent.status < 300) return delivery;
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
    return delivery;
  }
}

const LOST: Sent = { status: null, ms: 0, error: "the playground was asked to lose it" };

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
