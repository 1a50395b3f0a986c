import { randomBytes, randomUUID } from "node:crypto";
import { BoundedMap, FILE_BOUNDS } from "../bounded-map";
import { freshNumber } from "../id-seed";

export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** The id that a program has given: `user_id` or `external_id`. */
  readonly userId?: string;
}

export interface Author {
  readonly type: "user" | "admin";
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A member of the team. The first one is the bot. */
export interface Teammate {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A team that conversations can be assigned to, or a tag. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Attachment {
  readonly type: "upload";
  readonly name: string;
  readonly url: string;
  readonly content_type: string;
  /** In bytes; `null` when it is kept elsewhere. */
  readonly filesize: number | null;
}

/** A file that was sent as bytes. */
export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Something that was said, or done, in a conversation. */
export interface Part {
  readonly type: "conversation_part";
  readonly id: string;
  readonly part_type: string;
  /** HTML. */
  readonly body: string | null;
  readonly created_at: number;
  readonly author: Author;
  readonly attachments: readonly Attachment[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Conversation {
  readonly id: string;
  readonly contact: Contact;
  /** What it began with; HTML. */
  readonly body: string;
  readonly createdAt: number;
  updatedAt: number;
  state: "open" | "closed" | "snoozed";
  /** Seconds since 1970; `undefined` unless it is snoozed. */
  snoozedUntil?: number | undefined;
  /** Of a teammate; `"0"`: of no one. */
  assigneeId: string;
  /** Of a team. @default none */
  teamId?: string | undefined;
  /** Ids of tags. @default none */
  tagIds?: readonly string[];
  readonly parts: Part[];
}

export interface Subscription {
  readonly id: string;
  url: string;
  topics: readonly string[];
  secret: string | undefined;
  active: boolean;
  metadata: Readonly<Record<string, unknown>>;
}

/** What a workspace consists of. */
export interface IntercomState {
  readonly token: string;
  readonly clientSecret: string;
  readonly contacts: readonly Contact[];
  readonly conversations: readonly Conversation[];
  readonly subscriptions: readonly Subscription[];
  readonly tags?: readonly Named[];
  readonly files: readonly KeptFile[];
  /** Where it is reachable: files have addresses that begin with it. */
  readonly url: string;
  readonly lastConversation: number;
  readonly lastPart: number;
}

/** The same workspace, reachable elsewhere. */
export function movedTo(url: string, state: IntercomState): IntercomState {
  const move = (attachment: Attachment): Attachment =>
    attachment.url.startsWith(`${state.url}/`)
      ? { ...attachment, url: url + attachment.url.slice(state.url.length) }
      : attachment;
  const conversations = state.conversations.map((conversation) => ({
    ...conversation,
    parts: conversation.parts.map((part) => ({ ...part, attachments: part.attachments.map(move) })),
  }));
  return { ...state, url, conversations };
}

/** Conversation ids have 15 digits. */
const FIRST_CONVERSATION = 215_470_000_000_000;

/** One workspace: who is there, and what was said. It keeps no rules. */
export class Workspace {
  readonly appId = "playground";
  readonly token: string;
  readonly clientSecret: string;
  readonly admin: Teammate = { id: "1001", name: "Bellhop", email: "bellhop@example.com" };
  readonly teammates: readonly Teammate[] = [
    this.admin,
    { id: "1002", name: "Joan Clarke", email: "joan@example.com" },
  ];
  readonly teams: readonly Named[] = [{ id: "2001", name: "Support" }];
  /** By id. */
  readonly tags = new Map<string, Named>();
  readonly contacts = new Map<string, Contact>();
  readonly conversations = new Map<string, Conversation>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly files = new BoundedMap<string, KeptFile>(FILE_BOUNDS);
  #lastConversation: number;
  #lastPart: number;

  /** @param kept what an earlier one had; absent: nobody is there yet */
  constructor(now: () => number, kept?: IntercomState) {
    this.token = kept?.token ?? randomBytes(24).toString("base64url");
    this.clientSecret = kept?.clientSecret ?? randomBytes(24).toString("hex");
    for (const contact of kept?.contacts ?? []) this.contacts.set(contact.id, contact);
    for (const conversation of kept?.conversations ?? [])
      this.conversations.set(conversation.id, conversation);
    for (const subscription of kept?.subscriptions ?? [])
      this.subscriptions.set(subscription.id, subscription);
    for (const tag of kept?.tags ?? []) this.tags.set(tag.id, tag);
    for (const file of kept?.files ?? []) this.files.set(file.id, file);
    this.#lastConversation = kept?.lastConversation ?? FIRST_CONVERSATION + freshNumber(now());
    this.#lastPart = kept?.lastPart ?? 100;
  }

  /** @param url where it is reachable */
  state(url: string): IntercomState {
    return {
      token: this.token,
      clientSecret: this.clientSecret,
      contacts: [...this.contacts.values()],
      conversations: [...this.conversations.values()],
      subscriptions: [...this.subscriptions.values()],
      tags: [...this.tags.values()],
      files: [...this.files.values()],
      url,
      lastConversation: this.#lastConversation,
      lastPart: this.#lastPart,
    };
  }

  addContact(name: string, email: string): Contact {
    const contact = { id: randomUUID().replaceAll("-", "").slice(0, 24), name, email };
    this.contacts.set(contact.id, contact);
    return contact;
  }

  /** For a conversation. */
  nextId(): string {
    return String(++this.#lastConversation);
  }

  nextPartId(): string {
    return String(++this.#lastPart);
  }
}
