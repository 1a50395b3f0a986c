import type { Timeline } from "./timeline";
import type { Change } from "./webex/webex";

/** Enters a change into the timeline, as far as the chat page draws it. */
export function recordChange(timeline: Timeline, change: Change): void {
  switch (change.kind) {
    case "message.created":
    case "message.updated":
      timeline.add(change.kind, { message: change.message });
      return;
    case "message.deleted":
      timeline.add(change.kind, { id: change.message.id, roomId: change.message.roomId });
      return;
    case "room.created":
    case "room.updated":
      timeline.add(change.kind, { room: { ...change.room } });
      return;
    case "membership.created":
    case "membership.deleted":
      timeline.add(change.kind, { membership: { ...change.membership } });
      return;
    case "attachmentAction.created":
      timeline.add(change.kind, { action: change.action });
      return;
    case "membership.updated":
      return;
    default:
      change satisfies never;
  }
}
