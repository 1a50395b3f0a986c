import { createHash } from "node:crypto";

/** Names of an account's records. */
export interface RecordKeys {
  /** The card that a message shows. */
  shown(messageId: string): string;
  /** Which message was posted for what buttons were signed for. */
  posted(post: string): string;
  /** That what was posted once is not there any more, through whichever message its buttons come. */
  gone(post: string): string;
  /** Who used a button that works once. */
  once(card: string, group: string, personId: string | undefined): string;
  /** What the card remembers. */
  state(card: string): string;
  /** That somebody was told why a click did nothing. */
  told(messageId: string, personId: string, reason: string): string;
  /** What can be chosen by answering a message, where cards are not drawn. */
  menu(messageId: string): string;
  /** What a quick reply chooses, and in which message. */
  quickReply(choiceId: string): string;
  /** The message in a room that was the last one to have something to choose. */
  latestMenu(roomId: string): string;
  /** What somebody in a room is being asked. */
  asking(roomId: string, personId: string): string;
  /** Messages of the bot in a room that the platform has delivered to the bot itself. */
  receipts(roomId: string): string;
  /** What a bot remembers of a room, of a person, or of a person in a room. */
  session(bot: string, name: string, of: { readonly roomId?: string; readonly personId?: string }): string;
}

/** A key has room for 512 characters, and a platform's ids may be longer: so what varies is digested. */
export function createRecordKeys(source: {
  readonly name: string;
  readonly account: string;
  /** The part of a message's id that is the same in every form of the id. @default the id */
  identify?(messageId: string): string;
}): RecordKeys {
  const keyOf = (family: string, kind: string, of: readonly (string | undefined)[]): string => {
    const digest = createHash("sha256").update(JSON.stringify(of)).digest("base64url");
    return `${family}/${source.name}/${source.account}/${kind}/${digest}`;
  };
  const ofCard = (kind: string, ...of: readonly (string | undefined)[]): string => keyOf("cards", kind, of);
  const ofPeople = (kind: string, ...of: readonly (string | undefined)[]): string =>
    keyOf("people", kind, of);
  return {
    shown: (messageId) => ofCard("shown", source.identify?.(messageId) ?? messageId),
    posted: (post) => ofCard("posted", post),
    gone: (post) => ofCard("gone", post),
    once: (card, group, personId) => ofCard("once", card, group, personId),
    state: (card) => ofCard("state", card),
    told: (messageId, personId, reason) => ofCard("told", messageId, personId, reason),
    menu: (messageId) => ofCard("menu", messageId),
    quickReply: (choiceId) => ofCard("quick-reply", choiceId),
    latestMenu: (roomId) => ofCard("latest-menu", roomId),
    asking: (roomId, personId) => ofPeople("asking", roomId, personId),
    receipts: (roomId) => keyOf("receipts", "room", [roomId]),
    session: (bot, name, { roomId, personId }) => ofPeople("session", bot, name, roomId, personId),
  };
}
