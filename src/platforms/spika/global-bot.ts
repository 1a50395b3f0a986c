import { randomUUID } from "node:crypto";
import { MalformedDeliveryError } from "../../core/contract/errors";
import {
  createNotice,
  type JsonObject,
  type JsonValue,
  type Notice,
  type Person,
  type Room,
} from "../../core/contract/notice";
import { readEnvelope } from "../api/envelope";
import { isObject } from "../api/wire";

/** Columns of a server's table of users that are secrets: with the one somebody signs in, the other one is our path. */
const SECRET_COLUMNS: ReadonlySet<string> = new Set(["verificationCode", "webhookUrl"]);

/**
 * Reads what a server tells a global bot: `{event, responsibleBotId, data}`, handed on as `spika:<event>`. The people in
 * it are rows of the server's table.
 *
 * Nothing in it tells one such event from another, a message has no number here; since nothing is sent again, each is new.
 * @throws MalformedDeliveryError
 */
export function parseGlobalEvent(body: Buffer, source: { name: string; account: string }): Notice {
  const { event, responsibleBotId, data } = readEnvelope("spika", body);
  if (typeof event !== "string" || !/^[\w-]{1,40}$/.test(event))
    throw new MalformedDeliveryError("spika", '"event" is not the name of one');
  const content = isObject(data) ? withoutSecrets(data) : {};
  const room = toRoom(content.room);
  return createNotice(source, {
    name: `spika:${event}`,
    key: `event|${randomUUID()}`,
    conversation: room?.id ?? `bot|${idOf(responsibleBotId) ?? "unknown"}`,
    person: toPerson(content),
    room,
    data: { event, responsibleBotId, data: content },
  });
}

/** Who wrote, or signed up. */
function toPerson({ fromUserId, userId, users }: JsonObject): Person | undefined {
  const id = idOf(fromUserId ?? userId);
  if (id === undefined) return undefined;
  const row = Array.isArray(users) ? users.filter(isObject).find((user) => idOf(user.id) === id) : undefined;
  return {
    id,
    displayName: typeof row?.displayName === "string" && row.displayName !== "" ? row.displayName : undefined,
    isBot: typeof row?.isBot === "boolean" ? row.isBot : undefined,
  };
}

function toRoom(row: JsonValue | undefined): Room | undefined {
  if (!isObject(row)) return undefined;
  const id = idOf(row.id);
  if (id === undefined) return undefined;
  if (row.type === "private") return { id, kind: "direct" };
  return { id, kind: "group", title: typeof row.name === "string" ? row.name : undefined };
}

function idOf(value: JsonValue | undefined): string | undefined {
  return Number.isSafeInteger(value) && Number(value) > 0 ? String(value) : undefined;
}

function withoutSecrets(object: JsonObject): JsonObject {
  const kept = Object.entries(object).filter(([name]) => !SECRET_COLUMNS.has(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, value === undefined ? value : cleaned(value)]),
  );
}

function cleaned(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(cleaned);
  return isObject(value) ? withoutSecrets(value) : value;
}
