import { MalformedDeliveryError } from "../../core/contract/errors";
import {
  createNotice,
  type JsonObject,
  type Notice,
  type Person,
  type Room,
} from "../../core/contract/notice";
import type { ReorderOptions } from "../../core/contract/platform";
import { isObject } from "../api/wire";
import { readSpikaEnvelope } from "./envelope";

/** What a room's members write. Anything else is handed on as it came. */
const MESSAGE_TYPES: ReadonlySet<unknown> = new Set(["text", "image", "audio", "video", "file"]);

export interface ParseOptions {
  readonly name: string;
  readonly account: string;
  readonly botUserIds: ReadonlySet<string>;
}

/**
 * Reads what a delivery says happened. It is complete: nothing has to be fetched. `message.id` is the only thing that
 * makes two deliveries the same.
 * @throws MalformedDeliveryError
 */
export function parseNotice(body: Buffer, { botUserIds, ...source }: ParseOptions): Notice {
  const { message, fromUser, room } = readSpikaEnvelope(body);
  const id = idIn(message, "id");
  const roomId = idIn(message, "roomId");
  const fromUserId = idIn(message, "fromUserId");
  const type =
    typeof message.type === "string" && /^[\w-]{1,40}$/.test(message.type) ? message.type : "unknown";

  return createNotice(source, {
    name: MESSAGE_TYPES.has(type) ? "messages.created" : `spika:message.${type}`,
    key: `message|${id}`,
    conversation: roomId,
    person: toPerson(fromUserId, fromUser, botUserIds),
    room: toRoom(roomId, room),
    data: { message, fromUser, room },
  });
}

/**
 * A server makes its calls side by side: of twelve messages written at once, the fifth came first. The numbers are those
 * of its table of messages, so that most of a room's are missing where others are busy. It waits for an answer as
 * long as it takes, and sends nothing again.
 */
export const SPIKA_OVERTAKING: ReorderOptions = {
  numberOf: ({ data: { message } }) => (isObject(message) ? Number(message.id) : undefined),
  withinMs: 250,
};

function toPerson(id: string, { displayName }: JsonObject, botUserIds: ReadonlySet<string>): Person {
  return {
    id,
    displayName: typeof displayName === "string" && displayName !== "" ? displayName : undefined,
    isBot: botUserIds.has(id) ? true : undefined,
  };
}

/** Private rooms have no name. */
function toRoom(id: string, { name }: JsonObject): Room {
  if (typeof name !== "string") return { id };
  return name === "" ? { id, kind: "direct" } : { id, kind: "group", title: name };
}

/** Numbers of the server's database, as text. */
function idIn(message: JsonObject, field: string): string {
  const value = message[field];
  if (Number.isSafeInteger(value) && Number(value) > 0) return String(value);
  throw new MalformedDeliveryError("spika", `"message.${field}" is not a positive whole number`);
}
