import type { ShownConversation } from "./intercom/shown";
import type { SpikaMessage } from "./spika/records";
import type { AttachmentAction, Membership, Message, Room } from "./webex/records";

/** A webhook delivery, once it was answered or has failed. */
export interface Delivery {
  readonly id: string;
  readonly at: string;
  readonly webhookId: string;
  readonly webhookName: string;
  readonly resource: string;
  readonly event: string;
  readonly dataId: string;
  readonly targetUrl: string;
  /** `null` when there was no answer; `error` says why. */
  readonly status: number | null;
  readonly ms: number;
  readonly error?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answered API call. */
export interface ApiCall {
  readonly id: string;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  /** `"bot"`, a person's display name, or `"unknown"` when the token was nobody's. */
  readonly by: string;
  /** The bodies, the beginning of what is long; absent where there is none. */
  readonly request?: string;
  readonly response?: string;
}

/** What became of a client's websocket. */
export interface SocketNote {
  readonly at: string;
  /** Whose it is, by display name. */
  readonly by: string;
  /** `"connected"`, `"acknowledged an event"`, `"disconnected (1006)"`. */
  readonly what: string;
}

/** A fault that was asked for and has happened. */
export interface FaultNote {
  readonly at: string;
  readonly faultId: number;
  readonly on: "call" | "delivery" | "socket";
  /** `"lost"`, `"status"`. */
  readonly what: string;
  /** `"POST /messages"`, `"messages created"`. */
  readonly about: string;
}

/** Something that a person did and that no bot was told of. */
export interface UnheardNote {
  readonly at: string;
  readonly resource: string;
  readonly event: string;
  readonly dataId: string;
  readonly reason: string;
}

/** A notice that the bots' program took in: `duplicate` when it had it already. */
export interface IntakeNote {
  readonly at: string;
  /** As the program names it. It has the id of what happened in it, between bars or slashes. */
  readonly key: string;
  readonly outcome: "added" | "duplicate";
}

/** One try of the bots' program at an event, from beginning to end. */
export interface AttemptNote {
  /** When it ended. */
  readonly at: string;
  readonly key: string;
  /** Of the event: `"messages.created"`. */
  readonly event: string;
  /** `"webex"`. */
  readonly platform: string;
  readonly account: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly outcome: "handled" | "dropped" | "retry" | "dead" | "released";
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** Why it was dropped, or why it failed. */
  readonly reason?: string | undefined;
  /** How long until the next try, in milliseconds. */
  readonly againInMs?: number | undefined;
  /** Of the error that the attempt failed with, and of its causes. */
  readonly stack?: string | undefined;
  readonly steps: readonly ProgramStep[];
}

/** A step on the way of an attempt: leased, policy, fetched, matched, call, settled and others, each with its own fields. */
export interface ProgramStep {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly step: string;
}

/** What the timeline keeps, by name. */
export interface TimelineEvents {
  "message.created": { readonly message: Message };
  "message.updated": { readonly message: Message };
  "message.deleted": { readonly id: string; readonly roomId: string };
  "room.created": { readonly room: Room };
  "room.updated": { readonly room: Room };
  "membership.created": { readonly membership: Membership };
  "membership.deleted": { readonly membership: Membership };
  "attachmentAction.created": { readonly action: AttachmentAction };
  unheard: UnheardNote;
  "spika.message": { readonly message: SpikaMessage };
  /** Something was said or done in Intercom: the conversation as its API shows it, with the parts that are new. */
  "intercom.part": { readonly conversation: ShownConversation };
  delivery: Delivery;
  intake: IntakeNote;
  attempt: AttemptNote;
  call: ApiCall;
  socket: SocketNote;
  fault: FaultNote;
}

/** One thing that happened; ids count up from 1. */
export type TimelineEntry = {
  [Name in keyof TimelineEvents]: {
    readonly id: number;
    readonly name: Name;
    readonly data: TimelineEvents[Name];
  };
}[keyof TimelineEvents];

type Listener = (entry: TimelineEntry) => void;

const kept = 2_000;
/** What the bodies in the entries have together, in characters. */
const mostCharacters = 32 * 1024 * 1024;

/** Everything that happened, in order, with the newest 2,000 entries kept to look at; fewer if their bodies are long. */
export class Timeline {
  readonly #entries: TimelineEntry[] = [];
  readonly #listeners = new Set<Listener>();
  #lastId = 0;
  #characters = 0;

  add<Name extends keyof TimelineEvents>(name: Name, data: TimelineEvents[Name]): void {
    // The compiler cannot see that name and data belong together once they are in one object.
    const entry = { id: ++this.#lastId, name, data } as TimelineEntry;
    this.#entries.push(entry);
    // Cutting now and then costs less than shifting each time.
    if (this.#entries.length >= 2 * kept) this.#drop(kept);
    this.#characters += lengthOf(entry);
    while (this.#characters > mostCharacters && this.#entries.length > 1) this.#drop(1);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Of the newest entry; 0 before the first. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Nothing has happened yet; ids count on. */
  clear(): void {
    this.#entries.length = 0;
    this.#characters = 0;
  }

  /** Drops the oldest entries. */
  #drop(count: number): void {
    for (const entry of this.#entries.splice(0, count)) this.#characters -= lengthOf(entry);
  }

  /** Oldest first. An id from before a restart is newer than everything, and gets everything. */
  since(id: number): readonly TimelineEntry[] {
    const entries = this.#entries.slice(-kept);
    return id > this.#lastId ? entries : entries.filter((entry) => entry.id > id);
  }

  /** The kept entries of one kind, oldest first. */
  all<Name extends keyof TimelineEvents>(name: Name): TimelineEvents[Name][] {
    return this.#entries.flatMap((entry) =>
      entry.name === name ? [entry.data as TimelineEvents[Name]] : [],
    );
  }

  /** @returns What ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Of the bodies, which are all that can be long but for what people write in Spika. */
function lengthOf(entry: TimelineEntry): number {
  switch (entry.name) {
    case "call":
      return (entry.data.request?.length ?? 0) + (entry.data.response?.length ?? 0);
    case "delivery":
      return entry.data.body.length;
    default:
      return 0;
  }
}

/** Whether a key is about what has this id. */
export function isAbout(key: string, id: string): boolean {
  return id !== "" && idsIn(key).includes(id);
}

/** All that a key is made of; ids are among it. */
export function idsIn(key: string): readonly string[] {
  return key.split(/[|/]/);
}
