import { createHmac, timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import {
  ApiError,
  ContentGoneError,
  MalformedDeliveryError,
  NetworkError,
  SignatureError,
} from "../../src/core/contract/errors";
import type { BotEvent, MessageEvent, Person, Room, Target } from "../../src/core/contract/event";
import type { FileInfo, FileInMemory, OpenedFile } from "../../src/core/contract/files";
import { JsonError, parseJson } from "../../src/core/contract/json";
import { createNotice, type JsonObject, type JsonValue, type Notice } from "../../src/core/contract/notice";
import type {
  Capabilities,
  Delivery,
  MessagePosition,
  MessageRef,
  OutgoingMessage,
  Platform,
  Recipient,
  SentMessage,
} from "../../src/core/contract/platform";
import { deriveKey } from "../../src/core/util/derive-key";

const EVERYTHING: Capabilities = {
  cards: true,
  threads: true,
  edit: true,
  editCards: false,
  delete: true,
  direct: true,
  files: true,
  quickReplies: 0,
  maxBytes: 200,
};

/** What the bot has posted, as the people in the room see it. */
export interface Posted extends OutgoingMessage {
  readonly id: string;
  readonly to: Target | Recipient;
}

/** A call that the framework made. */
export type Call =
  | "open"
  | "fetch"
  | "person"
  | "room"
  | "positionOf"
  | "cardOf"
  | "send"
  | "findSent"
  | "edit"
  | "remove";

/**
 * A chat platform without a network: people, rooms and events are kept in memory, deliveries are signed with
 * HMAC-SHA256 over the raw body, in hex, in `x-signature`.
 */
export class InMemoryPlatform implements Platform {
  readonly name: string = "memory";
  readonly account: string;
  readonly can: Capabilities;
  readonly signatureHeaders = ["x-signature"];
  readonly secret = "correct horse";
  readonly botId = "bot";
  readonly people = new Map<string, Person>();
  readonly rooms = new Map<string, Room>();
  readonly events = new Map<string, (notice: Notice) => BotEvent>();
  readonly places = new Map<string, MessagePosition>();
  /** What is in the rooms, oldest first. */
  readonly posts: Posted[] = [];
  /** What files hold, by address. */
  readonly files = new Map<string, FileInMemory>();
  /** In the order made. */
  readonly calls: Call[] = [];
  /** The next calls of a kind fail with these. */
  readonly failures: Partial<Record<Call, Error[]>> = {};
  /** The next messages are posted, but their answers are lost. */
  answersLost = 0;
  /** Whether the bot may read what it wrote. */
  isReadable = true;
  #ids = 0;

  constructor(options: { account?: string; can?: Partial<Capabilities> } = {}) {
    this.account = options.account ?? "default";
    this.can = { ...EVERYTHING, ...options.can };
  }

  /** Something that happens: the notice of it; what `fetch` will find is given as a function of the notice. */
  happens(parts: {
    name: string;
    key?: string;
    conversation?: string;
    person?: Person;
    room?: Room;
    event?: (notice: Notice) => BotEvent;
  }): Notice {
    const key = parts.key ?? `${parts.name}|${++this.#ids}`;
    if (parts.event) this.events.set(key, parts.event);
    return createNotice(this, {
      name: parts.name,
      key,
      conversation: parts.conversation ?? parts.room?.id ?? "room-1",
      person: parts.person,
      room: parts.room,
      data: { key },
    });
  }

  /** Somebody writes a message. */
  says(
    text: string,
    by: Person = { id: "ada", email: "ada@example.com" },
    room: Room = { id: "room-1" },
  ): Notice {
    return this.happens({
      name: "messages.created",
      person: by,
      room,
      event: (notice) => messageEvent(notice, text, by, room),
    });
  }

  /** Somebody comes into a room. */
  joins(by: Person, room: Room = { id: "room-1" }): Notice {
    return this.happens({
      name: "memberships.created",
      person: by,
      room,
      event: (notice) => ({
        kind: "membership",
        notice,
        person: by,
        room,
        target: { roomId: room.id },
        member: by,
        self: false,
        isModerator: false,
        resource: {},
      }),
    });
  }

  /** A room is made, and nobody says by whom. */
  hasRoom(room: Room): Notice {
    return this.happens({
      name: "rooms.created",
      room,
      event: (notice) => ({ kind: "room", notice, room, target: { roomId: room.id }, resource: {} }),
    });
  }

  /**
   * Somebody sends a click straight to the platform's API, with whatever they like for inputs.
   * @param at the message with the card; one that nobody has posted unless it is given
   */
  clicks(
    inputs: JsonObject,
    by: Person = { id: "ada", email: "ada@example.com" },
    at: { readonly messageId: string; readonly room: Room } = {
      messageId: "message-1",
      room: { id: "room-1" },
    },
  ): Notice {
    const { messageId, room } = at;
    return this.happens({
      name: "attachmentActions.created",
      person: by,
      room,
      event: (notice) => ({
        kind: "action",
        notice,
        person: by,
        room,
        target: { roomId: room.id },
        actionId: "action-1",
        messageId,
        inputs,
        resource: {},
      }),
    });
  }

  /** Somebody presses a button of a card that the bot posted, as a client does: its data and what was entered are merged. */
  presses(
    title: string,
    by?: Person,
    { post = this.posts.at(-1), entered = {} }: { post?: Posted | undefined; entered?: JsonObject } = {},
  ): Notice {
    if (post === undefined) throw new Error("nothing was posted");
    const at = { messageId: post.id, room: { id: roomOf(post.to) } };
    return this.clicks({ ...entered, ...dataOf(post, title) }, by, at);
  }

  /** The headers and body with which a notice's parts would be delivered. */
  delivery(body: JsonValue | string): { headers: Record<string, string>; body: string } {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return { headers: { "content-type": "application/json", "x-signature": this.sign(text) }, body: text };
  }

  sign(body: string | Buffer): string {
    return createHmac("sha256", this.secret).update(body).digest("hex");
  }

  verify({ headers, body }: Delivery): void {
    const given = headers["x-signature"] ?? [];
    if (given.length !== 1) throw new SignatureError(this.name, `x-signature was sent ${given.length} times`);
    const [wanted, sent] = [Buffer.from(this.sign(body)), Buffer.from(given[0] ?? "")];
    if (wanted.length !== sent.length || !timingSafeEqual(wanted, sent))
      throw new SignatureError(this.name, "x-signature does not match the body");
  }

  parse({ body }: Delivery): Notice | undefined {
    let envelope: JsonValue;
    try {
      envelope = parseJson(body);
    } catch (error) {
      if (error instanceof JsonError) throw new MalformedDeliveryError(this.name, error.reason);
      throw error;
    }
    const { id, room, by } = isObject(envelope) ? envelope : {};
    if (typeof id !== "string") throw new MalformedDeliveryError(this.name, "it has no id");
    if (room === undefined) return undefined;
    const conversation = String(room);
    const person = typeof by === "string" ? { id: by } : undefined;
    return createNotice(this, { name: "messages.created", key: id, conversation, person, data: { key: id } });
  }

  deriveKeys(purpose: string): readonly Uint8Array[] {
    return [deriveKey(this.secret, purpose)];
  }

  async open(): Promise<{ personId: string; displayName: string }> {
    this.#called("open");
    return { personId: this.botId, displayName: "Bot" };
  }

  isOwn(notice: Notice): boolean {
    return notice.person?.id === this.botId && notice.name === "messages.created";
  }

  async fetch(notice: Notice, signal: AbortSignal): Promise<BotEvent> {
    signal.throwIfAborted();
    this.#called("fetch");
    const event = this.events.get(String(notice.data.key));
    if (event === undefined) throw new ContentGoneError("memory GET /events", undefined);
    return event(notice);
  }

  async person(id: string): Promise<Person> {
    this.#called("person");
    return found(this.people.get(id), `memory GET /people/${id}`);
  }

  async room(id: string): Promise<Room> {
    this.#called("room");
    return found(this.rooms.get(id), `memory GET /rooms/${id}`);
  }

  async positionOf(message: MessageRef): Promise<MessagePosition> {
    this.#called("positionOf");
    const known = this.places.get(message.id);
    if (known !== undefined) return known;
    const post = this.posts.find(({ id }) => id === message.id);
    if (post === undefined) return { kind: message.id.startsWith("sent-") ? "gone" : "top" };
    return "threadId" in post.to && post.to.threadId !== undefined
      ? { kind: "thread", rootId: post.to.threadId }
      : { kind: "top" };
  }

  async cardOf({ id }: MessageRef): Promise<JsonObject | undefined> {
    this.#called("cardOf");
    return this.posts.find((post) => post.id === id)?.card?.content;
  }

  async send(
    to: Target | Recipient,
    message: OutgoingMessage,
    signal: AbortSignal,
    _mayBegin?: () => boolean,
  ): Promise<SentMessage> {
    signal.throwIfAborted();
    this.#called("send");
    const id = `sent-${++this.#ids}`;
    this.posts.push({ id, to, ...message });
    if (this.answersLost > 0) {
      this.answersLost--;
      throw new NetworkError("memory POST /messages", "the connection was reset", { mayHaveSucceeded: true });
    }
    return "roomId" in to ? { id, ...to } : { id, roomId: roomOf(to) };
  }

  async fileInfo(url: string): Promise<FileInfo> {
    const { stream, ...info } = await this.openFile(url);
    stream.destroy();
    return info;
  }

  async openFile(url: string): Promise<OpenedFile> {
    const { name, type, data } = found(this.files.get(url), `memory GET ${url}`);
    return { name, type, size: data.length, stream: Readable.from([data], { objectMode: false }) };
  }

  async findSent(
    to: Target | Recipient,
    message: OutgoingMessage,
    _since?: number,
    _signal?: AbortSignal,
  ): Promise<SentMessage[] | undefined> {
    this.#called("findSent");
    if (!this.isReadable) return undefined;
    const roomId = roomOf(to);
    const { text, markdown, card, file } = message;
    return this.posts
      .filter((post) => roomOf(post.to) === roomId && threadOf(post.to) === threadOf(to))
      .filter((post) =>
        isDeepStrictEqual([post.text, post.markdown, post.card, post.file], [text, markdown, card, file]),
      )
      .map(({ id }) => ({ id, roomId }));
  }

  async edit(sent: SentMessage, message: OutgoingMessage): Promise<void> {
    this.#called("edit");
    const { id, ...to } = sent;
    const at = this.posts.findIndex((post) => post.id === id);
    this.posts.splice(at === -1 ? this.posts.length : at, 1, { id, to, ...message });
  }

  async deleteMessage(sent: MessageRef): Promise<void> {
    this.#called("remove");
    const at = this.posts.findIndex((post) => post.id === sent.id);
    if (at !== -1) this.posts.splice(at, 1);
  }

  async close(): Promise<void> {}

  #called(call: Call): void {
    this.calls.push(call);
    const failure = this.failures[call]?.shift();
    if (failure !== undefined) throw failure;
  }
}

