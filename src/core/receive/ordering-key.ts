import type { Notice } from "../contract/notice";

/**
 * Which clicks on cards wait for which events.
 * - `person`: a person's clicks in a room are handled one at a time, whatever else happens there. A slow answer to
 *   somebody else makes no button dead.
 * - `room`: clicks are handled in turn with everything else in their room.
 */
export type ClickLanes = "person" | "room";

/**
 * Gives the bot's own message a lane beside its room: the event whose answer it may be is the room's first one, and looks
 * for it.
 */
export function besideRoom(notice: Notice): Notice {
  return { ...notice, conversation: `${notice.conversation}/own` };
}

/** Gives a click the lane that it is to be handled in; everything else stays in its conversation. */
export function withOrderingKey(notice: Notice, clicks: ClickLanes): Notice {
  if (clicks === "room" || notice.name !== "attachmentActions.created" || notice.person === undefined)
    return notice;
  return { ...notice, conversation: `${notice.conversation}/clicks/${notice.person.id}` };
}
