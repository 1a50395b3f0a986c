import { badRequest, forbidden } from "./api-error";
import type { Fields } from "./fields";
import type { MessageLog } from "./message-log";
import { getPerson } from "./people";
import type { Message, Person, Room } from "./records";
import { requireMembership } from "./rooms";
import { canRead } from "./visibility";
import type { Webex } from "./webex";

const byDefault = 50;
const ceiling = 1000;
const mentionsCeiling = 100;

/** One page of messages, newest first. */
export interface MessagePage {
  readonly items: Message[];
  /** Where the next page begins; undefined on the last one. */
  readonly beforeMessage: string | undefined;
}

/** A room's messages. A bot has to ask for those that mention it when the room is a group. */
export function listMessages(webex: Webex, caller: Person, query: Fields): MessagePage {
  const { room } = requireMembership(webex, caller, query.string("roomId"));
  const mentioned = query.list("mentionedPeople");
  if (mentioned.some((one) => one !== "me" && one !== caller.id))
    throw forbidden("'mentionedPeople' takes 'me' or one's own id only.");
  if (caller.type === "bot" && room.type === "group" && mentioned.length === 0)
    throw forbidden("Failed to get activity.");
  const max = query.max(byDefault, mentioned.length > 0 ? mentionsCeiling : ceiling);
  const parentId = query.optionalString("parentId");
  const log =
    mentioned.length > 0 ? webex.store.mentioning(room.id, caller.id) : threadOrRoom(webex, room, parentId);
  return collect(log, { max, before: readBefore(webex, room, query), at: readTime(query), parentId });
}

/** The messages of the direct room with somebody; all of them. */
export function listDirectMessages(webex: Webex, caller: Person, query: Fields): Message[] {
  const personId = query.optionalString("personId");
  const email = query.optionalString("personEmail");
  if ((personId === undefined) === (email === undefined))
    throw badRequest("Either 'personId' or 'personEmail' is required.");
  const other =
    email === undefined ? getPerson(webex, caller, personId ?? "") : webex.store.personByEmail(email);
  const room = other === undefined ? undefined : webex.store.directRoom(caller.id, other.id);
  if (room === undefined) return [];
  const parentId = query.optionalString("parentId");
  return [...threadOrRoom(webex, room, parentId).before(Number.POSITIVE_INFINITY)]
    .map((record) => record.message)
    .filter((message) => canRead(webex, caller, message));
}

function threadOrRoom(webex: Webex, room: Room, parentId: string | undefined): MessageLog {
  if (parentId === undefined) return webex.store.byRoom.of(room.id);
  const parent = webex.store.messages.get(parentId)?.message;
  if (parent !== undefined && parent.roomId !== room.id)
    throw badRequest("'parentId' is not a message of this room.");
  return webex.store.byParent.of(parentId);
}

function readBefore(webex: Webex, room: Room, query: Fields): number {
  const id = query.optionalString("beforeMessage");
  if (id === undefined) return Number.POSITIVE_INFINITY;
  const record = webex.store.messages.get(id);
  if (record === undefined || record.message.roomId !== room.id)
    throw badRequest("'beforeMessage' is not a message of this room.");
  return record.seq;
}

function readTime(query: Fields): string | undefined {
  const before = query.optionalString("before");
  if (before === undefined) return undefined;
  const time = new Date(before);
  if (Number.isNaN(time.getTime()))
    throw badRequest("'before' must be a date and time as ISO 8601 writes it.");
  return time.toISOString();
}

function collect(
  log: MessageLog,
  wanted: { max: number; before: number; at: string | undefined; parentId: string | undefined },
): MessagePage {
  const items: Message[] = [];
  for (const { message } of log.before(wanted.before)) {
    if (wanted.at !== undefined && message.created >= wanted.at) continue;
    if (wanted.parentId !== undefined && message.parentId !== wanted.parentId) continue;
    if (items.length === wanted.max) return { items, beforeMessage: items.at(-1)?.id };
    items.push(message);
  }
  return { items, beforeMessage: undefined };
}
