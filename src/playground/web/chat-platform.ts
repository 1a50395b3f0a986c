import type { Conversation, Member, Person } from "./conversation";
import type { JsonObject } from "./json";
import type { ChatFile, ChatMessage, Choice } from "./message";

export type PlatformName = "webex" | "spika" | "intercom";

/** A platform that the playground plays, in the page's terms. */
export interface ChatPlatform {
  readonly name: PlatformName;
  readonly title: string;
  /** What one's conversations are called here. */
  readonly listName: "Rooms" | "Conversations";
  readonly botName: string;
  readonly people: readonly [Person, ...Person[]];
  readonly can: {
    /** How a message is answered: below it, or quoting it. */
    readonly reply?: "thread" | "quote";
    /** In a group the bot hears only what mentions it. */
    readonly mention?: boolean;
    readonly attach?: boolean;
    readonly markdown?: boolean;
    /** Rooms can be made, and people added and removed. */
    readonly administrate?: boolean;
  };
  /** Where a conversation is found as a test file; absent where it cannot be written as one. */
  testFile?(conversation: Conversation): string;
  /** The platform as one person uses it. */
  play(person: Person): ChatClient;
}

/** One page of messages, oldest first. */
export interface MessagePage {
  readonly messages: readonly ChatMessage[];
  readonly hasOlder: boolean;
}

/** What is to be sent; the text may be empty when there is a file. */
export interface NewMessage {
  readonly typed: string;
  readonly file?: File | undefined;
  /** What it answers: the beginning of a thread, or the message that is quoted. */
  readonly replyTo?: ChatMessage | undefined;
}

/** Something that happened, as the person hears of it. */
export type Happening =
  | { readonly kind: "message"; readonly key: string; readonly message: ChatMessage; readonly isNew: boolean }
  | { readonly kind: "gone"; readonly id: string }
  /** Conversations, or who is in them, have to be asked for again. */
  | { readonly kind: "conversations" };

/** A platform as one person uses it. Every method throws {@link ApiError} when the playground refuses. */
export interface ChatClient {
  /** In the order they are listed. */
  conversations(): Promise<readonly Conversation[]>;
  members(conversation: Conversation): Promise<readonly Member[]>;
  /** @param before The oldest message known, to read on from there. */
  messages(conversation: Conversation, before?: ChatMessage): Promise<MessagePage>;
  /** @returns the key of the conversation that it is in now: the first message may make one; and the message, if it is told */
  send(
    to: Conversation,
    message: NewMessage,
  ): Promise<{ readonly key: string; readonly message?: ChatMessage }>;
  /** `type` of the bytes tells a picture. */
  file(file: ChatFile): Promise<{ readonly name: string; readonly bytes: Blob }>;
  /** What an event of the stream, by its name and fields, means to this person. */
  read(name: string, data: JsonObject): readonly Happening[];
  /** Absent where a message stays as it was sent. */
  readonly edits?: {
    save(where: Conversation, message: ChatMessage, typed: string): Promise<ChatMessage>;
    remove(message: ChatMessage): Promise<void>;
  };
  /** Presses a card's button. */
  submitCard?(message: ChatMessage, inputs: Readonly<Record<string, unknown>>): Promise<void>;
  /** Presses an offered answer. */
  choose?(where: Conversation, choice: Choice): Promise<void>;
  readonly administration?: {
    /** @returns the new room's key */
    createRoom(title: string, emails: readonly string[]): Promise<string>;
    addMember(key: string, email: string): Promise<void>;
    removeMember(id: string): Promise<void>;
  };
}
