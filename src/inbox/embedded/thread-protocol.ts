/** The messages between the main thread and the store thread. Each request gets one answer, in order. */
import type { EventFilter, EventRecord, EventSummary, InboxCounts } from "../../core/contract/inbox";
import type { StoredRecord } from "../../core/contract/records";
import type { RescuedCopy } from "./open-files";
import type { ExposedFile } from "./private-file";

/** Data that the thread is started with. */
export interface ThreadData {
  readonly file: string;
  /** Largest size of the file, in SQLite pages. `undefined`: no limit. */
  readonly maxPages?: number | undefined;
  /** Shared with `exit-guard.ts`. */
  readonly exitState: SharedArrayBuffer;
}

/**
 * Notices to store, as columns: arrays of strings and numbers are copied to the other thread several times faster than an
 * array of objects.
 */
export interface AddColumns {
  readonly keys: string[];
  readonly conversations: string[];
  /** JSON. */
  readonly notices: string[];
  readonly receivedAt: number[];
  /** `null` if a later notice with the same key is always a duplicate. */
  readonly repeatableAfterMs: (number | null)[];
}

/** Journal entries. */
export interface NoteColumns {
  readonly ids: number[];
  readonly places: string[];
  /** JSON. */
  readonly entries: string[];
}

/** Messages that calls posted. */
export interface SentColumns {
  /** 48 bits of the SHA-256 digest of platform, account and message id. */
  readonly fingerprints: number[];
  readonly at: number[];
}

/** Record changes and the journal entry that is written with them. */
export interface ChangeWrite {
  readonly id: number;
  readonly place: string;
  /** JSON. */
  readonly entry: string;
  readonly records: readonly RecordWrite[];
  readonly at: number;
}

/** Messages of which one is claimed for a call. */
export interface ClaimWrite {
  readonly id: number;
  readonly place: string;
  readonly fingerprints: readonly number[];
  /** JSON; one for each message. */
  readonly entries: readonly string[];
  readonly since: number;
  readonly at: number;
}

/** Traces of attempts. */
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
  /** `null` deletes the record. */
  readonly value: string | null;
  readonly ifVersion: number | null;
  readonly expiresAt: number | null;
}

/** The outcome of a rare settlement. */
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
      /** The separate conversation that the event moves to. `null`: it keeps its place. */
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

/** A settlement that is not `handled`, or that changes records. */
export interface RareSettlement {
  readonly id: number;
  /** Attempt and time of the trace. */
  readonly attempt: number;
  readonly at: number;
  readonly outcome: RareOutcome;
  /** JSON. */
  readonly trace: string | undefined;
  readonly records: readonly RecordWrite[];
  /** Whether the event has journal entries. */
  readonly isJournaled: boolean;
}

/** The writes of one transaction. */
export interface Group {
  readonly adds: AddColumns;
  readonly notes: NoteColumns;
  readonly sent: SentColumns;
  readonly changes: ChangeWrite[];
  readonly claims: ClaimWrite[];
  readonly handled: number[];
  /** Ids of `handled` that have journal entries. */
  readonly journaled: number[];
  /** Traces of `handled`. */
  readonly traces: TraceColumns;
  readonly rare: RareSettlement[];
}

/** The result of a group. */
export interface GroupAnswer {
  /** For each added notice its id, or 0 for a duplicate. */
  readonly added: number[];
  /** Settlements that were not written because records had changed. */
  readonly conflicts: { readonly id: number; readonly keys: readonly string[] }[];
  /** For each change the keys of records that had changed. If there are any, it was not written. */
  readonly changed: (readonly string[])[];
  /** For each claim the index of the claimed message, or -1. */
  readonly claimed: number[];
}

/** A page of unsettled events, oldest first. */
export interface Page {
  readonly ids: number[];
  readonly conversations: string[];
  /** The events that failed before. */
  readonly tried: readonly Tried[];
  /** The dead letters that block their conversation. */
  readonly blocking: readonly number[];
}

/** An event that failed before. */
export interface Tried {
  readonly id: number;
  readonly attempts: number;
  /** In milliseconds since 1970, by the clock of the process that wrote it. */
  readonly dueAt: number;
  /** Delay of the retry when it was written, in milliseconds. */
  readonly waitMs: number;
}

/** An event as it is stored. */
export interface StoredNotice {
  readonly id: number;
  /** JSON. */
  readonly notice: string;
  readonly receivedAt: number;
  /** Number of attempts that started and were not settled. */
  readonly crashCount: number;
  /** How often it blocked the process, and where last. */
  readonly blockedTimes: number;
  readonly blockedWhere: string | null;
  /** Time of its first failure, in milliseconds since 1970. 0: it has not failed. */
  readonly failingSince: number;
  /** 1 if it has lost its place in its conversation, otherwise 0. */
  readonly isAside: number;
  /** Places, and entries as JSON. */
  readonly journal: readonly (readonly [place: string, entry: string])[];
}

