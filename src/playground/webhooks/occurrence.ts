import type { Membership, Message, Person, Room } from "../webex/records";
import { canRead } from "../webex/visibility";
import type { Change, Webex } from "../webex/webex";

/** A change as webhooks tell it: by reference, without what anybody wrote. */
export interface Occurrence {
  readonly resource: string;
  readonly event: string;
  readonly actorId: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** What filters may ask for and `data` does not show. */
  readonly hidden: Readonly<Record<string, string | readonly string[]>>;
  /** Whether a webhook of this person hears of it. */
  concerns(person: Person): boolean;
}

/** Every change becomes exactly one occurrence. */
export function toOccurrence(webex: Webex, change: Change): Occurrence {
  const [, event = ""] = change.kind.split(".");
  const common = { event, actorId: change.actorId };
  switch (change.kind) {
    case "message.created":
    case "message.updated":
    case "message.deleted":
      return {
        ...common,
        resource: "messages",
        ...aboutMessage(webex, change.message, event, change.actorId),
      };
    case "membership.created":
    case "membership.updated":
    case "membership.deleted":
      return { ...common, resource: "memberships", ...aboutMembership(webex, change.membership) };
    case "room.created":
    case "room.updated":
      return { ...common, resource: "rooms", ...aboutRoom(webex, change.room, event) };
    case "attachmentAction.created": {
      const { inputs: _, ...data } = change.action;
      return {
        ...common,
        resource: "attachmentActions",
        data,
        hidden: {},
        concerns: (person) =>
          person.id === change.posterId && webex.store.membership(data.roomId, person.id) !== undefined,
      };
    }
    default:
      return change satisfies never;
  }
}

type About = Pick<Occurrence, "data" | "hidden" | "concerns">;

function aboutMessage(webex: Webex, message: Message, event: string, actorId: string): About {
  const actor = event === "deleted" ? webex.store.people.get(actorId) : undefined;
  return {
    data: {
      id: message.id,
      roomId: message.roomId,
      roomType: message.roomType,
      personId: actor?.id ?? message.personId,
      personEmail: actor?.emails[0] ?? message.personEmail,
      ...(message.parentId === undefined ? {} : { parentId: message.parentId }),
      created: message.created,
      ...(message.updated === undefined ? {} : { updated: message.updated }),
    },
    hidden: {
      mentionedPeople: message.mentionedPeople ?? [],
      hasFiles: String(message.files !== undefined),
      hasAttachments: String(message.attachments !== undefined),
    },
    concerns: (person) => canRead(webex, person, message),
  };
}

function aboutMembership(webex: Webex, membership: Membership): About {
  return {
    data: { ...membership },
    hidden: {},
    concerns: (person) =>
      person.id === membership.personId || webex.store.membership(membership.roomId, person.id) !== undefined,
  };
}

function aboutRoom(webex: Webex, room: Room, event: string): About {
  const { title: _, description: _d, ...data } = room;
  return {
    data: { ...data },
    hidden: {},
    // A new room is news to its creator only; others learn of it by their membership.
    concerns: (person) =>
      event === "created"
        ? person.id === room.creatorId
        : webex.store.membership(room.id, person.id) !== undefined,
  };
}
