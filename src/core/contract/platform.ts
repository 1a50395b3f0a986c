import type { Diagnostic } from "./diagnostic";
import type { BotEvent, Person, Room, Target } from "./event";
import type { FileReader, OutgoingFile } from "./files";
import type { AddOutcome } from "./inbox";
import type { Metrics } from "./metrics";
import type { JsonObject, Notice } from "./notice";

/** One HTTP request as received. */
export interface Delivery {
  /** By name in lower case; more than one value when the sender repeated the header. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** The bytes as they came; signatures are over these. */
  readonly body: Buffer;
  /** What was behind the account's own path, where the platform takes that as a secret. Absent: nothing was. */
  readonly pathSecret?: string | undefined;
}

/** What a platform can do, known beforehand. */
export interface Capabilities {
  /** Draws Adaptive Cards. */
  readonly cards: boolean;
  readonly threads: boolean;
  /** Can change what the bot wrote. */
  readonly edit: boolean;
  /** Can change a card that is already shown; where it cannot, a card is replaced by posting anew and deleting. */
  readonly editCards: boolean;
  /** Can delete what the bot wrote. */
  readonly delete: boolean;
  /** Can write to one person outside the room. */
  readonly direct: boolean;
  /** Takes files from the bot, one a message. */
  readonly files: boolean;
  /** How many buttons may stand below a text, each of which answers for the person; 0: none. */
  readonly quickReplies: number;
  /** Longest text of one message, in UTF-8 bytes; longer ones are split. */
  readonly maxBytes: number;
}

/** Who the bot is on the platform. */
export interface BotIdentity {
  readonly personId: string;
  readonly displayName: string;
}

/** What a card's buttons are good for. */
export interface CardButtonOptions {
  /**
   * Who may click them: anyone in the room, who did what is being answered, or the people named by id or e-mail address,
   * up to 100. A card that is sent to one person is for that person. @default "room"
   */
  readonly audience?: "room" | "asker" | readonly string[] | undefined;
  /** How long they work, in milliseconds from the event that is answered. @default as the program says, 30 days */
  readonly expiresAfterMs?: number | undefined;
}

/** A card, filled and ready to be posted. */
export interface Card {
  readonly kind: "card";
  /** File name without `.json`; `"inline"` for one that was written as code. */
  readonly name: string;
  readonly content: JsonObject;
  /** What is shown where cards are not drawn, and in notifications. */
  readonly fallbackText: string;
  readonly buttons?: CardButtonOptions | undefined;
}

/** One message to be posted; at least one part is given, and never a card and a file. */
export interface OutgoingMessage {
  readonly text?: string | undefined;
  readonly markdown?: string | undefined;
  readonly card?: Card | undefined;
  readonly file?: OutgoingFile | undefined;
  /** Buttons below the text; only where `can.quickReplies` allows as many. They are a convenience: the text says it all. */
  readonly quickReplies?: readonly QuickReply[] | undefined;
}

/** A button that answers for the person. */
export interface QuickReply {
  /** A UUID; the message of whoever presses it has it as its `choiceId`. */
  readonly id: string;
  readonly title: string;
}

/** Somebody to write to outside a room. */
export type Recipient = { readonly personId: string } | { readonly email: string };

/** A message that the bot posted. */
export interface SentMessage extends MessageRef {
  /** Root of the thread it is in. */
  readonly threadId?: string | undefined;
}

/** A message of the bot that the platform has delivered to the bot itself. */
export interface Receipt extends SentMessage {
  /** When it was posted, in milliseconds since 1970, by the platform's clock. */
  readonly at: number;
}

/** A message that the platform knows, ours or not. */
export interface MessageRef {
  readonly id: string;
  readonly roomId: string;
}

/** Where a message stands: in a thread, in none (it may become the root of one), or nowhere any more. */
export type MessagePosition =
  | { readonly kind: "thread"; readonly rootId: string }
  | { readonly kind: "top" }
  | { readonly kind: "gone" };

/** What has to arrive, and where it is taken. */
export interface ReceiveContext {
  /** Names of the events that the bots of this account listen to; `*` for everything. */
  readonly listensTo: ReadonlySet<string>;
  /** Takes what arrives in another way than by deliveries; once it resolves, the notice survives a crash. */
  readonly accept: (notice: Notice) => Promise<AddOutcome>;
  /**
   * Says that what happened since then may not have arrived, so that it is looked for. Not for the time before the
   * start: that is looked for anyway.
   * @param since in milliseconds since 1970
   */
  missedSince(since: number): void;
  /** Says whether what happens can arrive now, as far as is known: what happens while it cannot is looked for after a restart, too. */
  arriving?(isSo: boolean): void;
  /** Where it is counted what was done to webhooks. @default nowhere */
  readonly metrics?: Pick<Metrics, "webhook"> | undefined;
}

