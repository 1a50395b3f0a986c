import { createHmac, randomUUID } from "node:crypto";
import { fieldsOf } from "../read-fields";
import type { Later } from "../scheduler";
import type { Delivery } from "../timeline";
import { type Courier, isTaken } from "../webhooks/delivery-queue";

export interface Recipient {
  readonly url: string;
  readonly secret: string | undefined;
}

/** What a receiver is told. */
export interface Notification {
  readonly appId: string;
  readonly topic: string;
  readonly item: object;
}

export interface NotifierParts {
  readonly courier: Courier;
  readonly later: Later;
  readonly now: () => number;
}

/** What is not taken is sent once more after this long, in milliseconds. */
const AGAIN_MS = 60_000;

/**
 * Tells a receiver of something, signed with the app's secret; once more after a minute when it is not taken.
 * @returns when it was answered, or was not
 */
export function notify(
  { courier, later, now }: NotifierParts,
  recipient: Recipient,
  { appId, topic, item }: Notification,
): Promise<void> {
  const at = Math.floor(now() / 1_000);
  const id = topic === "ping" ? null : `notif_${randomUUID()}`;

  function send(attempt: number, ended: (delivery: Delivery) => void): void {
    const body = Buffer.from(
      JSON.stringify({
        type: "notification_event",
        app_id: appId,
        ...{ id, topic },
        created_at: at,
        first_sent_at: at,
        delivery_attempts: attempt,
        delivery_status: topic === "ping" ? null : attempt === 1 ? "pending" : "retry",
        delivered_at: 0,
        links: {},
        self: null,
        data: { type: "notification_event_data", item },
      }),
    );
    courier.post({
      platform: "intercom",
      webhookId: `intercom ${recipient.url}`,
      webhookName: "Intercom",
      resource: topic,
      event: "",
      dataId: subjectOf(item) ?? id ?? "",
      targetUrl: () => recipient.url,
      body,
      headers: (isForged) => headersFor(body, isForged ? randomUUID() : recipient.secret),
      ended,
    });
  }

  return new Promise((resolve) =>
    send(1, (delivery) => {
      resolve();
      // 410 switches a subscription off, and 429 asks for fewer.
      if (id !== null && !isTaken(delivery) && delivery.status !== 410 && delivery.status !== 429)
        later.after(AGAIN_MS, () => send(2, () => undefined));
    }),
  );
}

function headersFor(body: Buffer, secret: string | undefined): Readonly<Record<string, string>> {
  return {
    Accept: "application/json",
    "Content-Type": "application/json",
    "User-Agent": "intercom-parrot-service-client/1.0",
    "Content-Length": String(body.length),
    ...(secret === undefined
      ? {}
      : { "X-Hub-Signature": `sha1=${createHmac("sha1", secret).update(body).digest("hex")}` }),
  };
}

/** What was said last, or else the conversation, or whatever else it is about. */
function subjectOf(item: object): string | undefined {
  const { conversation_parts: list, id } = fieldsOf(item);
  const { conversation_parts: parts } = fieldsOf(list);
  const last = Array.isArray(parts) ? fieldsOf(parts.at(-1)).id : undefined;
  const subject = last ?? id;
  return typeof subject === "string" ? subject : undefined;
}
