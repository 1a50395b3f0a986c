import { Bell, BOT_WAIT_MS } from "./signal";
import type { Timeline } from "./timeline";
import { createAction } from "./webex/attachment-actions";
import type { FileSource } from "./webex/contents";
import { Fields } from "./webex/fields";
import { createMembership, deleteMembership, updateMembership } from "./webex/memberships";
import { createMessage, deleteMessage, getMessage, updateMessage } from "./webex/messages";
import type { AttachmentAction, Membership, Message, Person, Room } from "./webex/records";
import { createRoom, directRoom, updateRoom } from "./webex/rooms";
import { submittedBy } from "./webex/submit-data";
import { canRead } from "./webex/visibility";
import type { Webex } from "./webex/webex";

/** Somebody by first name, display name, e-mail address or id, in any case; `"bot"` is the bot. */
export type Who = string;

/** Where and how something is said. */
export interface SaysOptions {
  /** @default the direct room with the bot */
  readonly roomId?: string;
  /** The message that the thread began with. */
  readonly parentId?: string;
  /** Begins with a mention of the bot, as one has to in a group room. @default false */
  readonly mention?: boolean;
  readonly file?: FileSource;
}

/** What is said: plain text, or a body of `POST /messages` without its room. */
export type Said =
  | string
  | { readonly text?: string; readonly markdown?: string; readonly [field: string]: unknown };

/** Which message is waited for. */
export interface NextMessageOptions {
  readonly roomId?: string;
  readonly parentId?: string;
  /** In milliseconds. @default 30_000 */
  readonly timeoutMs?: number;
}

const keptUnread = 1_000;

/** Plays people: they write and press buttons in process, by the same code that answers the HTTP API. */
export class Simulation {
  readonly #webex: Webex;
  readonly #bot: Person;
  readonly #timeline: Timeline;
  #unread: Message[] = [];
  readonly #heard = new Bell();

  constructor(webex: Webex, bot: Person, timeline: Timeline) {
    this.#webex = webex;
    this.#bot = bot;
    this.#timeline = timeline;
    timeline.listen((entry) => {
      if (entry.name === "message.created") this.#hear(entry.data.message);
    });
  }