/** What a platform receives with over a connection of its own. */
export interface ConnectionContext extends ReceiveContext {
  /** Says whether what happens can arrive now. Not connected until it is said. */
  connected(isConnected: boolean): void;
}

/** How deliveries that overtake each other are put in order. */
export interface ReorderOptions {
  /**
   * A whole number that rises with what happens, over all that one account is told of. Some may be missing.
   * `undefined` for what has none, which never waits.
   */
  numberOf(notice: Notice): number | undefined;
  /**
   * How much longer than another one a delivery may be on its way and still be handled before it, in milliseconds. Nothing
   * is held for longer.
   */
  readonly withinMs: number;
}

/** What a platform remembers of what happened, for those who could not listen. */
export interface EventHistory {
  /** Ids of rooms in which something happened since then, the latest activity first. */
  rooms(since: number, signal: AbortSignal): AsyncIterable<string>;
  /** What deliveries would have told of one of them since then, oldest first. Empty for a room that cannot be read. */
  notices(roomId: string, since: number, signal: AbortSignal): Promise<readonly Notice[]>;
}

/**
 * One bot identity on one chat platform. Whatever only one platform knows stays behind these.
 *
 * Calls to the platform reject with an ApiError (refused) or a NetworkError (no answer) and end when `signal` is aborted.
 */
