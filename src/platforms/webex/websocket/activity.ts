import { MalformedDeliveryError } from "../../../core/contract/errors";
import type { JsonObject } from "../../../core/contract/notice";
import { isObject, optional } from "../../api/wire";
import { type IdType, toId } from "../ids";

/** What somebody did, as the body of a webhook puts it. */
export type Envelope = JsonObject & { readonly resource: string; readonly event: string };

/** What an activity says of where its room is kept. */
export interface Whereabouts {
  readonly urls: readonly string[];
  /** The room's id in the API. */
  readonly roomId: string | undefined;
}

/** Finds the cluster that is part of the ids. */
export type FindCluster = (where: Whereabouts) => string;

/**
 * Puts an activity as webhooks would have put it, with the same ids. One that makes a room is several events; one that no
 * webhook tells of (somebody has read, reacted, typed) is none.
 *
 * On the wire there are uuids, and content that is encrypted. Only ids, dates and flags are read.
 * @throws MalformedDeliveryError when an id is missing that there always is
 */
export function toEnvelopes(activity: JsonObject, findCluster: FindCluster): readonly Envelope[] {
  const { verb } = activity;
  const read = createReader(activity, findCluster);
  const { target, object, parent } = read;
  switch (verb) {
    case "post":
    case "share":
      return posted(read, parent);
    case "delete":
      return isReaction(object) ? [] : [messageEvent(read, "deleted", read.uuid(object, "object"))];
    case "cardAction":
      return [click(read, parent)];
    case "create":
      return created(read, object);
    case "add":
      return isPerson(object) ? [membershipEvent(read, "created", object, target)] : [];
    case "leave":
      return isPerson(object) ? [membershipEvent(read, "deleted", object, target)] : [];
    case "assignModerator":
    case "unassignModerator":
      return [membershipEvent(read, "updated", object, target, { isModerator: verb === "assignModerator" })];
    case "hide":
      return [membershipEvent(read, "updated", read.actor, object, { isRoomHidden: true })];
    case "lock":
    case "unlock":
      return [roomEvent(read, "updated", target ?? object, { isLocked: verb === "lock" })];
    case "update":
      // A file that was scanned for malware is told of in the same way.
      return isRoom(object) ? [roomEvent(read, "updated", target ?? object)] : [];
    default:
      return [];
  }
}

/** A message, an answer in a thread, or an edit, which comes as a message whose parent is the one that was changed. */
function posted(read: Reader, parent: JsonObject | undefined): readonly Envelope[] {
  const id = read.uuid(read.activity, "activity");
  switch (parent?.type) {
    case undefined:
      return [messageEvent(read, "created", id)];
    case "reply":
      return [
        messageEvent(read, "created", id, { parentId: read.id("MESSAGE", read.uuid(parent, "parent")) }),
      ];
    case "edit":
      return [messageEvent(read, "updated", read.uuid(parent, "parent"), { updated: read.published })];
    default:
      return [];
  }
}

function messageEvent(
  read: Reader,
  event: "created" | "updated" | "deleted",
  uuid: string,
  more: JsonObject = {},
): Envelope {
  const { actor, target } = read;
  return read.envelope("messages", event, {
    id: read.id("MESSAGE", uuid),
    ...roomFields(read, target),
    ...personFields(read, actor),
    ...(event === "created" && { created: read.published }),
    ...more,
  });
}

function click(read: Reader, parent: JsonObject | undefined): Envelope {
  return read.envelope("attachmentActions", "created", {
    id: read.id("ATTACHMENT_ACTION", read.uuid(read.activity, "activity")),
    type: "submit",
    messageId: read.id("MESSAGE", read.uuid(parent, "parent")),
    personId: read.personId(read.actor, "actor"),
    roomId: read.id("ROOM", read.uuid(read.target, "target")),
    created: read.published,
  });
}

function created(read: Reader, room: JsonObject | undefined): readonly Envelope[] {
  const participants = isObject(room?.participants) ? room.participants.items : undefined;
  const members = Array.isArray(participants) ? participants.filter(isObject) : [];
  const creatorId = read.personId(read.actor, "actor");
  return [
    roomEvent(read, "created", room, { creatorId, created: read.published, isLocked: false }),
    ...members.map((member) => membershipEvent(read, "created", member, room)),
  ];
}

