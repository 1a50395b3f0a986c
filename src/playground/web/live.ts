import type { Chat } from "./chat";
import { JsonObject } from "./json";
import type { ServerEvent } from "./sse-parser";
import { roomIdOf, type Store } from "./state";
import { type ApiCall, type Delivery, type Message, parseApiCall, parseDelivery, parseMessage } from "./wire";

const keptEntries = 500;
const settleMs = 30;

/**
 * Lets the page follow what happens. Messages are shown as the event tells them; of rooms and people an event
 * says only that the API has to be asked again.
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

  take(event: ServerEvent): void {
    const data = new JsonObject("event", JSON.parse(event.data));
    switch (event.name) {
      case "message.created": {
        const message = parseMessage(data.get("message"));
        this.#chat.take(message);
        this.#markUnread(message);
        return;
      }
      case "message.updated":
        this.#chat.take(parseMessage(data.get("message")));
        return;
      case "message.deleted":
        this.#chat.drop(data.string("id"));
        return;
      case "delivery":
        this.#enter(parseDelivery(JSON.parse(event.data)));
        return;
      case "call":
        this.#enter(parseApiCall(JSON.parse(event.data)));
        return;
      default:
        if (/^(?:room|membership)\./.test(event.name)) this.#refreshSoon();
    }
  }

  #markUnread({ roomId, created, personId }: Message): void {
    const { conversations, current, unread, me } = this.#store.state;
    if (created < this.#startedAt || personId === me.id || roomIdOf(current) === roomId) return;
    if (conversations.some((one) => roomIdOf(one) === roomId))
      this.#store.change({ unread: new Set([...unread, roomId]) });
  }

  #enter(entry: Delivery | ApiCall): void {
    const { timeline } = this.#store.state;
    this.#store.change({ timeline: [...timeline, entry].slice(-keptEntries) });
  }

  /** One question for however many events of one stir. */
  #refreshSoon(): void {
    this.#refresh ??= setTimeout(() => {
      this.#refresh = undefined;
      Promise.all([this.#chat.refreshRooms(), this.#chat.refreshMembers()]).catch(this.#report);
    }, settleMs);
  }
}
