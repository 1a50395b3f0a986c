import type { SessionOptions } from "../contract/context";
import { UnsupportedError } from "../contract/errors";
import type { BotEvent } from "../contract/event";
import type { AccountStore } from "./account-store";
import type { RecordSlot } from "./state-store";

const DEFAULT_EXPIRES_AFTER_MS = 30 * 86_400_000;

/**
 * What a bot remembers of the people and the room of an event.
 * @throws UnsupportedError for an event of nobody, or of no room, where that is what it is to be remembered of
 */
export function sessionSlot(
  { platform, keys, now }: Pick<AccountStore, "platform" | "keys" | "now">,
  { person, room }: BotEvent,
  bot: string,
  { of = "member", name = "", expiresAfterMs = DEFAULT_EXPIRES_AFTER_MS }: SessionOptions,
): RecordSlot {
  const personId = of === "room" ? undefined : person?.id;
  const roomId = of === "person" ? undefined : room?.id;
  if (of !== "room" && personId === undefined)
    throw new UnsupportedError(platform, "say who did this", 'remember it of the room: { of: "room" }');
  if (of !== "person" && roomId === undefined)
    throw new UnsupportedError(
      platform,
      "say in which room this happened",
      'remember it of the person: { of: "person" }',
    );
  return {
    key: keys.session(bot, name, {
      ...(roomId === undefined ? {} : { roomId }),
      ...(personId === undefined ? {} : { personId }),
    }),
    expiresAt: () => now() + expiresAfterMs,
  };
}
