import type { Chat } from "./chat";
import type { Happening } from "./chat-platform";
import { JsonObject } from "./json";
import type { ServerEvent } from "./sse-parser";
import type { Store } from "./state";
import { type TimelineEntry, toEntry } from "./timeline/entries";

const keptEntries = 500;
const settleMs = 30;

/**
 * Lets the page follow what happens. Messages are shown as the event tells them; of conversations and people an event
 * says only that they have to be asked for again.
 */
export class Live {
  readonly #store: Store;
  readonly #chat: Chat;
  readonly #report: (error: unknown) => void;
  /** What the stream repeats from before is nothing new to the person. */
  readonly #startedAt = new Date().toISOString();
  #refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: { store: Store; chat: Chat; report: (error: unknown) => void }) {
    this.#store = parts.store;
    this.#chat = parts.chat;
    this.#report = parts.report;
  }

  take({ name, data }: ServerEvent): void {
    const value: unknown = JSON.parse(data);
    const entry = toEntry(name, value);
    if (entry !== undefined) this.#enter(entry);
    else for (const happening of this.#chat.read(name, new JsonObject("event", value))) this.#tell(happening);
  }

  #tell(happening: Happening): void {
    switch (happening.kind) {
      case "message":
        this.#chat.take(happening.key, happening.message);
        if (happening.isNew) this.#markUnread(happening);
        return;
      case "gone":
        this.#chat.drop(happening.id);
        return;
      case "conversations":
        this.#refreshSoon();
        return;
      default:
        happening satisfies never;
    }
  }

  #markUnread({ key, message }: Extract<Happening, { kind: "message" }>): void {
    const { conversations, current, unread } = this.#store.state;
    if (message.created < this.#startedAt || message.author.isMe || current?.key === key) return;
    if (conversations.some((one) => one.key === key))
      this.#store.change({ unread: new Set([...unread, key]) });
  }

  #enter(entry: TimelineEntry): void {
    const { timeline } = this.#store.state;
    this.#store.change({ timeline: [...timeline, entry].slice(-keptEntries) });
  }

  /** One question for however many events of one stir. */
  #refreshSoon(): void {
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined;
      this.#chat.refresh().catch(this.#report);
    }, settleMs);
  }
}
