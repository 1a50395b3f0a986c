import { keyOf } from "./ids";
import type { Membership, Person, Room } from "./records";
import { newId, timestamp, type Webex } from "./webex";

/** Puts a person into a room, whoever asked for it. */
export function join(
  webex: Webex,
  room: Room,
  person: Person,
  how: { actorId: string; isModerator: boolean },
): Membership {
  const membership: Membership = {
    id: newId(webex, "MEMBERSHIP", `${keyOf(person.id)}:${keyOf(room.id)}`),
    roomId: room.id,
    personId: person.id,
    personEmail: person.emails[0] ?? "",
    personDisplayName: person.displayName,
    personOrgId: person.orgId,
    isModerator: how.isModerator,
    isMonitor: false,
    roomType: room.type,
    ...(room.type === "direct" ? { isRoomHidden: false } : {}),
    created: timestamp(webex),
  };
  webex.store.addMembership(membership);
  webex.publish({ kind: "membership.created", membership, actorId: how.actorId });
  return membership;
}

/** Takes a person out of a room. The last one out takes the room along. */
export function leave(webex: Webex, membership: Membership, actorId: string): void {
  webex.store.removeMembership(membership);
  webex.publish({ kind: "membership.deleted", membership, actorId });
  const room = webex.store.rooms.get(membership.roomId);
  if (room !== undefined && webex.store.membersOf(room.id).length === 0) webex.store.removeRoom(room);
}
