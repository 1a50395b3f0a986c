import type { ActionEvent, BotEvent, Message, MessageEvent, Person } from "./event";
import type { EventCapabilities } from "./event-capabilities";
import type { FileContent, MessageFile } from "./files";

import type { Logger } from "./logger";
import type { JsonObject } from "./notice";
import type { Card, CardButtonOptions, MessageRef, Recipient, SentMessage } from "./platform";

import type { TraceStep } from "./trace";

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

/** A value that is stored from one event to the next: for a card, a person or a room. */
export interface StoredState<T> {
  /** @returns what was kept last; the initial value before that, and when it has been forgotten */
  read(): Promise<T>;
  /**
   * Changes it; of changes at the same instant, also on several machines, none is lost. Kept at once, and made once
   * however often the handler is run again.
   * @param change is given what is kept now; may be called more than once. What it returns survives JSON, up to 32 KiB of it
   * @returns what is kept now
   * @throws StateTooLargeError, InboxError
   */
  update(change: (now: T) => T): Promise<T>;
  /** Removes it. */
  forget(): Promise<void>;
}

/** A message: Markdown, a card, or several parts together. */
export type ReplyContent = string | Card | AdaptiveCardJson | Reply;

/** An Adaptive Card as its JSON, for example from a designer or another program. Webex renders versions 1.0 to 1.3. */
export interface AdaptiveCardJson {
  readonly type: "AdaptiveCard";
  readonly [property: string]: unknown;
}

/** Several parts of one answer; at least one is given. */
export interface Reply {
  /** Shown where Markdown and cards are not. */
  readonly text?: string | undefined;
  readonly markdown?: string | undefined;
  readonly card?: Card | AdaptiveCardJson | undefined;
  /**
   * Paths, addresses, bytes, streams. What one message does not take is posted in several, in order: the words with the
   * card or the first file, then a message for each further file.
   */
  readonly files?: readonly FileContent[] | undefined;
}

/** What somebody wrote, with the files that came with it. */
export interface ReceivedMessage extends Message {
  readonly files: readonly MessageFile[];
}

/** How something is asked. */
export interface AskOptions extends ReplyOptions {
  /** What the handler of the answer is to know: it comes back as `ctx.data`. Survives JSON, up to 32 KiB of it. */
  readonly data?: object | undefined;
  /** How long the answer is waited for, in milliseconds. @default 3_600_000, an hour */
  readonly expiresAfterMs?: number | undefined;
}

export interface ReplyOptions {
  /** Answer in the thread it was asked in; a question in no thread starts one. @default true */
  readonly thread?: boolean | undefined;
}

/**
 * What a handler holds: what happened, and how to answer. It already knows where it is.
 *
 * When a handler is run again, because an attempt before failed, the calls that were confirmed are not made again: they
 * return what they returned then. A call is recognised by its place, its number among the calls of its handler.
 *
 * A call that nobody waited for belongs to the handler all the same: the event is settled when the call has ended, and
 * fails when it fails.
 */
export interface Context<E extends BotEvent = BotEvent> {
  readonly event: E;
  /** `"webex"`. */
  readonly platform: string;
  readonly account: string;
  /** The platform's own client; `webexOf(ctx)` gives it its type. */
  readonly client: unknown;
  /** Name of the bot whose handler this is. */
  readonly bot: string;
  /** Who did it. */
  readonly person: E["person"];
  readonly room: E["room"];
  /** Absent unless somebody wrote a message. */
  readonly message: ReceivedMessage | undefined;
  /** Features of the platform, for this event. Check before use: `if (ctx.can.edit) …`. */
  readonly can: EventCapabilities;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Whether the event is given up, kept as a dead letter, when this attempt fails. */
  readonly isLastAttempt: boolean;
  /** What middleware leaves for the handlers behind it; lives as long as the attempt. */
  readonly state: Record<string, unknown>;
  /** Aborted when the handler's time is up, or when the process must stop. Pass it to what you wait for. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** This attempt's path so far. */
  readonly trace: readonly TraceStep[];