/** A message as a platform would complete it. */
export function messageEvent(
  notice: Notice,
  text: string,
  person: Person = { id: "ada" },
  room: Room = { id: "room-1" },
): MessageEvent {
  const message = { id: "message-1", text, fileUrls: [], mentions: [], isAddressed: true };
  const target = { roomId: room.id, threadId: message.id };
  return { kind: "message", notice, person, room, target, message, resource: {} };
}

function roomOf(to: Target | Recipient): string {
  if ("roomId" in to) return to.roomId;
  return `direct-${"email" in to ? to.email : to.personId}`;
}

function threadOf(to: Target | Recipient): string | undefined {
  return "threadId" in to ? to.threadId : undefined;
}

/** Hidden data of the button with this title. */
export function dataOf({ card }: Posted, title: string): JsonObject {
  const found = buttonsIn(card?.content ?? null).find((button) => button.title === title);
  if (found === undefined) throw new Error(`the card has no button "${title}"`);
  return isObject(found.data ?? null) ? (found.data as JsonObject) : {};
}

function buttonsIn(value: JsonValue): readonly JsonObject[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value as JsonObject).flatMap((child) => buttonsIn(child ?? null));
  return isObject(value) && value.type === "Action.Submit" ? [value, ...inside] : inside;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function found<T>(value: T | undefined, call: string): T {
  if (value === undefined) throw new ApiError({ call, status: 404, reason: "not found" });
  return value;
}
