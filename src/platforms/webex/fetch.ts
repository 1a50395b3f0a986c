import { ApiError, ContentGoneError, NetworkError } from "../../core/contract/errors";
import type { BotEvent, MembershipEvent, MessageEvent, Person, Room } from "../../core/contract/event";
import type { JsonObject, Notice } from "../../core/contract/notice";
import type { WebexClient } from "./client";
import { isSameId } from "./ids";
import { type OwnNames, readText } from "./mention";
import { describedPerson, toRoomKind } from "./parse";
import type { WebexMessage } from "./resources/messages";

export interface FetchParts {
  readonly client: WebexClient;
  readonly own: OwnNames;
  person(id: string, signal: AbortSignal): Promise<Person>;
}

/**
 * Completes a notice by the authorised call that its kind needs, and no other: a message without its text, a click
 * without its inputs, a room without its title are what deliveries bring.
 * @throws ContentGoneError, ApiError, NetworkError
 */
export async function fetchEvent(notice: Notice, parts: FetchParts, signal: AbortSignal): Promise<BotEvent> {
  const data = dataOf(notice);
  switch (notice.name) {
    case "messages.created":
      return fetchMessage(notice, data, parts, signal);
    case "messages.updated":
      return { ...(await fetchMessage(notice, data, parts, signal)), kind: "message-updated" };
    case "attachmentActions.created":
      return fetchAction(notice, data, parts, signal);
    case "rooms.created":
    case "rooms.updated":
    case "rooms.migrated":
      return fetchRoom(notice, data, parts, signal);
    case "messages.deleted":
      return toDeleted(notice, data);
    case "memberships.created":
    case "memberships.updated":
    case "memberships.deleted":
      return toMembership(notice, data, parts.own.id);
    default:
      return toOther(notice, data);
  }
}

/** Its id, which `parse` has seen to. */
function idOf(data: JsonObject): string {
  return String(data.id);
}

function dataOf(notice: Notice): JsonObject {
  return notice.data.data as JsonObject; // parse made it of an object
}

async function fetchMessage(
  notice: Notice,
  data: JsonObject,
  { client, own }: FetchParts,
  signal: AbortSignal,
): Promise<MessageEvent> {
  // 403: in group rooms a bot may read only what mentions it.
  const message = await orGone(client.messages.get(idOf(data), { signal }), [403, 404]);
  if (message.isIncomplete)
    throw new NetworkError(`webex GET /messages/${message.id}`, "the message is not decrypted yet", {
      mayHaveSucceeded: false,
    });
  const { raw, personId, roomId, parentId } = message;
  const { text, mentions, isMentioned } = readText(message, own);
  const kind = toRoomKind(message.roomType) ?? notice.room?.kind;
  return {
    kind: "message",
    notice,
    person: describedPerson(personId, raw),
    room: { id: roomId, kind },
    target: { roomId, threadId: parentId ?? message.id },
    message: {
      id: message.id,
      text,
      html: message.html,
      markdown: message.markdown,
      fileUrls: message.files,
      mentions,
      isAddressed: kind === "direct" || isMentioned,
      threadId: parentId,
      createdAt: toDate(message),
    },
    resource: raw,
  };
}

function toDate({ created }: WebexMessage): Date | undefined {
  const date = new Date(created ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

async function fetchAction(
  notice: Notice,
  data: JsonObject,
  { client, person }: FetchParts,
  signal: AbortSignal,
): Promise<BotEvent> {
  const clickerId = notice.person?.id;
  const [action, clicker] = await Promise.all([
    orGone(client.attachmentActions.get(idOf(data), { signal }), [404]),
    clickerId === undefined ? undefined : knownPerson(clickerId, person, signal),
  ]);
  const { roomId, personId } = action;
  return {
    kind: "action",
    notice,
    person: clicker ?? (await knownPerson(personId, person, signal)),
    room: { id: roomId, kind: notice.room?.kind },
    target: { roomId },
    actionId: action.id,
    messageId: action.messageId,
    inputs: action.inputs,
    resource: action.raw,
  };
}

/** Somebody of another organisation may not be looked up; they did click. */
async function knownPerson(id: string, person: FetchParts["person"], signal: AbortSignal): Promise<Person> {
  try {
    return await person(id, signal);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return { id };
    throw error;
  }
}

async function fetchRoom(
  notice: Notice,
  data: JsonObject,
  { client }: FetchParts,
  signal: AbortSignal,
): Promise<BotEvent> {
  const { id, title, type, raw } = await orGone(client.rooms.get(idOf(data), { signal }), [404]);
  return {
    kind: "room",
    notice,
    person: notice.person,
    room: { id, title, kind: toRoomKind(type) },
    target: { roomId: id },
    resource: raw,
  };
}

/** Nothing can be fetched of what is deleted. */
function toDeleted(notice: Notice, data: JsonObject): BotEvent {
  const { room, person } = notice;
  if (room === undefined) return toOther(notice, data);
  return {
    kind: "message-deleted",
    notice,
    person,
    room,
    target: { roomId: room.id },
    messageId: idOf(data),
    resource: data,
  };
}

/** A membership's delivery has it all. */
function toMembership(notice: Notice, data: JsonObject, ownId: string): BotEvent {
  const { room, person } = notice;
  const memberId = data.personId;
  if (room === undefined || typeof memberId !== "string") return toOther(notice, data);
  const event: MembershipEvent = {
    kind: "membership",
    notice,
    person,
    room,
    target: { roomId: room.id },
    member: describedPerson(memberId, data),
    self: isSameId(memberId, ownId),
    isModerator: data.isModerator === true,
    resource: data,
  };
  return event;
}

function toOther(notice: Notice, data: JsonObject): BotEvent {
  const { room, person } = notice;
  return { kind: "other", notice, person, room, target: toTarget(room), resource: data };
}

function toTarget(room: Room | undefined): { roomId: string } | undefined {
  return room === undefined ? undefined : { roomId: room.id };
}

async function orGone<Value>(answer: Promise<Value>, gone: readonly number[]): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && gone.includes(error.status))
      throw new ContentGoneError(error.call, error);
    throw error;
  }
}
