import { badRequest, forbidden, notFound } from "./api-error";
import type { Fields } from "./fields";
import { join, leave } from "./membership-changes";
import type { Membership, Person, Room } from "./records";
import { newId, timestamp, type Webex } from "./webex";

/** The room as one person sees it: a direct room carries the other person's name. */
export function presentRoom(webex: Webex, room: Room, viewerId: string): Room {
  if (room.type === "group") return room;
  const other = webex.store.membersOf(room.id).find((membership) => membership.personId !== viewerId);
  return { ...room, title: other?.personDisplayName ?? room.title };
}

/** The caller's membership, which is what allows anything in a room. @throws ApiError 404 for outsiders too. */
export function requireMembership(
  webex: Webex,
  caller: Person,
  roomId: string,
): { room: Room; own: Membership } {
  const room = webex.store.rooms.get(roomId);
  const own = webex.store.membership(roomId, caller.id);
  if (room === undefined || own === undefined) throw notFound();
  return { room, own };
}

/** The caller's rooms: newest first, or as `sortBy` says. */
export function listRooms(webex: Webex, caller: Person, query: Fields): Room[] {
  const type = query.optionalWord("type", ["direct", "group"]);
  const sortBy = query.optionalWord("sortBy", ["id", "lastactivity", "created"]);
  const teamId = query.optionalString("teamId");
  const rooms: Room[] = [];
  for (const membership of webex.store.membershipsOf(caller.id)) {
    const room = webex.store.rooms.get(membership.roomId);
    if (room === undefined || (type !== undefined && room.type !== type)) continue;
    if (teamId !== undefined && room.teamId !== teamId) continue;
    rooms.push(room);
  }
  if (sortBy === "id") rooms.sort((a, b) => compare(a.id, b.id));
  else if (sortBy === "created") rooms.reverse();
  else rooms.reverse().sort((a, b) => compare(b.lastActivity, a.lastActivity));
  return rooms;
}

/** A group room; whoever makes it is its first member, and its moderator when it is locked. */
export function createRoom(webex: Webex, caller: Person, fields: Fields): Room {
  const title = fields.string("title");
  const teamId = fields.optionalString("teamId");
  const teamMembership = teamId === undefined ? undefined : webex.store.teamMembership(teamId, caller.id);
  if (teamId !== undefined && teamMembership === undefined) throw notFound();
  if (caller.type === "bot" && fields.optionalString("classificationId") !== undefined)
    throw badRequest("A bot cannot classify a room while creating it.");
  const isLocked = fields.optionalBoolean("isLocked") ?? false;
  const room = addGroupRoom(webex, caller, {
    title,
    isLocked,
    ...(teamId === undefined ? {} : { teamId }),
    ...optionalSettings(webex, fields, isLocked),
  });
  join(webex, room, caller, { actorId: caller.id, isModerator: isLocked });
  return room;
}

/** The room itself, without anybody in it yet. */
export function addGroupRoom(
  webex: Webex,
  creator: Person,
  settings: Pick<Room, "title"> & Partial<Room>,
): Room {
  const created = timestamp(webex);
  const room: Room = {
    id: newId(webex, "ROOM"),
    type: "group",
    isLocked: false,
    lastActivity: created,
    creatorId: creator.id,
    created,
    ownerId: webex.orgId,
    ...settings,
  };
  webex.store.rooms.set(room.id, room);
  webex.publish({ kind: "room.created", room, actorId: creator.id });
  return room;
}

/** The one direct room of two people, made when first needed. */
export function directRoom(webex: Webex, one: Person, other: Person): Room {
  const existing = webex.store.directRoom(one.id, other.id);
  if (existing !== undefined) return existing;
  const created = timestamp(webex);
  const room: Room = {
    id: newId(webex, "ROOM"),
    title: other.displayName,
    type: "direct",
    isLocked: false,
    lastActivity: created,
    creatorId: one.id,
    created,
    ownerId: webex.orgId,
  };
  webex.store.addDirectRoom(room, one.id, other.id);
  webex.publish({ kind: "room.created", room, actorId: one.id });
  join(webex, room, one, { actorId: one.id, isModerator: false });
  join(webex, room, other, { actorId: one.id, isModerator: false });
  return room;
}

/** Changes a group room. Once it is locked, only moderators may. */
export function updateRoom(webex: Webex, caller: Person, roomId: string, fields: Fields): Room {
  const { room, own } = requireMembership(webex, caller, roomId);
  const title = fields.string("title");
  if (room.type === "direct") throw badRequest("A direct room has no title of its own to change.");
  if (room.isLocked && !own.isModerator) throw forbidden("Only a moderator may change a locked room.");
  const isLocked = fields.optionalBoolean("isLocked") ?? room.isLocked;
  const settings = optionalSettings(webex, fields, isLocked);
  room.title = title;
  if (isLocked && !room.isLocked) own.isModerator = true;
  room.isLocked = isLocked;
  Object.assign(room, settings);
  webex.publish({ kind: "room.updated", room, actorId: caller.id });
  return room;
}

/** Ends a room when a moderator asks; anybody else only leaves it. */
export function deleteRoom(webex: Webex, caller: Person, roomId: string): void {
  const { room, own } = requireMembership(webex, caller, roomId);
  if (room.type === "direct") throw forbidden("A direct room cannot be deleted.");
  if (!own.isModerator) {
    leave(webex, own, caller.id);
    return;
  }
  endRoom(webex, room, caller.id);
}

/** Everybody leaves, and the room with them. */
export function endRoom(webex: Webex, room: Room, actorId: string): void {
  for (const membership of webex.store.membersOf(room.id)) leave(webex, membership, actorId);
}

function optionalSettings(webex: Webex, fields: Fields, isLocked: boolean): Partial<Room> {
  const description = fields.optionalString("description");
  const isPublic = fields.optionalBoolean("isPublic");
  const isAnnouncementOnly = fields.optionalBoolean("isAnnouncementOnly");
  if (isAnnouncementOnly && !isLocked) throw badRequest("Only a locked room can be for announcements only.");
  if (isPublic && !description) throw badRequest("A public room needs a 'description'.");
  return {
    ...(description === undefined ? {} : { description: description.trim() }),
    ...(isPublic === undefined ? {} : { isPublic }),
    ...(isPublic ? { madePublic: timestamp(webex) } : {}),
    ...(isAnnouncementOnly === undefined ? {} : { isAnnouncementOnly }),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