/** State of the file at the start. */
export interface Opened {
  /** The newest id. */
  readonly lastId: number;
  readonly waiting: number;
  /** Number of dead letters that block their conversation. */
  readonly blocking: number;
  /** Whether the last process ended without closing the file, perhaps during attempts. */
  readonly wasKilled: boolean;
  /** Files that other users could read. */
  readonly exposedFiles: readonly ExposedFile[];
  /** Use of the copy that an earlier process made when its file was deleted. */
  readonly rescued: RescuedCopy;
}

/** The kinds of request, with the type of each request and answer. */
export interface Exchanges {
  /** Writes a group. */
  group: { request: Group; answer: GroupAnswer };
  /** Reads the next `limit` events after `after` that wait or block. A shorter page is the last one. */
  page: { request: { after: number; limit: number }; answer: Page };
  /** Reads waiting events by id. The answer leaves out events that are settled. */
  read: { request: { ids: number[] }; answer: StoredNotice[] };
  /** Raises the crash counts of events before their attempts start. */
  mark: { request: { ids: number[] }; answer: undefined };
  list: { request: { filter: ListFilter }; answer: EventSummary[] };
  show: { request: { id: number }; answer: EventRecord | undefined };
  /** Finds an event that is waiting or dead. */
  find: { request: { id: number }; answer: FoundEvent | undefined };
  /** Makes the retry of a waiting event due. */
  makeDue: { request: { id: number }; answer: undefined };
  replay: { request: { id: number }; answer: Replayed | undefined };
  discard: { request: { id: number; reason: string }; answer: Discarded | undefined };
  counts: { request: object; answer: InboxCounts };
  /** Checks that a group could be written. */
  check: { request: object; answer: undefined };
  readRecord: { request: { key: string; now: number }; answer: StoredRecord | undefined };
  /** Answers the keys of records that had changed. If there are any, nothing was written. */
  writeRecords: { request: { changes: readonly RecordWrite[]; now: number }; answer: readonly string[] };
  /** Reads the new requests of other processes. */
  adminRequests: { request: object; answer: readonly AdminRequest[] };
  /** Stores the outcome of one request, and deletes the expired ones. */
  answerAdminRequest: { request: { id: number; outcome: number; now: number }; answer: undefined };
  /** Deletes settled events that were received before `before`, and the oldest ones beyond `keep`. One step. */
  pruneEvents: { request: PruneStep & { keep: number }; answer: PruneProgress };
  /** Deletes traces of settled events that were written before `before`. One step. */
  pruneTraces: { request: PruneStep; answer: PruneProgress };
  /** Deletes expired records. Answers their number. */
  pruneRecords: { request: { now: number; limit: number }; answer: number };
  /** Deletes sent messages that were added before `before`. Answers their number. */
  pruneSent: { request: { before: number; limit: number }; answer: number };
  /** @param isClean no event is leased */
  close: { request: { isClean: boolean }; answer: undefined };
}

/** A filter with a parsed id. */
export type ListFilter = Omit<EventFilter, "before"> & { readonly beforeId?: number | undefined };

/** A dead letter that was replayed. */
export interface Replayed {
  readonly kind: "replayed";
  readonly was: number;
  readonly id: number;
  readonly conversation: string;
}

/** An event that was discarded. */
export interface Discarded {
  readonly kind: "discarded";
  readonly was: number;
}

/** A waiting or dead event. */
export interface FoundEvent {
  readonly state: "waiting" | "dead";
  /** Its conversation; the separate one if the event has lost its place. */
  readonly conversation: string;
}

/** A request of another process to the one that holds the file. */
export interface AdminRequest {
  readonly id: number;
  readonly kind: "replay" | "retry" | "discard";
  readonly event: number;
  readonly reason: string;
  /** Until when the requesting process waits, in milliseconds since 1970. */
  readonly deadline: number;
}

/** A pruning step. */
export interface PruneStep {
  /** The step starts after this event. */
  readonly after: number;
  /** In milliseconds since 1970. */
  readonly before: number;
  /** Rows that the step reads. */
  readonly limit: number;
}

/** Progress of pruning. */
export interface PruneProgress {
  /** Start of the next step. `undefined`: no old row is left. */
  readonly next: number | undefined;
}

export type RequestKind = keyof Exchanges;

/** One request, with its kind. */
export type StoreRequest = {
  [K in RequestKind]: { readonly kind: K } & Exchanges[K]["request"];
}[RequestKind];

/** An error of the store thread, as plain data. */
export interface StoreFailure {
  readonly code: "inbox-failed" | "inbox-locked" | "inbox-file-changed";
  readonly message: string;
}

/** An answer. The first one, without a request, is `Opened`. */
export type StoreAnswer = { readonly value: unknown } | { readonly refusal: StoreFailure };
