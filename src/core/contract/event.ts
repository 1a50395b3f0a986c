/** What happened, complete: the notice with what the follow-up call brought. */

import type { ClickedForm } from "./clicked-form";
import type { FileInfo } from "./files";
import type { JsonObject, Notice, Person, Room } from "./notice";

export type { Person, Room } from "./notice";

/** Where an answer goes. */
export interface Target {
  readonly roomId: string;
  /** Root of the thread; absent: in no thread. */
  readonly threadId?: string | undefined;
}

/** Somebody who is named in a message. */
export type Mention = { readonly kind: "person"; readonly personId: string } | { readonly kind: "all" };

/** What somebody wrote. */
export interface Message {
  readonly id: string;
  /** Plain text without the mention of this bot, trimmed; empty for a message that is only a file. */
  readonly text: string;
  readonly html?: string | undefined;
  readonly markdown?: string | undefined;
  /** Where the files are; reading them needs the bot's token. */
  readonly fileUrls: readonly string[];
  /** What the message says of each file, in the order of `fileUrls`. Absent if it says nothing. */
  readonly fileInfos?: readonly FileInfo[] | undefined;
  readonly mentions: readonly Mention[];
  /**
   * Whether the message is meant for this bot: in a direct room, or with a mention of the bot. `false` in an Intercom conversation
   * that a teammate handles.
   */
  readonly isAddressed: boolean;
  /** Root message of the thread it is in; absent when it is in none. */
  readonly threadId?: string | undefined;
  readonly createdAt?: Date | undefined;
  /** Which quick reply was pressed instead of something being written. */
  readonly choiceId?: string | undefined;
}

/** What every event has. */
export interface EventBase {
  readonly notice: Notice;
  /** Who did it: wrote, clicked, added, removed. */
  readonly person?: Person | undefined;
  readonly room?: Room | undefined;
  /** Where an answer goes; absent when the event belongs to no room. */
  readonly target?: Target | undefined;
  /** What the follow-up call answered, as it came; the notice's data where none is needed. */
  readonly resource: JsonObject;
}

/** `messages.created`. */
export interface MessageEvent extends EventBase {
  readonly kind: "message";
  readonly person: Person;
  readonly room: Room;
  readonly target: Target;
  readonly message: Message;
  /** What a bot had asked the person, when this is what they wrote next. */
  readonly answers?: AskedQuestion | undefined;
}

/** What a bot asked somebody in a room. */
export interface AskedQuestion {
  readonly bot: string;
  /** Whose handler, `bot.answer(step)`, is given the answer. */
  readonly step: string;
  /** What the bot gave along. */
  readonly data: JsonObject;
  /** Ids of the messages that asked. */
  readonly messages: readonly string[];
}

/** `messages.updated`: somebody changed what they had written. Not answered as a command: that was done when it was new. */
export interface MessageUpdatedEvent extends Omit<MessageEvent, "kind" | "answers"> {
  readonly kind: "message-updated";
}

/** `messages.deleted`. */
export interface MessageDeletedEvent extends EventBase {
  readonly kind: "message-deleted";
  readonly room: Room;
  readonly messageId: string;
}

/** `attachmentActions.created`: somebody clicked a button of a card. */
export interface ActionEvent extends EventBase {
  readonly kind: "action";
  readonly person: Person;
  readonly room: Room;
  /** The room alone; in which thread the card is, the platform tells when asked. */
  readonly target: Target;
  readonly actionId: string;
  /** The message that holds the card. */
  readonly messageId: string;
  /**
   * The inputs by id and the button's data: what a person entered is a string, data is as the bot wrote it. Of a button
   * that was not signed, all of it may be what somebody made up.
   */
  readonly inputs: JsonObject;
  /** What the bot signed; absent: the click is of a card that this bot, as it is now, did not send. */
  readonly button?: SignedButton | undefined;
  /** The click beside its card, as that card was sent. `undefined` if Bellhop does not know the card. */
  readonly form?: ClickedForm | undefined;
}

/** A button as the bot sent it, and nobody has changed it. */
export interface SignedButton {
  /** Which card it is on; the same after the card was drawn anew. */
  readonly card: string;
  /** Its hidden data. */
  readonly data: JsonObject;
  readonly expiresAt: Date;
}

/** `memberships.created`, `updated`, `deleted`. */
export interface MembershipEvent extends EventBase {
  readonly kind: "membership";
  readonly room: Room;
  readonly target: Target;
  /** Whose membership it is; `person` is who changed it, often the same. */
  readonly member: Person;
  /** It is the bot itself that was added, changed or removed. */
  readonly self: boolean;
  readonly isModerator: boolean;
}

/** `rooms.created`, `updated`, `migrated`; of a room that was moved, the id that it has now. */
export interface RoomEvent extends EventBase {
  readonly kind: "room";
  readonly room: Room;
  readonly target: Target;
}

/** Anything the framework has no special knowledge of, as it came. */
export interface OtherEvent extends EventBase {
  readonly kind: "other";
}

/** Everything a handler can be given. */
export type BotEvent =
  | MessageEvent
  | MessageUpdatedEvent
  | MessageDeletedEvent
  | ActionEvent
  | MembershipEvent
  | RoomEvent
  | OtherEvent;
