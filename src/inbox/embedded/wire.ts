/** What the main thread and the thread of the inbox say to each other. Every request gets one answer, in order. */
import type { DeadLetter, InboxCounts } from "../../core/inbox";

/** What the thread is started with. */
export interface ThreadData {
  readonly file: string;
  /** Longest the file may grow, in pages. Absent: as long as the disk. */
  readonly maxPages?: number | undefined;
}

/**
 * Notices to be added. Columns rather than rows: arrays of strings and numbers cross over several times faster than
 * an array of objects.
 */
export interface AddColumns {
  readonly keys: string[];
  readonly conversations: string[];
  /** JSON. */
  readonly notices: string[];
  readonly receivedAt: number[];
  /** `null` where the same key is never a new event. */
  readonly repeatableAfterMs: (number | null)[];
}

/** A settlement other than "handled", which is the one that happens all the time. */
export type RareSettlement =
  | { readonly kind: "dropped"; readonly id: number; readonly reason: string }
  | {
      readonly kind: "retry";
      readonly id: number;
      readonly attempts: number;
      readonly dueAt: number;
      readonly waitMs: number;
    }
  | {
      readonly kind: "dead";
      readonly id: number;
      readonly attempts: number;
      readonly code: string;
      readonly message: string;
      readonly diedAt: number;
    };

/** What is written in one transaction, all or nothing. */
export interface Group {
  readonly adds: AddColumns;
  readonly handled: number[];
  readonly rare: RareSettlement[];
}

/** Events of the file, oldest first. */
export interface Page {
  readonly ids: number[];
  readonly conversations: string[];
  /** Those of them that have been tried. */
  readonly tried: readonly Tried[];
}

/** Where a retry stands. */
export interface Tried {
  readonly id: number;
  readonly attempts: number;
  /** In milliseconds since 1970, by the clock of the process that wrote it. */
  readonly dueAt: number;
  /** How long that was from then, in milliseconds. */
  readonly waitMs: number;
}

/** An event as it is kept, to be handed out. */
export interface StoredNotice {
  readonly id: number;
  /** JSON. */
  readonly notice: string;
  readonly receivedAt: number;
}

/** What is in the file at the start. */
export interface Opened {
  /** Id given last; the next one is greater. */
  readonly lastId: number;
  readonly waiting: number;
}

/** A request's kind, what comes with it and what is answered. */
export interface Exchanges {
  /** Adds and settles. Answers the ids of the adds, 0 for a duplicate. */
  group: { with: Group; answer: number[] };
  /** The next `limit` waiting events after id `after`. Fewer than that: there are no more. */
  page: { with: { after: number; limit: number }; answer: Page };
  /** Reads events by id. Those that wait no more are missing in the answer. */
  read: { with: { ids: number[] }; answer: StoredNotice[] };
  dead: { with: { limit: number }; answer: StoredDeadLetter[] };
  /** Answers the event's new id; 0 when there is no such dead letter. */
  replay: { with: { id: number }; answer: { id: number; conversation: string } | undefined };
  counts: { with: object; answer: InboxCounts };
  /** Forgets up to `limit` settled events received before `before`, from id `after` on. */
  forget: { with: { after: number; before: number; limit: number }; answer: Forgotten };
  close: { with: object; answer: undefined };
}

/** A dead letter with its notice as JSON and its id as a number. */
export interface StoredDeadLetter extends Omit<DeadLetter, "id" | "notice" | "error"> {
  readonly id: number;
  readonly notice: string;
  readonly code: string;
  readonly message: string;
}

/** How far one step of forgetting came. */
export interface Forgotten {
  /** Where the next step goes on; `undefined` when nothing older is left. */
  readonly next: number | undefined;
}

export type RequestKind = keyof Exchanges;

/** One request, with its kind. */
export type Request = { [K in RequestKind]: { readonly kind: K } & Exchanges[K]["with"] }[RequestKind];

/** What an error of the thread is made of again on the other side. */
export interface Refusal {
  readonly code: "inbox-failed" | "inbox-locked";
  readonly message: string;
}

/** The thread's side of an exchange. The first answer, unasked, is `Opened`. */
export type Answer = { readonly value: unknown } | { readonly refusal: Refusal };
