/** What the main thread and the thread of the inbox say to each other. Every request gets one answer, in order. */
import type { EventFilter, EventRecord, EventSummary, InboxCounts } from "../../core/inbox";
import type { StoredRecord } from "../../core/records";
import type { RescuedCopy } from "./open-files";
import type { ExposedFile } from "./private-file";

/** What the thread is started with. */
export interface ThreadData {
  readonly file: string;
  /** Longest the file may grow, in pages. Absent: as long as the disk. */
  readonly maxPages?: number | undefined;
  /** Keeps the process from ending while the thread is inside SQLite. */
  readonly exitState: SharedArrayBuffer;
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

/** Entries for journals. */
export interface NoteColumns {
  readonly ids: number[];
  readonly places: string[];
  /** JSON. */
  readonly entries: string[];
}

/** Messages that calls have posted. */
export interface SentColumns {
  /** 48 bits of the digest of a message's name. */
  readonly fingerprints: number[];
  readonly at: number[];
}

/** A record write and a journal entry that are kept together. */
export interface ChangeWrite {
  readonly id: number;
  readonly place: string;
  /** JSON. */
  readonly entry: string;
  readonly records: readonly RecordWrite[];
  readonly at: number;
}

/** Messages of which one is to belong to a call. */
export interface ClaimWrite {
  readonly id: number;
  readonly place: string;
  readonly fingerprints: readonly number[];
  /** JSON; one for each message. */
  readonly entries: readonly string[];
  readonly since: number;
  readonly at: number;
}

/** Paths of attempts. */
export interface TraceColumns {
  readonly ids: number[];
  readonly attempts: number[];
  readonly at: number[];
  /** JSON. */
  readonly steps: string[];
}

/** A change of a record, its value as JSON. */
export interface RecordWrite {
  readonly key: string;
  /** `null`: it is removed. */
  readonly value: string | null;
  readonly ifVersion: number | null;
  readonly expiresAt: number | null;
}

/** How an event that is not simply handled, or not only that, is settled. */
export type RareOutcome =
  | { readonly kind: "handled" }
  | { readonly kind: "dropped"; readonly reason: string }
  | {
      readonly kind: "retry";
      readonly attempts: number;
      readonly dueAt: number;
      readonly waitMs: number;
      readonly code: string;
      /** JSON. */
      readonly failure: string;
      /** The conversation of its own that the event moves to; `null`: it stays where it is. */
      readonly movesTo: string | null;
    }
  | {
      readonly kind: "dead";
      readonly attempts: number;
      readonly code: string;
      /** JSON. */
      readonly failure: string;
      readonly diedAt: number;
      readonly holds: boolean;
    }
  | { readonly kind: "released" };

/** A settlement other than "handled, and nothing else", which is the one that happens all the time. */
export interface RareSettlement {
  readonly id: number;
  /** Attempt and time that the trace is kept by. */
  readonly attempt: number;
  readonly at: number;
  readonly outcome: RareOutcome;
  /** JSON. */
  readonly trace: string | undefined;
  readonly records: readonly RecordWrite[];
  /** Whether there are entries in its journal. */
  readonly isJournaled: boolean;
}

/** What is written in one transaction, all or nothing. */
export interface Group {
  readonly adds: AddColumns;
  readonly notes: NoteColumns;
  readonly sent: SentColumns;
  readonly changes: ChangeWrite[];
  readonly claims: ClaimWrite[];
  readonly handled: number[];
  /** Those of the handled that have a journal. */
  readonly journaled: number[];
  /** Traces of the handled. */
  readonly traces: TraceColumns;
  readonly rare: RareSettlement[];
}

/** What became of a group. */
export interface GroupAnswer {
  /** The ids of the adds, 0 for a duplicate. */
  readonly added: number[];
  /** Settlements that were not made, because records had changed. */
  readonly conflicts: { readonly id: number; readonly keys: readonly string[] }[];
  /** For each change the keys of the records that had changed; then it was not made. */
  readonly changed: (readonly string[])[];
  /** For each claim the index of the message that belongs to the call now, or -1. */
  readonly claimed: number[];
}

/** Events of the file, oldest first. */
export interface Page {
  readonly ids: number[];
  readonly conversations: string[];
  /** Those of them that have been tried. */
  readonly tried: readonly Tried[];
  /** Those of them that are dead and hold their conversation. */
  readonly blocking: readonly number[];
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
  /** Begun and never settled, so often. */
  readonly crashCount: number;
  /** How often it blocked the process, and where last. */
  readonly blockedTimes: number;
  readonly blockedWhere: string | null;
  /** When it failed first, in milliseconds since 1970; 0: it has not. */
  readonly failingSince: number;
  /** 1 if it has lost its place in its conversation, else 0. */
  readonly isAside: number;
  /** Places and entries, these as JSON. */
  readonly journal: readonly (readonly [place: string, entry: string])[];
}

/** What is in the file at the start. */
export interface Opened {
  /** Id given last; the next one is greater. */
  readonly lastId: number;
  readonly waiting: number;
  /** Dead letters that hold their conversation. */
  readonly blocking: number;
  /** Whether the process before ended without closing it, perhaps in the middle of attempts. */
  readonly wasKilled: boolean;
  /** Files that others than their owner could read. */
  readonly exposedFiles: readonly ExposedFile[];
  /** What the copy came to that an earlier process made when its file was deleted. */
  readonly rescued: RescuedCopy;
}

/** A request's kind, what comes with it and what is answered. */
export interface Exchanges {
  /** Adds, notes and settles. */
  group: { request: Group; answer: GroupAnswer };
  /** The next `limit` events after id `after` that wait or hold. Fewer than that: there are no more. */
  page: { request: { after: number; limit: number }; answer: Page };
  /** Reads events by id. Those that wait no more are missing in the answer. */
  read: { request: { ids: number[] }; answer: StoredNotice[] };
  /** Notes that attempts at events begin. */
  mark: { request: { ids: number[] }; answer: undefined };
  list: { request: { filter: ListFilter }; answer: EventSummary[] };
  show: { request: { id: number }; answer: EventRecord | undefined };
  /** Finds an event that waits or is dead. */
  find: { request: { id: number }; answer: FoundEvent | undefined };
  /** Makes the retry of a waiting event due. */
  makeDue: { request: { id: number }; answer: undefined };
  replay: { request: { id: number }; answer: Replayed | undefined };
  discard: { request: { id: number; reason: string }; answer: Discarded | undefined };
  counts: { request: object; answer: InboxCounts };
  /** Proves that a group could be written. */
  check: { request: object; answer: undefined };
  readRecord: { request: { key: string; now: number }; answer: StoredRecord | undefined };
  /** Answers the keys of the records that had changed; then nothing was written. */
  writeRecords: { request: { changes: readonly RecordWrite[]; now: number }; answer: readonly string[] };
  /** Reads what other processes ask for, if there is anything new. */
  adminRequests: { request: object; answer: readonly AdminRequest[] };
  /** Says what became of one of them, and removes those that their process does not wait for any more. */
  answerAdminRequest: { request: { id: number; outcome: number; now: number }; answer: undefined };
  /** One step of forgetting settled events: those received before `before`, and the oldest beyond `keep` of them. */
  pruneEvents: { request: PruneStep & { keep: number }; answer: PruneProgress };
  /** One step of forgetting the paths of settled events, those written before `before`. */
  pruneTraces: { request: PruneStep; answer: PruneProgress };
  /** Forgets records that have expired. Answers how many. */
  pruneRecords: { request: { now: number; limit: number }; answer: number };
  /** Forgets which messages belong to calls, of those added before `before`. Answers how many. */
  pruneSent: { request: { before: number; limit: number }; answer: number };
  /** @param isClean nothing is on lease */
  close: { request: { isClean: boolean }; answer: undefined };
}

/** A filter whose id is read already. */
export type ListFilter = Omit<EventFilter, "before"> & { readonly beforeId?: number | undefined };

/** A dead letter that waits again. */
export interface Replayed {
  readonly kind: "replayed";
  readonly was: number;
  readonly id: number;
  readonly conversation: string;
}

/** An event that was given up for good. */
export interface Discarded {
  readonly kind: "discarded";
  readonly was: number;
}

/** Where an event is. */
export interface FoundEvent {
  readonly state: "waiting" | "dead";
  /** The one that the event is handled in turn with: its own, if it has lost its place. */
  readonly conversation: string;
}

/** What another process asks the one that has the file to do. */
export interface AdminRequest {
  readonly id: number;
  readonly kind: "replay" | "retry" | "discard";
  readonly event: number;
  readonly reason: string;
  /** After which the process that asked waits no longer, in milliseconds since 1970. */
  readonly deadline: number;
}

/** One step of forgetting. */
export interface PruneStep {
  /** It goes on after this event. */
  readonly after: number;
  /** In milliseconds since 1970. */
  readonly before: number;
  /** How many are looked at. */
  readonly limit: number;
}

/** How far one step of forgetting came. */
export interface PruneProgress {
  /** Where the next step goes on; `undefined` when nothing older is left. */
  readonly next: number | undefined;
}

export type RequestKind = keyof Exchanges;

/** One request, with its kind. */
export type StoreRequest = {
  [K in RequestKind]: { readonly kind: K } & Exchanges[K]["request"];
}[RequestKind];

/** What an error of the thread is made of again on the other side. */
export interface StoreFailure {
  readonly code: "inbox-failed" | "inbox-locked" | "inbox-file-changed";
  readonly message: string;
}

/** The thread's side of an exchange. The first answer, unasked, is `Opened`. */
export type StoreAnswer = { readonly value: unknown } | { readonly refusal: StoreFailure };
