import { randomInt } from "node:crypto";
import { BoundedMap, FILE_BOUNDS } from "../bounded-map";
import { freshNumber } from "../id-seed";
import type { Later } from "../scheduler";
import { SpikaError } from "./answers";
import type { SpikaApiKey, SpikaFile, SpikaMessage, SpikaRoom, SpikaUser, SpikaWebhook } from "./records";
import type { SpikaState } from "./state";
import { Uploads } from "./uploads";

/** Somebody posts something. */
export interface NewMessage {
  readonly roomId: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly replyId?: number | undefined;
  readonly localId?: string | undefined;
}

const MEDIA: ReadonlySet<string> = new Set(["image", "audio", "video", "file"]);

/** A Spika server's memory and its rules, as `work/main` of 2024 has them. */
export class SpikaServer {
  readonly users = new Map<number, SpikaUser>();
  readonly rooms = new Map<number, SpikaRoom>();
  readonly apiKeys = new Map<number, SpikaApiKey>();
  readonly webhooks = new Map<number, SpikaWebhook>();
  readonly files = new BoundedMap<number, SpikaFile>(FILE_BOUNDS);
  readonly messages: SpikaMessage[] = [];
  readonly uploads: Uploads;
  readonly now: () => number;
  readonly #posted: (message: SpikaMessage, author: SpikaUser, room: SpikaRoom) => void;
  readonly #lastIds = new Map<string, number>();

  constructor(
    now: () => number,
    later: Pick<Later, "after">,
    posted: (message: SpikaMessage, author: SpikaUser, room: SpikaRoom) => void,
  ) {
    this.now = now;
    this.uploads = new Uploads(now, later);
    this.#posted = posted;
    this.#lastIds.set("message", freshNumber(now()));
  }

  state(): SpikaState {
    return {
      users: [...this.users.values()],
      rooms: [...this.rooms.values()],
      apiKeys: [...this.apiKeys.values()],
      webhooks: [...this.webhooks.values()],
      files: [...this.files.values()],
      messages: this.messages,
      lastIds: [...this.#lastIds],
    };
  }

  /** Makes an empty server what another one was. */
  restore({ users, rooms, apiKeys, webhooks, files, messages, lastIds }: SpikaState): void {
    for (const user of users) this.users.set(user.id, user);
    for (const room of rooms) this.rooms.set(room.id, room);
    for (const key of apiKeys) this.apiKeys.set(key.id, key);
    for (const webhook of webhooks) this.webhooks.set(webhook.id, webhook);
    for (const file of files) this.files.set(file.id, file);
    this.messages.push(...messages);
    for (const [kind, id] of lastIds) this.#lastIds.set(kind, id);
  }

  /** Nothing was said yet, and of the bots there is the one with this key only. */
  startOver(key: SpikaApiKey): void {
    this.messages.length = 0;
    this.files.clear();
    this.uploads.clear();
    for (const { id, userId } of this.apiKeys.values()) {
      if (id === key.id) continue;
      this.users.delete(userId);
      for (const { members } of this.rooms.values())
        if (members.includes(userId)) members.splice(members.indexOf(userId), 1);
    }
    this.apiKeys.clear();
    this.apiKeys.set(key.id, key);
  }

  /** Numbers of each kind count up, as in a database. */
  nextId(kind: string): number {
    const id = (this.#lastIds.get(kind) ?? 0) + 1;
    this.#lastIds.set(kind, id);
    return id;
  }

  addUser(displayName: string, isBot = false): SpikaUser {
    const user = { id: this.nextId("user"), displayName, isBot, token: isBot ? undefined : randomToken() };
    this.users.set(user.id, user);
    return user;
  }

  addRoom(name: string, type: SpikaRoom["type"], members: readonly SpikaUser[]): SpikaRoom {
    const room = { id: this.nextId("room"), name, type, members: members.map(({ id }) => id) };
    this.rooms.set(room.id, room);
    return room;
  }

  addApiKey(roomId: number, displayName: string): SpikaApiKey {
    const bot = this.addUser(displayName, true);
    this.rooms.get(roomId)?.members.push(bot.id);
    const at = this.now();
    const key = { id: this.nextId("apiKey"), token: randomToken(), roomId, userId: bot.id, displayName };
    const added: SpikaApiKey = { ...key, createdAt: at, modifiedAt: at };
    this.apiKeys.set(added.id, added);
    return added;
  }

  addWebhook(roomId: number, url: string): SpikaWebhook {
    const at = this.now();
    const webhook: SpikaWebhook = {
      id: this.nextId("webhook"),
      url,
      verifySignature: randomToken(),
      roomId,
      createdAt: at,
      modifiedAt: at,
    };
    this.webhooks.set(webhook.id, webhook);
    return webhook;
  }

  /** The person behind a token. */
  person(token: string): SpikaUser | undefined {
    return [...this.users.values()].find((user) => user.token === token);
  }

  /** The bot behind an API key. */
  bot(token: string): SpikaUser | undefined {
    const key = [...this.apiKeys.values()].find((one) => one.token === token);
    return key && this.users.get(key.userId);
  }

  /** @throws SpikaError as the API answers it */
  post(author: SpikaUser, { roomId, type, body, replyId, localId }: NewMessage): SpikaMessage {
    const room = this.rooms.get(roomId);
    if (room === undefined || !room.members.includes(author.id))
      throw new SpikaError(400, "Room user not found");
    const at = this.now();
    const message: SpikaMessage = {
      id: this.nextId("message"),
      roomId,
      fromUserId: author.id,
      totalUserCount: room.members.length,
      deliveredCount: 0,
      seenCount: 0,
      type,
      body: this.#completeBody(type, body, replyId),
      createdAt: at,
      modifiedAt: at,
      localId: localId ?? null,
      replyId: replyId ?? null,
      deleted: false,
      isForwarded: false,
      hasLink: false,
    };
    this.messages.push(message);
    this.#posted(message, author, room);
    return message;
  }

  #completeBody(
    type: string,
    body: NewMessage["body"],
    replyId: number | undefined,
  ): Readonly<Record<string, unknown>> {
    const referenceMessage = this.messages.find(({ id }) => id === replyId);
    const isQuote = replyId !== undefined;
    if (isQuote && referenceMessage === undefined)
      throw new SpikaError(400, "there is no message with replyId");
    const hasText = typeof body.text === "string" && body.text !== "";
    if ((isQuote || type === "text") && !hasText) throw new SpikaError(400, "Text is missing");
    if (type === "text") return isQuote ? { ...body, referenceMessage } : body;
    if (MEDIA.has(type)) return this.#completeMedia(body);
    // The server does not look at the type of a message with a quote.
    if (isQuote) return body;
    throw new SpikaError(400, "Invalid type");
  }

  #completeMedia(body: NewMessage["body"]): Readonly<Record<string, unknown>> {
    if (body.fileId === undefined) throw new SpikaError(400, "FileID is missing");
    const file = this.#shownFile(body.fileId);
    if (file === undefined) throw new SpikaError(400, "Invalid fileId");
    if (body.thumbId === undefined) return { ...body, file };
    const thumb = this.#shownFile(body.thumbId);
    if (thumb === undefined) throw new SpikaError(400, "Invalid thumbId");
    return { ...body, file, thumb };
  }

  #shownFile(id: unknown): object | undefined {
    const found = this.files.get(Number(id));
    if (found === undefined) return undefined;
    const { bytes: _, ...file } = found;
    return file;
  }
}

/** 16 characters, as tokens and signatures have them. */
function randomToken(): string {
  const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 16 }, () => characters[randomInt(characters.length)]).join("");
}
