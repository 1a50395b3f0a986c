import { createHmac, randomUUID } from "node:crypto";
import { fieldsOf } from "../fields-of";
import type { Timeline } from "../timeline";
import type { Sender } from "../webhooks/sender";

export interface Recipient {
  readonly url: string;
  readonly secret: string | undefined;
}

/** Tells a receiver of something, signed with the app's secret; once more after a minute Intercom would, and this does not. */
export async function notify(
  { sender, timeline, now }: { sender: Sender; timeline: Timeline; now: () => number },
  { url, secret }: Recipient,
  appId: string,
  topic: string,
  item: object,
): Promise<void> {
  const at = Math.floor(now() / 1_000);
  const id = topic === "ping" ? null : `notif_${randomUUID()}`;
  const body = Buffer.from(
    JSON.stringify({
      type: "notification_event",
      app_id: appId,
      id,
      topic,
      created_at: at,
      first_sent_at: at,
      delivery_attempts: 1,
      delivery_status: topic === "ping" ? null : "pending",
      delivered_at: 0,
      links: {},
      self: null,
      data: { type: "notification_event_data", item },
    }),
  );
  const headers = {
    Accept: "application/json",
    "Content-Type": "application/json",
    "User-Agent": "intercom-parrot-service-client/1.0",
    "Content-Length": String(body.length),
    ...(secret === undefined
      ? {}
      : { "X-Hub-Signature": `sha1=${createHmac("sha1", secret).update(body).digest("hex")}` }),
  };
  const sent = await sender.post(url, headers, body);
  timeline.add("delivery", {
    id: `intercom-${id ?? randomUUID()}`,
    at: new Date(now()).toISOString(),
    webhookId: "intercom",
    webhookName: "Intercom",
    resource: topic,
    event: "",
    dataId: subjectOf(item) ?? id ?? "",
    targetUrl: url,
    ...sent,
    headers,
    body: body.toString(),
  });
}

/** What was said last, or else the conversation, or whatever else it is about. */
function subjectOf(item: object): string | undefined {
  const { conversation_parts: list, id } = fieldsOf(item);
  const { conversation_parts: parts } = fieldsOf(list);
  const last = Array.isArray(parts) ? fieldsOf(parts.at(-1)).id : undefined;
  const subject = last ?? id;
  return typeof subject === "string" ? subject : undefined;
}