  /**
   * Fills `cards/<name>.json` with data.
   * @param buttons who may click, and for how long
   * @throws CardError
   */
  card(name: string, data?: Readonly<Record<string, unknown>>, buttons?: CardButtonOptions): Card;
  /**
   * Makes a card of Adaptive Card JSON, which is checked as the cards of the folder are. `ctx.reply(json)` does so, too;
   * this is for a card with button rules.
   * @example
   * await ctx.reply(ctx.card(designed, { audience: "asker" }))
   * @throws CardError that lists every error
   */
  card(json: AdaptiveCardJson, buttons?: CardButtonOptions): Card;
  /**
   * Looks up the person who caused the event, or another person; answers are kept for a while. All but `id` may be
   * absent: a platform tells what it tells, and an author may be a bot or a team. If the platform refuses to describe the
   * author of the event, the result is `ctx.person`.
   * @throws ApiError if the platform refuses to describe another person
   */
  getPerson(id?: string): Promise<Person>;
  /**
   * Answers where it was asked. A string is Markdown; what is longer than the platform takes is split at line ends.
   * @returns the message posted, the first one when it was split
   * @throws ApiError, NetworkError; UnsupportedError for an event that belongs to no room
   */
  reply(content: ReplyContent, options?: ReplyOptions): Promise<SentMessage>;
  /**
   * Asks the person something, in a message posted as `reply` does. What they write next in this room, whatever it is,
   * goes to the handler of `bot.answer(step)` before any other.
   *
   * It is waited for from when this handler has ended, by one bot at a time: who is asked something else meanwhile, or
   * clicks a button of the card that asked, is not waited for any more.
   * @param step as `bot.answer` has it
   * @throws UnknownStepError, StateTooLargeError; UnsupportedError for an event of nobody, or of no room; whatever `reply` throws
   */
  ask(step: string, content: ReplyContent, options?: AskOptions): Promise<SentMessage>;
  /**
   * Writes to the person alone. In a direct room of a platform that cannot write to one person, for example in a
   * conversation of Intercom, it replies in that room.
   * @throws UnsupportedError unless `can.replyPrivately`; ApiError when the person cannot be written to
   */
  replyPrivately(content: ReplyContent): Promise<SentMessage>;
  /**
   * Writes to somebody outside the room, by id or e-mail address.
   * @throws UnsupportedError unless `can.direct`; ApiError when there is no such person, or they cannot be written to
   */
  direct(to: Recipient, content: ReplyContent): Promise<SentMessage>;
  /** Changes what the bot wrote. @throws UnsupportedError unless `can.edit` */
  edit(sent: SentMessage, content: ReplyContent): Promise<void>;
  /** Deletes what the bot wrote. @throws UnsupportedError unless `can.delete` */
  delete(sent: MessageRef): Promise<void>;
  /**
   * What this bot remembers from event to event, of the person in this room unless `of` says otherwise:
   * `ctx.session({ visits: 0 })`.
   * @param initial what it is before anything was kept
   * @throws UnsupportedError for an event of nobody, or of no room, where that is what it is to be remembered of
   */
  session<T>(initial: T, options?: SessionOptions): StoredState<T>;
}

/** The context of a message. */
export interface MessageContext extends Context<MessageEvent> {
  readonly message: ReceivedMessage;
}

/** The command that a person probably meant. */
export interface NearestCommand {
  /** How it is written: `weather <city>`. */
  readonly usage: string;
  /** Its help text. */
  readonly help: string | undefined;
  /** The bot that has it. */
  readonly bot: string;
}

/** The context of an answer to what the bot has asked. */
export interface AnswerContext<Data = JsonObject> extends MessageContext {
  /** What the bot gave along when it asked. */
  readonly data: Data;
}

/** The context of a click on a card. */
export interface ActionContext<Inputs = JsonObject> extends Context<ActionEvent> {
  /** What the handler's schema reads; without one the inputs by id, as they came, and the button's data. */
  readonly inputs: Inputs;
  /** The button's hidden data as the bot wrote it: what a person entered is never among it. Empty for a button that is not signed. */
  readonly data: JsonObject;
  /**
   * What the card remembers, from click to click, for everybody: `ctx.cardState({ page: 1 })`.
   * @param initial what it is before anything was kept
   */
  cardState<T>(initial: T): StoredState<T>;
  /**
   * Puts something in the place of the card that was clicked, in the same thread. A card is the same card drawn anew: a
   * button that works once does not work again.
   */
  replaceCard(content: ReplyContent): Promise<SentMessage>;
}
