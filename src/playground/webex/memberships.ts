import { ApiError, badRequest, forbidden, notFound } from "./api-error";
import type { Fields } from "./fields";
import { keyOf } from "./ids";
import { join, leave } from "./membership-changes";
import { readPerson } from "./people";
import type { Membership, Person, Room } from "./records";
import { requireMembership } from "./rooms";
import type { Webex } from "./webex";

/** Members of one room; without `roomId`, the caller's own memberships in all rooms. */
export function listMemberships(webex: Webex, caller: Person, query: Fields): Membership[] {
  const roomId = query.optionalString("roomId");
  const personId = query.optionalString("personId");
  const email = query.optionalString("personEmail");
  if (roomId === undefined) {
    if (personId !== undefined || email !== undefined)
      throw badRequest("'personId' and 'personEmail' require 'roomId'.");
    return webex.store.membershipsOf(caller.id);
  }
  requireMembership(webex, caller, roomId);
  if (personId === undefined && email === undefined) return webex.store.membersOf(roomId);
  const wanted = personId ?? webex.store.personByEmail(email ?? "")?.id ?? "";
  const membership = webex.store.membership(roomId, wanted);
  return membership === undefined ? [] : [membership];
}

/** One membership of a room that the caller is in. */
export function getMembership(webex: Webex, caller: Person, membershipId: string): Membership {
  const membership = webex.store.memberships.get(membershipId);
  if (membership === undefined) throw notFound();
  requireMembership(webex, caller, membership.roomId);
  return membership;
}

/** Adds somebody to a group room. @throws ApiError 409 when they are in it already. */
export function createMembership(webex: Webex, caller: Person, fields: Fields): Membership {
  const { room, own } = requireMembership(webex, caller, fields.string("roomId"));
  const isModerator = fields.optionalBoolean("isModerator") ?? false;
  const person = readPerson(webex, fields, "personId", "personEmail");
  if (person === undefined) throw badRequest("Either 'personId' or 'personEmail' is required.");
  if (webex.store.membership(room.id, person.id) !== undefined)
    throw new ApiError(409, "The person is already a member of the room.");
  if (room.type === "direct") throw forbidden("Nobody can be added to a direct room.");
  if (room.isLocked && !own.isModerator) throw forbidden("Only a moderator may add people to a locked room.");
  return join(webex, room, person, { actorId: caller.id, isModerator });
}

/** Makes somebody a moderator, or no longer; hides or shows one's own direct room. */
export function updateMembership(
  webex: Webex,
  caller: Person,
  membershipId: string,
  fields: Fields,
): Membership {
  const membership = getMembership(webex, caller, membershipId);
  const isModerator = fields.optionalBoolean("isModerator");
  const isRoomHidden = fields.optionalBoolean("isRoomHidden");
  if (isModerator === undefined && isRoomHidden === undefined)
    throw badRequest("'isModerator' or 'isRoomHidden' is required.");
  if (isModerator !== undefined && isModerator !== membership.isModerator) {
    if (membership.roomType === "direct") throw badRequest("A direct room has no moderators.");
    const moderators = moderatorsOf(webex, membership.roomId);
    if (moderators.length > 0 && !moderators.some((one) => one.personId === caller.id))
      throw forbidden("Only a moderator may change who moderates.");
    membership.isModerator = isModerator;
  }
  if (isRoomHidden !== undefined && membership.roomType === "direct") {
    if (membership.personId !== caller.id) throw forbidden("A direct room is hidden by its own member only.");
    membership.isRoomHidden = isRoomHidden;
  }
  webex.publish({ kind: "membership.updated", membership, actorId: caller.id });
  return membership;
}

/** Removes somebody from a group room; one's own membership is leaving it. */
export function deleteMembership(webex: Webex, caller: Person, membershipId: string): void {
  const membership = getMembership(webex, caller, membershipId);
  const { room, own } = requireMembership(webex, caller, membership.roomId);
  if (room.type === "direct") throw forbidden("Nobody can leave a direct room.");
  if (membership.personId !== caller.id && room.isLocked && !own.isModerator)
    throw forbidden("Only a moderator may remove people from a locked room.");
  if (isGeneralRoom(room) && membership.isModerator && moderatorsOf(webex, room.id).length === 1)
    throw forbidden(
      "The last moderator of a team's General room stays; make somebody else a moderator first.",
    );
  leave(webex, membership, caller.id);
}

function moderatorsOf(webex: Webex, roomId: string): Membership[] {
  return webex.store.membersOf(roomId).filter((membership) => membership.isModerator);
}

function isGeneralRoom(room: Room): boolean {
  return room.teamId !== undefined && keyOf(room.teamId) === keyOf(room.id);
}
