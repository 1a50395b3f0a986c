import type { Notice } from "./notice";

/**
 * Which clicks on cards wait for which events.
 * - `person`: a person's clicks in a room are handled one at a time, whatever else happens there. A slow answer to
 *   somebody else makes no button dead.
 * - `room`: clicks are handled in turn with everything else in their room.
 */
export type ClickLanes = "person" | "room";

/** Gives a click the lane that it is to be handled in; everything else stays in its conversation. */
export function inLane(notice: Notice, clicks: ClickLanes): Notice {
  if (clicks === "room" || notice.name !== "attachmentActions.created" || notice.person === undefined)
    return notice;
  return { ...notice, conversation: `${notice.conversation}/clicks/${notice.person.id}` };
}
