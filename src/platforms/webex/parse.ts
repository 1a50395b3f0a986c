import { createHash } from "node:crypto";
import { MalformedDeliveryError } from "../../core/contract/errors";
import type { Person, Room } from "../../core/contract/event";
import { createNotice, type JsonObject, type Notice } from "../../core/contract/notice";
import type { Receipt } from "../../core/contract/platform";
import { readEnvelope } from "../api/envelope";
import { isObject } from "../api/wire";
import { isBotEmail } from "./bot-email";
import { isSameId } from "./ids";

/** All that Webex has fits well within these; they become part of keys and of the paths that are called. */
const NAME = /^[\w-]{1,64}$/;
const ID = /^[\x21-\x7e]{1,1024}$/;

/**
 * The same event seen by two webhooks arrives within seconds; a room that is locked, unlocked and locked again has the
 * same data each time, but later.
 */
const REPEATABLE_AFTER_MS = 60_000;

/**
 * Reads what a delivery says happened. Webex has no delivery id: what happened, and to what, is what makes two
 * deliveries the same.
 * @throws MalformedDeliveryError
 * @see https://developer.webex.com/docs/webhooks
 */
export function parseNotice(body: Buffer, source: NoticeSource): Notice {
  return toNotice(readEnvelope("webex", body), source);
}

/** When what a notice reports happened, or earlier, in milliseconds since 1970: the resource was made then. */
export function happenedAt({ data: { data } }: Notice): number | undefined {
  const created = isObject(data) ? data.created : undefined;
  const at = typeof created === "string" ? Date.parse(created) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** A new message as a receipt. In direct rooms the bot may list its messages and needs none. */
export function receiptOf(notice: Notice): Receipt | undefined {
  const { name, room, data: envelope } = notice;
  const { data } = envelope;
  if (name !== "messages.created" || room === undefined || room.kind === "direct" || !isObject(data))
    return undefined;
  const [id, at] = [optionalId(data, "id"), happenedAt(notice)];
  if (id === undefined || at === undefined) return undefined;
  return { id, roomId: room.id, threadId: optionalId(data, "parentId"), at };
}

/** Which platform and account a notice is of. */
export interface NoticeSource {
  readonly name: string;
  readonly account: string;
}

/** The same for what did not come as a delivery, and is put as one would have put it. @throws MalformedDeliveryError */
export function toNotice(envelope: JsonObject, source: NoticeSource): Notice {
  const resource = required(envelope, "resource", NAME);
  const event = required(envelope, "event", NAME);
  const { data } = envelope;
  if (!isObject(data)) throw malformed(`"data" is not an object`);
  const id = required(data, "id", ID, "data.id");
  const actorId = optionalId(envelope, "actorId");

  return createNotice(source, {
    name: `${resource}.${event}`,
    ...identify(resource, event, id, data),
    conversation: optionalId(data, "roomId") ?? id,
    person: personOf(resource, event, data, actorId),
    room: roomOf(resource, id, data),
    data: {
      resource,
      event,
      actorId,
      createdBy: optionalId(envelope, "createdBy"),
      orgId: optionalId(envelope, "orgId"),
      data,
    },
  });
}

function identify(
  resource: string,
  event: string,
  id: string,
  data: JsonObject,
): { key: string; repeatableAfterMs?: number } {
  const key = `${resource}|${event}|${id}`;
  // A membership's id is made of person and room: who leaves and comes back has the same one again.
  if (resource === "memberships" && event !== "updated")
    return { key: `${key}|${optionalId(data, "created") ?? ""}`, repeatableAfterMs: REPEATABLE_AFTER_MS };
  if (event === "created" || event === "deleted") return { key };
  const digest = createHash("sha256").update(JSON.stringify(data)).digest("base64url").slice(0, 22);
  return { key: `${key}|${digest}`, repeatableAfterMs: REPEATABLE_AFTER_MS };
}

/** Who did it. The envelope names the actor; the data names whose resource it is, often the same. */
function personOf(
  resource: string,
  event: string,
  data: JsonObject,
  actorId: string | undefined,
): Person | undefined {
  const subjectId = optionalId(data, "personId");
  const isSubjects = (resource === "messages" && event === "created") || resource === "attachmentActions";
  const id = isSubjects ? (subjectId ?? actorId) : (actorId ?? subjectId);
  if (id === undefined) return undefined;
  if (subjectId === undefined || !isSameId(id, subjectId)) return { id };
  return describedPerson(id, data);
}

/** The person that the data is about, with what it says of them. */
export function describedPerson(id: string, data: JsonObject): Person {
  const email = optionalText(data, "personEmail")?.toLowerCase();
  return {
    id,
    email,
    displayName: optionalText(data, "personDisplayName"),
    isBot: email !== undefined && isBotEmail(email) ? true : undefined,
  };
}

function roomOf(resource: string, id: string, data: JsonObject): Room | undefined {
  if (resource === "rooms") return { id, kind: toRoomKind(data.type) };
  const roomId = optionalId(data, "roomId");
  return roomId === undefined ? undefined : { id: roomId, kind: toRoomKind(data.roomType) };
}

/** Deliveries of 2016 and those of clicks do not say it. */
export function toRoomKind(value: unknown): Room["kind"] {
  return value === "direct" || value === "group" ? value : undefined;
}

function required(from: JsonObject, name: string, shape: RegExp, shown = name): string {
  const value = from[name];
  if (typeof value === "string" && shape.test(value)) return value;
  throw malformed(`"${shown}" is ${value === undefined ? "missing" : "not what Webex has there"}`);
}

function optionalId(from: JsonObject, name: string): string | undefined {
  const value = from[name];
  return typeof value === "string" && ID.test(value) ? value : undefined;
}

function optionalText(from: JsonObject, name: string): string | undefined {
  const value = from[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function malformed(reason: string): MalformedDeliveryError {
  return new MalformedDeliveryError("webex", reason);
}