function roomEvent(
  read: Reader,
  event: "created" | "updated",
  room: JsonObject | undefined,
  more: JsonObject = {},
): Envelope {
  return read.envelope("rooms", event, {
    id: read.id("ROOM", read.uuid(room, "room")),
    type: kindOf(room),
    lastActivity: read.published,
    ...more,
  });
}

function membershipEvent(
  read: Reader,
  event: "created" | "updated" | "deleted",
  person: JsonObject | undefined,
  room: JsonObject | undefined,
  more: JsonObject = {},
): Envelope {
  const { roomProperties } = person ?? {};
  const uuids = `${read.personUuid(person, "person")}:${read.uuid(room, "room")}`;
  return read.envelope("memberships", event, {
    id: read.id("MEMBERSHIP", uuids),
    ...roomFields(read, room),
    ...personFields(read, person),
    personDisplayName: person && optional(person, "displayName"),
    isModerator: isObject(roomProperties) && roomProperties.isModerator === true,
    isMonitor: false,
    isRoomHidden: false,
    created: read.published,
    ...more,
  });
}

function roomFields(read: Reader, room: JsonObject | undefined): JsonObject {
  return { roomId: read.id("ROOM", read.uuid(room, "room")), roomType: kindOf(room) };
}

function personFields(read: Reader, person: JsonObject | undefined): JsonObject {
  return {
    personId: read.personId(person, "person"),
    personEmail: person && optional(person, "emailAddress"),
  };
}

function kindOf(room: JsonObject | undefined): "direct" | "group" | undefined {
  // Where there are no tags, nothing is known; a list without the tag is a group's.
  if (!Array.isArray(room?.tags)) return undefined;
  return room.tags.includes("ONE_ON_ONE") ? "direct" : "group";
}

function isPerson(object: JsonObject | undefined): boolean {
  return object?.objectType === "person";
}

function isRoom(object: JsonObject | undefined): boolean {
  return object?.objectType === "conversation";
}

function isReaction(object: JsonObject | undefined): boolean {
  return String(object?.objectType ?? "").startsWith("reaction");
}

/** Takes from one activity what all of its events are made of. */
interface Reader {
  readonly activity: JsonObject;
  readonly actor: JsonObject | undefined;
  readonly object: JsonObject | undefined;
  readonly target: JsonObject | undefined;
  readonly parent: JsonObject | undefined;
  readonly published: string | undefined;
  /** @throws MalformedDeliveryError */
  uuid(from: JsonObject | undefined, what: string): string;
  personUuid(from: JsonObject | undefined, what: string): string;
  personId(from: JsonObject | undefined, what: string): string;
  id(type: IdType, uuid: string): string;
  envelope(resource: string, event: string, data: JsonObject): Envelope;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function createReader(activity: JsonObject, findCluster: FindCluster): Reader {
  const part = (name: string): JsonObject | undefined => {
    const value = activity[name];
    return isObject(value) ? value : undefined;
  };
  const actor = part("actor");
  const object = part("object");
  const target = part("target");
  let cluster: string | undefined;

  function uuidAt(from: JsonObject | undefined, names: readonly string[], what: string): string {
    const values = names.map((name) => from?.[name]);
    const found = values.find((value): value is string => typeof value === "string" && UUID.test(value));
    if (found !== undefined) return found.toLowerCase();
    const verb = /^\w{1,40}$/.exec(String(activity.verb))?.[0] ?? "without a verb";
    throw new MalformedDeliveryError("webex", `an activity "${verb}" has no id of its ${what}`);
  }
  const personUuid = (from: JsonObject | undefined, what: string): string =>
    uuidAt(from, ["entryUUID", "id"], what);
  const personId = (from: JsonObject | undefined, what: string): string =>
    toId("us", "PEOPLE", personUuid(from, what));

  function findOwnCluster(): string {
    const urls = [target?.url, object?.url, activity.url].filter((url) => typeof url === "string");
    const roomId = [target?.globalId, object?.globalId].find((id) => typeof id === "string");
    return findCluster({ urls, roomId });
  }

  return {
    activity,
    actor,
    object,
    target,
    parent: part("parent"),
    published: optional(activity, "published"),
    uuid: (from, what) => uuidAt(from, ["id"], what),
    personUuid,
    personId,
    id(type, uuid) {
      cluster ??= findOwnCluster();
      return toId(cluster, type, uuid);
    },
    envelope: (resource, event, data) => ({
      resource,
      event,
      actorId: actor && personId(actor, "actor"),
      data,
    }),
  };
}
