import { randomUUID } from "node:crypto";
import { keyOf } from "../webex/ids";
import type { Message, Person, Room } from "../webex/records";
import type { Change, Webex } from "../webex/webex";

/**
 * What a frame tells of, in the terms of Webex's own clients: UUIDs instead of ids, and no word of what was written. Webex
 * sends that too, encrypted with keys that this playground has no service for, and clients would ask for.
 */
export type Activity = Readonly<Record<string, unknown>>;

/**
 * @param conversationUrl root of the service whose host tells the region
 * @param room the room of the change as it was then: it may be gone by now
 */
export function toActivity(
  webex: Webex,
  conversationUrl: string,
  change: Change,
  room: Room | undefined,
): Activity | undefined {
  const actor = webex.store.people.get(change.actorId);
  if (actor === undefined) return undefined;
  const activity = (id: string, verb: string, parts: Activity): Activity => ({
    id,
    objectType: "activity",
    url: `${conversationUrl}/activities/${id}`,
    published: new Date(webex.now()).toISOString(),
    verb,
    actor: toActor(actor),
    ...parts,
  });
  const target = room && toConversation(conversationUrl, room);

  switch (change.kind) {
    case "message.created":
      return activity(keyOf(change.message.id), change.message.files ? "share" : "post", {
        object: toObject(change.message),
        target,
        ...parentOf(change.message),
      });
    case "message.updated":
      return activity(randomUUID(), "post", {
        object: toObject(change.message),
        target,
        parent: { id: keyOf(change.message.id), type: "edit" },
      });
    case "message.deleted":
      return activity(randomUUID(), "delete", {
        object: { id: keyOf(change.message.id), objectType: "activity" },
        target,
      });
    case "attachmentAction.created":
      return activity(keyOf(change.action.id), "cardAction", {
        object: { objectType: "submit" },
        target,
        parent: { id: keyOf(change.action.messageId), type: "cardAction" },
      });
    case "room.created": {
      const members = webex.store.membersOf(change.room.id);
      const people = members.flatMap(({ personId }) => webex.store.people.get(personId) ?? []);
      return activity(randomUUID(), "create", {
        object: {
          ...toConversation(conversationUrl, change.room),
          participants: { items: people.map(toActor) },
        },
      });
    }
    case "room.updated":
      return activity(randomUUID(), "update", {
        object: { objectType: "conversation" },
        target,
      });
    case "membership.created":
    case "membership.deleted":
    case "membership.updated": {
      const { membership } = change;
      const member = webex.store.people.get(membership.personId);
      const granted = membership.isModerator ? "assignModerator" : "unassignModerator";
      const verb = { created: "add", deleted: "leave", updated: granted }[change.kind.slice(11)] ?? granted;
      return activity(randomUUID(), verb, {
        object: member && toActor(member),
        target,
      });
    }
    default:
      return change satisfies never;
  }
}

/** What clients of people make and bots have no use for: that somebody has read up to a message. */
export function toReadReceipt(
  webex: Webex,
  conversationUrl: string,
  reader: Person,
  message: Message,
): Activity {
  const room = webex.store.rooms.get(message.roomId);
  const id = randomUUID();
  return {
    id,
    objectType: "activity",
    url: `${conversationUrl}/activities/${id}`,
    published: new Date(webex.now()).toISOString(),
    verb: "acknowledge",
    actor: toActor(reader),
    object: { id: keyOf(message.id), objectType: "activity" },
    target: room && toConversation(conversationUrl, room),
  };
}

function toActor({ id, displayName, emails, orgId, type }: Person): Activity {
  const uuid = keyOf(id);
  return {
    id: uuid,
    entryUUID: uuid,
    objectType: "person",
    displayName,
    emailAddress: emails[0],
    orgId: keyOf(orgId),
    type: type === "bot" ? "BOT" : "PERSON",
  };
}

function toConversation(conversationUrl: string, room: Room): Activity {
  const id = keyOf(room.id);
  return {
    id,
    objectType: "conversation",
    url: `${conversationUrl}/conversations/${id}`,
    globalId: room.id,
    tags: [...(room.type === "direct" ? ["ONE_ON_ONE"] : []), ...(room.isLocked ? ["LOCKED"] : [])],
  };
}

function toObject({ files }: Message): Activity {
  if (files === undefined) return { objectType: "comment" };
  return {
    objectType: "content",
    contentCategory: "documents",
    files: { items: files.map(() => ({ objectType: "file" })) },
  };
}

function parentOf({ parentId }: Message): { parent?: Activity } {
  return parentId === undefined ? {} : { parent: { id: keyOf(parentId), type: "reply" } };
}
