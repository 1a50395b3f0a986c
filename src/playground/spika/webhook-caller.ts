import type { Timeline } from "../timeline";
import type { Sender } from "../webhooks/sender";
import type { SpikaMessage, SpikaRoom, SpikaUser, SpikaWebhook } from "./records";

/** Which of the forms that servers have used. `wrapped`: before 2023, with the signature inside the body. */
export type WireForm = "flat" | "wrapped";

/** Calls a room's webhook: once, without order, whatever comes of it. */
export async function callWebhook(
  { sender, timeline, now }: { sender: Sender; timeline: Timeline; now: () => number },
  { id, url, verifySignature }: SpikaWebhook,
  form: WireForm,
  message: SpikaMessage,
  author: SpikaUser,
  room: SpikaRoom,
): Promise<void> {
  const content = {
    message,
    fromUser: { displayName: author.displayName, avatarFileId: 0 },
    room: { name: room.name, avatarFileId: 0 },
  };
  const signature = { "Content-Type": "application/json", "Verification-Signature": verifySignature };
  const body = Buffer.from(JSON.stringify(form === "flat" ? content : { data: content, headers: signature }));
  const headers = {
    Accept: "application/json, text/plain, */*",
    "Content-Type": "application/json",
    ...(form === "flat" ? { "Verification-Signature": verifySignature } : {}),
    "User-Agent": "axios/1.5.1",
    "Content-Length": String(body.length),
  };
  const sent = await sender.post(url, headers, body);
  timeline.add("delivery", {
    id: `spika-${message.id}`,
    at: new Date(now()).toISOString(),
    webhookId: `spika-${id}`,
    webhookName: `Spika, ${room.name || "a private room"}`,
    resource: "messages",
    event: "created",
    dataId: String(message.id),
    targetUrl: url,
    ...sent,
    headers,
    body: body.toString(),
  });
}
