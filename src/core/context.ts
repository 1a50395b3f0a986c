import { CallsInHand } from "./calls-in-hand";
import type { CardSource } from "./cards";
import { ContextClosedError, UnsupportedError } from "./errors";
import type { ActionEvent, BotEvent, Message, MessageEvent, Person, Target } from "./event";
import type { Logger } from "./logger";
import type { JsonObject } from "./notice";
import type { Addressee, Capabilities, Card, Outgoing, Platform, SentMessage } from "./platform";
import { splitText } from "./split-text";

/** What `reply` takes: Markdown, a card, or both and more in one message. */
export type ReplyContent = string | Card | Outgoing;

export interface ReplyOptions {
  /** Answer in the thread it was asked in; a question in no thread starts one. @default true */
  readonly thread?: boolean;
}

/**
 * What a handler holds: what happened, and how to answer. It already knows where it is.
 *
 * A call that nobody waited for belongs to the handler all the same: the event is settled when the call has ended, and
 * fails when it fails.
 */
export interface Context<E extends BotEvent = BotEvent> {
  readonly event: E;
  /** `"webex"`. */
  readonly platform: string;
  readonly account: string;
  /** Name of the bot whose handler this is. */
  readonly bot: string;
  /** Who did it. */
  readonly person: E["person"];
  readonly room: E["room"];
  /** Absent unless somebody wrote a message. */
  readonly message: Message | undefined;
  /** What the platform can do. */
  readonly can: Capabilities;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Whether the event is given up, kept as a dead letter, when this attempt fails. */
  readonly isLastAttempt: boolean;
  /** What middleware leaves for the handlers behind it; lives as long as the attempt. */
  readonly state: Record<string, unknown>;
  /** Aborted when the handler's time is up, or when the process must stop. Pass it to what you wait for. */
  readonly signal: AbortSignal;
  readonly log: Logger;

  /** Fills `cards/<name>.json` with data. @throws CardError */
  card(name: string, data?: Readonly<Record<string, unknown>>): Card;
  /** Looks up who did it, or somebody else; answers are kept for a while. */
  getPerson(id?: string): Promise<Person>;
  /**
   * Answers where it was asked. A string is Markdown; what is longer than the platform takes is split at line ends.
   * @returns the message posted, the first one when it was split
   * @throws ApiError, NetworkError; UnsupportedError for an event that belongs to no room
   */
  reply(content: ReplyContent, options?: ReplyOptions): Promise<SentMessage>;
  /** Writes to the person alone. @throws UnsupportedError unless `can.direct` */
  replyPrivately(content: ReplyContent): Promise<SentMessage>;
  /** Changes what the bot wrote. @throws UnsupportedError unless `can.edit` */
  edit(sent: SentMessage, content: ReplyContent): Promise<void>;
  /** Deletes what the bot wrote. @throws UnsupportedError unless `can.remove` */
  delete(sent: { readonly id: string; readonly roomId: string }): Promise<void>;
}

/** The context of a message. */
export interface MessageContext extends Context<MessageEvent> {
  readonly message: Message;
}

/** The context of a click on a card. */
export interface ActionContext extends Context<ActionEvent> {
  /** The button's data and the inputs by id, as they came: what a person entered is a string. */
  readonly inputs: JsonObject;
  /** Puts something in the place of the card that was clicked, in the same thread. */
  replaceCard(content: ReplyContent): Promise<SentMessage>;
}

/** What a context is made from, besides the event. */
export interface ContextParts {
  readonly platform: Platform;
  readonly cards: CardSource;
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Whether the handler still runs; after that the context refuses to act. */
  isOpen(): boolean;
}

/** What matching found out, for the handler's context. */
export interface Matched {
  readonly args?: Readonly<Record<string, string | number | boolean>>;
  readonly match?: RegExpMatchArray;
}

/** The one implementation of every context; which members make sense is told by the type the handler sees. */
export class HandlerContext implements Context {
  readonly event: BotEvent;
  readonly bot: string;
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  readonly state: Record<string, unknown>;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly args: Matched["args"];
  readonly match: Matched["match"];
  /** What this event's handlers have begun. */
  readonly inHand: CallsInHand;
  readonly #parts: ContextParts;
  readonly #platform: Platform;

  constructor(
    event: BotEvent,
    bot: string,
    parts: ContextParts,
    matched: Matched = {},
    shared: { state: Record<string, unknown>; inHand: CallsInHand } = {
      state: {},
      inHand: new CallsInHand(),
    },
  ) {
    this.event = event;
    this.bot = bot;
    this.attempt = parts.attempt;
    this.isLastAttempt = parts.isLastAttempt;
    this.state = shared.state;
    this.inHand = shared.inHand;
    this.signal = parts.signal;
    this.log = parts.log;
    this.args = matched.args;
    this.match = matched.match;
    this.#parts = parts;
    this.#platform = parts.platform;
  }

  get platform(): string {
    return this.#platform.name;
  }
  get account(): string {
    return this.#platform.account;
  }
  get can(): Capabilities {
    return this.#platform.can;
  }
  get person(): Person | undefined {
    return this.event.person;
  }
  get room(): BotEvent["room"] {
    return this.event.room;
  }
  get message(): Message | undefined {
    return this.event.kind === "message" ? this.event.message : undefined;
  }
  get inputs(): JsonObject | undefined {
    return this.event.kind === "action" ? this.event.inputs : undefined;
  }

