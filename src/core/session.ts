import type { ButtonDesk } from "./buttons/desk";
import { UnsupportedError } from "./errors";
import type { BotEvent } from "./event";
import type { StatePlace } from "./kept-state";

/** Which of the things that a bot remembers is meant. */
export interface SessionOptions {
  /**
   * Of whom: `"member"`, the person in this room; `"person"`, the person wherever they write to this account; `"room"`,
   * everybody in this room. @default "member"
   */
  readonly of?: "member" | "person" | "room" | undefined;
  /** One of several. @default "" */
  readonly name?: string | undefined;
  /** How long it is kept after its last change, in milliseconds. @default 2_592_000_000, 30 days */
  readonly expiresAfterMs?: number | undefined;
}

const DEFAULT_EXPIRES_AFTER_MS = 30 * 86_400_000;

/**
 * What a bot remembers of the people and the room of an event.
 * @throws UnsupportedError for an event of nobody, or of no room, where that is what it is to be remembered of
 */
export function sessionPlace(
  { platform, keys, now }: Pick<ButtonDesk, "platform" | "keys" | "now">,
  { person, room }: BotEvent,
  bot: string,
  { of = "member", name = "", expiresAfterMs = DEFAULT_EXPIRES_AFTER_MS }: SessionOptions,
): StatePlace {
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
