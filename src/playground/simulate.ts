import { Bell } from "./bell";
import type { Timeline } from "./timeline";
import { createAction } from "./webex/attachment-actions";
import { Fields } from "./webex/fields";
import { createMessage } from "./webex/messages";
import type { AttachmentAction, Message, Person } from "./webex/records";
import { directRoom } from "./webex/rooms";
import { submitDataOf } from "./webex/submit-data";
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
}

/** What is said: plain text, or a body of `POST /messages` without its room. */
export type Said =
  | string
  | { readonly text?: string; readonly markdown?: string; readonly [field: string]: unknown };

/** Which message is waited for. */
export interface NextMessageOptions {
  readonly roomId?: string;
  readonly parentId?: string;
  /** @default 5_000 */
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
    return createMessage(this.#webex, person, new Fields({ ...body, ...parent, roomId }));
  }

  /** Presses the card's button with this title as a client does: its data and what was entered, by id, become one. */
  async presses(
    who: Who,
    messageId: string,
    title: string,
    entered: Readonly<Record<string, unknown>> = {},
  ): Promise<AttachmentAction> {
    const [card] = this.#webex.store.messages.get(messageId)?.message.attachments ?? [];
    const data = submitDataOf(card?.content, title);
    if (data === undefined) throw new Error(`the message has no card with a button "${title}"`);
    return this.clicks(who, messageId, { ...entered, ...data });
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
    const { timeoutMs = 5_000 } = options;
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

  #whatHappened(person: Person, timeoutMs: number): string {
    const deliveries = this.#timeline
      .all("delivery")
      .slice(-5)
      .map((one) => `  delivery ${one.resource} ${one.event} → ${one.targetUrl}: ${one.status ?? one.error}`);
    const calls = this.#timeline
      .all("call")
      .filter((one) => one.by === "bot" || one.by === "unknown")
      .slice(-10)
      .map((one) => `  ${one.by} ${one.method} ${one.path}: ${one.status}`);
    const lines = [...deliveries, ...calls];
    const heading = `playground: no message from ${person.displayName} in ${timeoutMs} ms`;
    return lines.length === 0
      ? `${heading}; no webhook was called and the bot called nothing. Has it registered its webhooks?`
      : `${heading}. Lately:\n${lines.join("\n")}`;
  }
}

function withMention(bot: Person, said: Exclude<Said, string>): Exclude<Said, string> {
  const { text, markdown = escapeMarkdown(text ?? ""), ...rest } = said;
  return { ...rest, markdown: `<@personId:${bot.id}|${bot.firstName}> ${markdown}` };
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#~]/g, "\\$&");
}