  /** The same event for a handler that matched in its own way. */
  with(matched: Matched): HandlerContext {
    return new HandlerContext(this.event, this.bot, this.#parts, matched, this);
  }

  card(name: string, data: Readonly<Record<string, unknown>> = {}): Card {
    return this.#parts.cards.render(name, toJson(data));
  }

  getPerson(id?: string): Promise<Person> {
    return this.#call("getPerson", async () => {
      const wanted = id ?? this.person?.id;
      if (wanted === undefined)
        throw new UnsupportedError(
          this.platform,
          "say who did this",
          "pass the id of the person to getPerson",
        );
      return this.#platform.person(wanted, this.signal);
    });
  }

  reply(content: ReplyContent, options: ReplyOptions = {}): Promise<SentMessage> {
    return this.#call("reply", async () => {
      return this.#post(await this.#whereToAnswer(options.thread ?? true), content, "reply");
    });
  }

  replyPrivately(content: ReplyContent): Promise<SentMessage> {
    return this.#call("replyPrivately", async () => {
      if (!this.can.direct)
        throw new UnsupportedError(
          this.platform,
          "write to one person",
          "use ctx.reply, or look at ctx.can.direct first",
        );
      if (this.person === undefined)
        throw new UnsupportedError(this.platform, "say who did this", "there is nobody to answer privately");
      return this.#post({ personId: this.person.id }, content, "replyPrivately");
    });
  }

  edit(sent: SentMessage, content: ReplyContent): Promise<void> {
    return this.#call("edit", async () => {
      if (!this.can.edit)
        throw new UnsupportedError(
          this.platform,
          "edit a message",
          "use ctx.reply, or look at ctx.can.edit first",
        );
      await this.#platform.edit(sent, toOutgoing(content), this.signal);
    });
  }

  delete(sent: { readonly id: string; readonly roomId: string }): Promise<void> {
    return this.#call("delete", async () => {
      if (!this.can.remove)
        throw new UnsupportedError(this.platform, "delete a message", "look at ctx.can.remove first");
      await this.#platform.remove(sent, this.signal);
    });
  }

  replaceCard(content: ReplyContent): Promise<SentMessage> {
    return this.#call("replaceCard", async () => {
      if (this.event.kind !== "action")
        throw new UnsupportedError(
          this.platform,
          "tell which card to replace",
          "call replaceCard where a click is answered",
        );
      const shown = { id: this.event.messageId, roomId: this.event.room.id };
      const place = await this.#platform.placeOf(shown, this.signal);
      const target = { roomId: shown.roomId, ...(place.kind === "thread" ? { threadId: place.rootId } : {}) };

      if (this.can.editCards && place.kind !== "gone") {
        const sent = { ...shown, ...target };
        await this.#platform.edit(sent, toOutgoing(content), this.signal);
        return sent;
      }
      // Posted first: should the second call fail, people see two cards rather than none.
      const posted = await this.#post(target, content, "replaceCard");
      if (this.can.remove && place.kind !== "gone") await this.#platform.remove(shown, this.signal);
      return posted;
    });
  }

  #call<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (!this.#parts.isOpen()) return Promise.reject(new ContextClosedError(name));
    return this.inHand.add(call());
  }

  async #whereToAnswer(thread: boolean): Promise<Target> {
    const { target } = this.event;
    if (target === undefined)
      throw new UnsupportedError(
        this.platform,
        "answer an event that belongs to no room",
        "use replyPrivately",
      );
    if (!thread) return { roomId: target.roomId };
    if (this.event.kind !== "action" || !this.can.threads) return target;
    const place = await this.#platform.placeOf(
      { id: this.event.messageId, roomId: target.roomId },
      this.signal,
    );
    switch (place.kind) {
      case "thread":
        return { roomId: target.roomId, threadId: place.rootId };
      case "top":
        return { roomId: target.roomId, threadId: this.event.messageId };
      case "gone":
        return { roomId: target.roomId };
      default:
        return place satisfies never;
    }
  }

  async #post(target: Target | Addressee, content: ReplyContent, call: string): Promise<SentMessage> {
    const [first, ...rest] = toMessages(content, this.can.maxBytes);
    let to = target;
    const sent = await this.#platform.send(to, first, this.signal);
    // Written to a person, the room is known only now; and what belongs together goes to one place.
    if (!("roomId" in to)) to = { roomId: sent.roomId };
    for (const message of rest) {
      this.#assertOpen(call);
      await this.#platform.send(to, message, this.signal);
    }
    return sent;
  }

  #assertOpen(call: string): void {
    if (!this.#parts.isOpen()) throw new ContextClosedError(call);
  }
}

function isCard(content: Card | Outgoing): content is Card {
  return "kind" in content && content.kind === "card";
}

function toOutgoing(content: ReplyContent): Outgoing {
  if (typeof content === "string") return { markdown: content };
  return isCard(content) ? { card: content } : content;
}

/** One message, or several when the text is longer than the platform takes; a card goes with the last. */
function toMessages(content: ReplyContent, maxBytes: number): [Outgoing, ...Outgoing[]] {
  const outgoing = toOutgoing(content);
  const kind = outgoing.markdown === undefined ? "text" : "markdown";
  const [first, ...rest] = splitText(outgoing[kind] ?? "", maxBytes);
  if (first === undefined || rest.length === 0) return [outgoing];
  const { card } = outgoing;
  const messages = rest.map((part, index) =>
    card !== undefined && index === rest.length - 1 ? { [kind]: part, card } : { [kind]: part },
  );
  return [{ [kind]: first }, ...messages];
}

/** A card's data as JSON: dates become ISO text, what JSON cannot say is left out. */
function toJson(data: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(data)) as JsonObject; // what JSON.stringify wrote of an object is one
}
