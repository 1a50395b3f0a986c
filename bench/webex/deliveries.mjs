import { createHmac } from "node:crypto";
import { idOf } from "./ids.mjs";

/** People write in so many rooms, in turn. */
const ROOMS = 5_000;

/**
 * @typedef {object} Delivery
 * @property {string} messageId
 * @property {string} roomId
 * @property {string} request the whole HTTP request
 */

/**
 * Makes deliveries as Webex sends them, each of another message and signed anew.
 * @param {string} secret
 * @returns {(event: "created" | "deleted") => Delivery}
 */
export function createDeliveries(secret) {
  const person = { personId: idOf("PEOPLE", 1), personEmail: "ada@example.com" };
  const webhook = {
    id: idOf("WEBHOOK", 1),
    name: "bellhop messages",
    targetUrl: "https://bot.example.com/webhooks/webex",
    resource: "messages",
    orgId: idOf("PEOPLE", 2),
    createdBy: idOf("PEOPLE", 3),
    appId: idOf("PEOPLE", 4),
    ownedBy: "creator",
    status: "active",
    created: "2026-01-01T00:00:00.000Z",
    actorId: person.personId,
  };
  const rooms = Array.from({ length: ROOMS }, (_, number) => idOf("ROOM", number));
  let made = 0;

  return (event) => {
    made++;
    const messageId = idOf("MESSAGE", made);
    const roomId = rooms[made % ROOMS];
    const created = "2026-01-02T03:04:05.678Z";
    const data = { id: messageId, roomId, roomType: "group", ...person, created };
    const body = JSON.stringify({ ...webhook, event, data });
    const signature = createHmac("sha1", secret).update(body).digest("hex");
    const request = `POST /webhooks/webex HTTP/1.1\r\nhost: bot.example.com\r\ncontent-type: application/json\r\nx-spark-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    return { messageId, roomId, request };
  };
}