  /** Posts a message as somebody. */
  async says(who: Who, what: Said, options: SaysOptions = {}): Promise<Message> {
    const person = this.person(who);
    const roomId = options.roomId ?? directRoom(this.#webex, person, this.#bot).id;
    const said = typeof what === "string" ? { text: what } : what;
    const body = options.mention ? withMention(this.#bot, said) : said;
    const parent = options.parentId === undefined ? {} : { parentId: options.parentId };
    return createMessage(this.#webex, person, new Fields({ ...body, ...parent, roomId }), options.file);
  }

  /** Says something else in the place of one's message. */
  edits(who: Who, messageId: string, text: string): Message {
    const person = this.person(who);
    const { roomId } = getMessage(this.#webex, person, messageId);
    return updateMessage(this.#webex, person, messageId, new Fields({ roomId, text }));
  }

  /** @returns what was there */
  deletes(who: Who, messageId: string): Message {
    const person = this.person(who);
    const message = getMessage(this.#webex, person, messageId);
    deleteMessage(this.#webex, person, messageId);
    return message;
  }

  /** What somebody can read in a room, oldest first. @param roomId @default the direct room with the bot */
  reads(who: Who, roomId?: string): readonly Message[] {
    const person = this.person(who);
    const room = roomId ?? directRoom(this.#webex, person, this.#bot).id;
    const all = this.#webex.store.byRoom.of(room).before(Number.POSITIVE_INFINITY);
    return [...all]
      .map(({ message }) => message)
      .filter((message) => canRead(this.#webex, person, message))
      .reverse();
  }

  /** By id. */
  nameOf(personId: string): string {
    return this.#webex.store.people.get(personId)?.displayName ?? personId;
  }

  /** Opens a group room. */
  opens(who: Who, title: string): Room {
    return createRoom(this.#webex, this.person(who), new Fields({ title }));
  }

  /** Brings somebody into a room that one is in. */
  adds(who: Who, roomId: string, whom: Who): Membership {
    const personId = this.person(whom).id;
    return createMembership(this.#webex, this.person(who), new Fields({ roomId, personId }));
  }

  /** Is brought into a room by whoever opened it. */
  joins(who: Who, roomId: string): Membership {
    const room = this.#webex.store.rooms.get(roomId);
    if (room === undefined) throw new Error("playground: there is no such room to join");
    return this.adds(room.creatorId, roomId, who);
  }

  makesModerator(who: Who, roomId: string, whom: Who): Membership {
    const { id } = this.#membershipOf(whom, roomId);
    return updateMembership(this.#webex, this.person(who), id, new Fields({ isModerator: true }));
  }

  renames(who: Who, roomId: string, title: string): Room {
    return updateRoom(this.#webex, this.person(who), roomId, new Fields({ title }));
  }

  /** Sends somebody out of a room that one is in; oneself, too. */
  removes(who: Who, roomId: string, whom: Who): Membership {
    const membership = this.#membershipOf(whom, roomId);
    deleteMembership(this.#webex, this.person(who), membership.id);
    return membership;
  }

  /**
   * Presses the card's button with this title as a client does: its data, the presets of its inputs and the entered values,
   * by id, become one.
   */
  async presses(
    who: Who,
    messageId: string,
    title: string,
    entered: Readonly<Record<string, unknown>> = {},
  ): Promise<AttachmentAction> {
    const [card] = this.#webex.store.messages.get(messageId)?.message.attachments ?? [];
    const submitted = submittedBy(card?.content, title);
    if (submitted === undefined) throw new Error(`the message has no card with a button "${title}"`);
    return this.clicks(who, messageId, { ...submitted.presets, ...entered, ...submitted.data });
  }

  /** Sends a click straight to the API as somebody; `inputs` is whatever they like. */
  async clicks(
    who: Who,
    messageId: string,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<AttachmentAction> {
    return createAction(this.#webex, this.person(who), new Fields({ type: "submit", messageId, inputs }));
  }

  /**
   * The oldest of somebody's messages that was not handed out yet, waiting for one when there is none.
   *
   * @throws Error after `timeoutMs`, saying what happened instead.
   */
  async nextMessageFrom(who: Who, options: NextMessageOptions = {}): Promise<Message> {
    const person = this.person(who);
    const { timeoutMs = BOT_WAIT_MS } = options;
    return this.#heard.until(
      () => this.#take(person, options),
      timeoutMs,
      () => new Error(this.#whatHappened(person, timeoutMs)),
    );
  }

  /** @throws Error that lists who is there. */
  person(who: Who): Person {
    if (who === "bot") return this.#bot;
    const wanted = who.toLowerCase();
    const people = [...this.#webex.store.people.values()];
    const found = people.find((one) =>
      [one.id, one.displayName, one.firstName, ...one.emails].some(
        (name) => name === who || name.toLowerCase() === wanted,
      ),
    );
    if (found !== undefined) return found;
    throw new Error(
      `playground: nobody is called "${who}"; there are ${people.map((one) => one.firstName).join(", ")}`,
    );
  }

  #membershipOf(whom: Who, roomId: string): Membership {
    const person = this.person(whom);
    const membership = this.#webex.store.membership(roomId, person.id);
    if (membership === undefined) throw new Error(`playground: ${person.displayName} is not in the room`);
    return membership;
  }

  /** Nobody has said anything yet. */
  forget(): void {
    this.#unread = [];
  }

  #hear(message: Message): void {
    this.#unread.push(message);
    if (this.#unread.length >= 2 * keptUnread) this.#unread = this.#unread.slice(-keptUnread);
    this.#heard.ring();
  }

  #take(person: Person, { roomId, parentId }: NextMessageOptions): Message | undefined {
    const index = this.#unread.findIndex(
      (message) =>
        message.personId === person.id &&
        (roomId === undefined || message.roomId === roomId) &&
        (parentId === undefined || message.parentId === parentId),
    );
    return index === -1 ? undefined : this.#unread.splice(index, 1)[0];
  }

  /** What went over the wire lately, a line each; empty when nothing did. */
  lately(): string {
    const deliveries = this.#timeline
      .all("delivery")
      .slice(-5)
      .map((one) => `  delivery ${one.resource} ${one.event} → ${one.targetUrl}: ${one.status ?? one.error}`);
    const calls = this.#timeline
      .all("call")
      .filter((one) => one.by === "bot" || one.by === "unknown")
      .slice(-10)
      .map((one) => `  ${one.by} ${one.method} ${one.path}: ${one.status}`);
    return [...deliveries, ...calls].join("\n");
  }

  #whatHappened(person: Person, timeoutMs: number): string {
    const heading = `playground: no message from ${person.displayName} in ${timeoutMs} ms`;
    const lately = this.lately();
    return lately === ""
      ? `${heading}; no webhook was called and the bot called nothing. Has it registered its webhooks?`
      : `${heading}. Lately:\n${lately}`;
  }
}

function withMention(bot: Person, said: Exclude<Said, string>): Exclude<Said, string> {
  const { text, markdown = escapeMarkdown(text ?? ""), ...rest } = said;
  return { ...rest, markdown: `<@personId:${bot.id}|${bot.firstName}> ${markdown}` };
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#~]/g, "\\$&");
}
