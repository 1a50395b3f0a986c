import { randomUUID } from "node:crypto";
import type { Courier } from "../webhooks/delivery-queue";
import type { SpikaMessage, SpikaRoom, SpikaUser, SpikaWebhook } from "./records";

/** Which of the forms that servers have used. `wrapped`: before 2023, with the signature inside the body. */
export type WireForm = "flat" | "wrapped";

/** Calls a room's webhook: once, without order, whatever comes of it. */
export function callWebhook(
  courier: Courier,
  { id, url, verifySignature }: SpikaWebhook,
  form: WireForm,
  message: SpikaMessage,
  author: SpikaUser,
  room: SpikaRoom,
): void {
  const content = {
    message,
    fromUser: { displayName: author.displayName, avatarFileId: 0 },
    room: { name: room.name, avatarFileId: 0 },
  };
  const signature = { "Content-Type": "application/json", "Verification-Signature": verifySignature };
  const body = Buffer.from(JSON.stringify(form === "flat" ? content : { data: content, headers: signature }));
  courier.post({
    platform: "spika",
    webhookId: `spika-${id}`,
    webhookName: `Spika, ${room.name || "a private room"}`,
    resource: "messages",
    event: "created",
    dataId: String(message.id),
    targetUrl: () => url,
    body,
    headers: (isForged) => ({
      Accept: "application/json, text/plain, */*",
      "Content-Type": "application/json",
      ...(form === "flat"
        ? { "Verification-Signature": isForged ? randomUUID().slice(0, 16) : verifySignature }
        : {}),
      "User-Agent": "axios/1.5.1",
      "Content-Length": String(body.length),
    }),
  });
}
