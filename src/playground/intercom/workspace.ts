import { randomUUID } from "node:crypto";

export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface Author {
  readonly type: "user" | "admin";
  readonly id: string;
  readonly name: string;
  readonly email: string;
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
  assigneeId: string;
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

/** One workspace: who is there, and what was said. It keeps no rules. */
export class Workspace {
  readonly appId = "playground";
  readonly admin = { id: "1001", name: "Bellhop", email: "bellhop@example.com" };
  readonly contacts = new Map<string, Contact>();
  readonly conversations = new Map<string, Conversation>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly files = new Map<string, KeptFile>();
  #lastId = 215_470_000_000_000;
  #lastPart = 100;

  addContact(name: string, email: string): Contact {
    const contact = { id: randomUUID().replaceAll("-", "").slice(0, 24), name, email };
    this.contacts.set(contact.id, contact);
    return contact;
  }

  /** Conversation ids have 15 digits. */
  nextId(): string {
    return String(++this.#lastId);
  }

  nextPartId(): string {
    return String(++this.#lastPart);
  }
}

/** As the API shows it, and notifications with the parts that they are about. */
export function shown(workspace: Workspace, conversation: Conversation, parts: readonly Part[]): object {
  const { id, contact, body, createdAt, updatedAt, state, assigneeId } = conversation;
  return {
    type: "conversation",
    id,
    created_at: createdAt,
    updated_at: updatedAt,
    state,
    open: state === "open",
    admin_assignee_id: assigneeId === "0" ? 0 : Number(assigneeId),
    source: {
      type: "conversation",
      id: `${id}-source`,
      delivered_as: "customer_initiated",
      subject: "",
      body,
      author: { type: "user", ...contact },
      attachments: [],
    },
    contacts: { type: "contact.list", contacts: [{ type: "contact", id: contact.id }] },
    teammates: { type: "admin.list", admins: [{ type: "admin", id: workspace.admin.id }] },
    conversation_parts: {
      type: "conversation_part.list",
      total_count: parts.length,
      conversation_parts: parts,
    },
  };
}