export interface Platform extends FileReader {
  /** Route and log label: `"webex"`. */
  readonly name: string;
  /** Which identity; `"default"` where there is one only. */
  readonly account: string;
  readonly can: Capabilities;
  /** Whether the platform tries an address with a HEAD request, which is answered with nothing. @default false */
  readonly probesWithHead?: boolean;
  /**
   * Where deliveries are sent side by side, so that they overtake each other, and nobody minds when the answer takes a
   * moment. Absent where they are sent one after the other, or nothing tells their order.
   */
  readonly reorder?: ReorderOptions;
  /**
   * Whether deliveries also come to a path one step below the account's own, whose last part is the secret that they have
   * in the place of a signature. `verify` compares it. @default false
   */
  readonly takesPathSecret?: boolean;
  /**
   * Names in lower case of the headers that signatures are in: a genuine delivery has at least one of them. A delivery
   * without them is refused before its body is read. Absent if a signature may be elsewhere. Not asked for deliveries
   * with a `pathSecret`.
   */
  readonly signatureHeaders?: readonly string[];
  /** All of the platform's API, as its own module types it. Absent where there is none. */
  readonly client?: unknown;
  /** @throws SignatureError unless the body, as received, was sent by someone who has our secret. */
  verify(delivery: Delivery): void;
  /**
   * For a verified delivery that only asks whether we are there: the body of the answer, which proves that we have the
   * secret. Nothing is stored then. `undefined` for every other delivery.
   */
  answerPing?(delivery: Delivery): string | undefined;
  /**
   * What happened, by reference; `undefined` when there is nothing to handle. Called after `verify`.
   * @throws MalformedDeliveryError
   */
  parse(delivery: Delivery): Notice | undefined;
  /**
   * Keys for a purpose of the framework's own, made of the secrets that deliveries are verified with, or of
   * another one of the account where there are none, newest first: the
   * same in every process, and of no use for anything else. Absent where such secrets do not exist.
   */
  deriveKeys?(purpose: string): readonly Uint8Array[];
  /** Learns who the bot is. Called before the first lease, again until it succeeds. @throws ApiError with status 401 for a wrong token */
  open(signal: AbortSignal): Promise<BotIdentity>;
  /**
   * Sees to it that what happens reaches the receiver, by registering webhooks say. Called after `open`, before the first
   * lease, again until it succeeds. Absent where nothing can be arranged, or somebody else does it.
   */
  registerWebhooks?(arrival: ReceiveContext, signal: AbortSignal): Promise<void>;
  /**
   * Receives over a connection of its own, which it opens again whenever it is lost, until `signal` is aborted; then it
   * resolves, when all that had arrived is in the inbox. Called after `arrange`, once. Absent where only deliveries come.
   * @throws when it makes no sense to connect again: ConnectionRefusedError, or an ApiError before it ever was connected
   */
  listen?(intake: ConnectionContext, signal: AbortSignal): Promise<void>;
  /**
   * Goes on seeing to it until `signal` is aborted, and only then ends. Called once, when `arrange` has succeeded. What goes
   * wrong is logged and tried again.
   */
  monitorWebhooks?(arrival: ReceiveContext, signal: AbortSignal): Promise<void>;
  /**
   * Looks at all that must be right so that the account receives and answers, and changes nothing. Needs no `open`, and
   * does not reject.
   * @param arrival `undefined` while nobody knows what has to arrive
   */
  diagnose?(
    arrival: Pick<ReceiveContext, "listensTo"> | undefined,
    signal: AbortSignal,
  ): Promise<readonly Diagnostic[]>;
  /** Absent where it is never told again what happened. Used after `open`. */
  readonly history?: EventHistory;
  /**
   * When it happened by the platform's clock, or earlier, in milliseconds since 1970: nothing that answers it was posted
   * before. Absent, or `undefined`, where the notice does not say.
   */
  happenedAt?(notice: Notice): number | undefined;
  /** The part of a message's id that is the same in every form of the id. @default the id */
  identify?(messageId: string): string;
  /** Whether the bot itself wrote it, told by the notice alone. Only after `open`. */
  isOwn(notice: Notice): boolean;
  /**
   * Completes the notice by the authorised call that its kind needs, and no other.
   * @throws ContentGoneError when there is nothing to read
   */
  fetch(notice: Notice, signal: AbortSignal): Promise<BotEvent>;
  /** Looks a person up; answers are kept for a while. @param type of an author, as the platform's notices name it */
  person(id: string, signal: AbortSignal, type?: string): Promise<Person>;
  /** Looks a room up; answers are kept for a while. */
  room(id: string, signal: AbortSignal): Promise<Room>;
  /** Where a message stands. Costs no call for messages that the bot itself sent a short while ago. */
  positionOf(message: MessageRef, signal: AbortSignal): Promise<MessagePosition>;
  /**
   * Posts a message.
   * @param mayBegin asked in the event-loop turn in which the request is written; `false`: it is not written
   * @throws NetworkError with `isDone` when it was posted and its id could not be read
   */
  send(
    target: Target | Recipient,
    message: OutgoingMessage,
    signal: AbortSignal,
    mayBegin?: () => boolean,
  ): Promise<SentMessage>;
  /**
   * Looks for messages of the bot that were posted to a place since then and are this answer: the same words, card and
   * file in the same thread, those that `send` may have posted without its answer having arrived.
   * @param since in milliseconds since 1970, by the platform's clock
   * @returns oldest first; `undefined` where the bot may not read its own messages
   */
  findSent(
    target: Target | Recipient,
    message: OutgoingMessage,
    since: number,
    signal: AbortSignal,
  ): Promise<readonly SentMessage[] | undefined>;
  /**
   * The bot's own new message that a notice reports, in a room whose messages `findSent` may not list. To be asked after
   * `open`, of notices that are `isOwn`. Absent where the platform delivers no such messages.
   * @returns `undefined` for any other notice
   */
  receiptOf?(notice: Notice): Receipt | undefined;
  /**
   * Whether a message of the bot is this answer: the same words, card and file. `true` where the bot may not read the message.
   * Absent where it may read none.
   */
  isAnswer?(
    sent: SentMessage,
    target: Target | Recipient,
    message: OutgoingMessage,
    signal: AbortSignal,
  ): Promise<boolean>;
  /**
   * Reads the card that a message of the bot shows, with the data of its buttons. Asked only of a click whose message the
   * inbox does not know yet. Absent where cards are not drawn.
   * @returns `undefined` if the message is gone, is not the bot's, or shows no card
   */
  cardOf?(message: MessageRef, signal: AbortSignal): Promise<JsonObject | undefined>;
  /** @throws UnsupportedError unless `can.edit` */
  edit(
    sent: SentMessage,
    message: OutgoingMessage,
    signal: AbortSignal,
    mayBegin?: () => boolean,
  ): Promise<void>;
  /** @throws UnsupportedError unless `can.delete` */
  deleteMessage(sent: MessageRef, signal: AbortSignal, mayBegin?: () => boolean): Promise<void>;
  /** Ends its connections. */
  close(): Promise<void>;
}
