import { UnsupportedError } from "./errors";
import type { BotEvent, Target } from "./event";
import type { Capabilities, Platform } from "./platform";

/** Features of the platform, and of the event that is answered. */
export interface EventCapabilities extends Capabilities {
  /**
   * Whether `replyPrivately` works for this event: the platform can write to one person, or the event is a message or a
   * click in a direct room.
   */
  readonly replyPrivately: boolean;
}

/** Features of a platform for one event. */
export function capabilitiesFor({ can }: Pick<Platform, "can">, event: BotEvent): EventCapabilities {
  const replyPrivately = can.direct ? event.person !== undefined : privateRoomOf(event) !== undefined;
  return { ...can, replyPrivately };
}

/** The room that only the person who wrote or clicked reads. Of another event, its person may be someone else in the room. */
function privateRoomOf(event: BotEvent): Target | undefined {
  const isOfOnePerson = event.kind === "message" || event.kind === "action";
  return isOfOnePerson && event.room.kind === "direct" ? { roomId: event.room.id } : undefined;
}

/**
 * The room in which only the person who wrote or clicked reads the answer.
 * @throws UnsupportedError if there is none
 */
export function requirePrivateRoom(event: BotEvent, { name }: Pick<Platform, "name">): Target {
  const room = privateRoomOf(event);
  if (room === undefined)
    throw new UnsupportedError(
      name,
      "write to one person",
      "use ctx.reply, or look at ctx.can.replyPrivately first",
    );
  return room;
}
