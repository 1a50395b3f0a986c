/**
 * The durable store between "answered 200" and "handled".
 *
 * The inbox stores each **notice** once, even if it is delivered several times. A worker takes it on a **lease** and
 * **settles** it: handled, dropped with a reason, to be retried, or a **dead letter**, which is stored for an operator.
 * Each **conversation** has at most one leased notice, its oldest unsettled one, and waits while that one waits for its
 * retry. If a retry is settled as **aside**, the event leaves the order and its conversation continues. If a process dies,
 * its leased events are leased again.
 *
 *     added ──► leased ──► handled | dropped      stored for a while, to detect duplicates
 *       ▲         │  └───► dead ──replay──► added
 *       │         │           └──discard──► discarded
 *       └─ retry ─┘
 *
 * The event's **journal** has the calls of its attempts, so that the next attempt does not repeat them. **Records** are
 * small values that outlive events.
 */
import type { JsonValue, Notice } from "./notice";
import type { RecordChange, Records } from "./records";
import type { TraceStep } from "./trace";

/** `duplicate`: the notice was added before, and nothing changed. */
export type AddOutcome = "added" | "duplicate";

/** Stores notices and leases them in order. All implementations pass one contract suite. */
export interface Inbox extends InboxAdmin {
  /**
   * Stores a notice. Once the call resolves, the notice survives a crash of the process and of the machine.
   * @throws InboxError if the notice was not stored
   */
  add(notice: Notice): Promise<AddOutcome>;

  /**
   * Leases up to `max` events, at most one per conversation. Waits until at least one event is ready.
   *
   * Leases the oldest events first, but a long backlog does not delay conversations that became active only recently.
   * @param max at least 1
   * @returns 1 to `max` leases; an empty list only if `signal` was aborted
   */
  take(max: number, signal: AbortSignal): Promise<readonly Lease[]>;

  /** Small values that outlive events. */
  readonly records: Records;

  /** Module with which the watchdog records the event that blocks the process. `undefined`: the watchdog only logs it. */
  readonly blockRecorder?: BlockRecorder | undefined;
}

/**
 * A module that the watchdog's thread loads when the event loop is blocked, because the inbox itself cannot work then.
 * The module exports `recordBlock`, a {@link RecordBlock}.
 */
export interface BlockRecorder {
  /** Absolute path of a JavaScript file. */
  readonly module: string;
  /** Passed to `recordBlock`. */
  readonly data: JsonValue;
}

/**
 * Adds one to the number of times that an event has blocked the process.
 * @param event the event's id, as a number
 * @param where the bot, the handler, and the line if it is known
 * @returns `undefined` if the event does not wait any more
 */
export type RecordBlock = (
  data: JsonValue,
  event: number,
  where: string,
) => Promise<RecordedBlock | undefined>;

/** A recorded block. */
export interface RecordedBlock {
  /** The notice's key. */
  readonly key: string;
  /** Number of times that the event has blocked the process, this one included. */
  readonly times: number;
}

/** Earlier blocks of the process by an event. */
export interface BlockedBefore {
  readonly times: number;
  /** The bot, the handler and, if known, the line that blocked it last. */
  readonly where: string;
}

/**
 * The operator's calls: list, show, replay, retry and discard. They also work while another process uses the inbox.
 *
 * Calls after `close` reject with an InboxError.
 */
export interface InboxAdmin {
  /** Counts the events by state. */
  counts(): Promise<InboxCounts>;

  /**
   * Checks that an event could be stored now. It may write and sync, and it takes as long as the disk or the database, so
   * the caller must limit the time.
   * @throws InboxError if no event can be stored
   */
  check(): Promise<void>;

  /** Lists events, newest first; dead letters by the time of their last failure. */
  list(filter?: EventFilter): Promise<readonly EventSummary[]>;

  /** Reads all data of one event. @returns `undefined` if the event never existed or was deleted */
  show(id: string): Promise<EventRecord | undefined>;

  /**
   * Makes a dead letter wait again, with its journal and all its attempts. It is handled after the waiting events of its
   * conversation, or, if it blocks its conversation, before them.
   * @returns the event's new id; `undefined` if the dead letter does not exist
   */
  replay(id: string): Promise<string | undefined>;

  /**
   * Makes the retry of a waiting event due at once. The count of its attempts stays. An event behind others of its
   * conversation keeps its place.
   * @returns `false` if the event does not wait
   * @throws EventLeasedError if a worker handles the event
   */
  retry(id: string): Promise<boolean>;

  /**
   * Discards a dead letter or a waiting event permanently.
   * @param reason stored and shown with the event
   * @returns `false` if the event is neither
   * @throws EventLeasedError if a worker handles the event
   */
  discard(id: string, reason: string): Promise<boolean>;

  /** Waits for running writes, then closes the inbox. */
  close(): Promise<void>;
}

/** The right to handle one notice, and the duty to settle it. */
export interface Lease {
  /** The event's id in this inbox. Unique, sorted by arrival. */
  readonly id: string;
  readonly notice: Notice;
  /** Number of this attempt, starting at 1. Counts attempts that were settled as failed. */
  readonly attempt: number;
  /**
   * How often a process may have crashed while it handled the event. If it did, the journal lacks the calls that were
   * running. Usually 0.
   */
  readonly crashCount: number;
  /** Earlier blocks of the process by this event. `undefined`: it never blocked it. */
  readonly blocked?: BlockedBefore | undefined;
  /** Milliseconds since the first failure of the event. `undefined`: it has not failed. */
  readonly failingForMs?: number | undefined;
  /** Whether the event has lost its place in its conversation. @default false */
  readonly isAside?: boolean | undefined;
  /** Time when the delivery was stored, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The entries of earlier attempts, by place. */
  readonly journal: ReadonlyMap<string, JsonValue>;
  /**
   * Writes a journal entry for the next attempts, in place of an earlier one. The journal is deleted when the event is
   * handled, dropped or discarded, and stays with a dead letter.
   * @param place up to 200 characters
   * @param posted platform, account and id of the message that the call posted, if it posted one. From now on no claim
   * gets this message, also after the settlement
   * @returns resolves once the entry survives a crash. Notes and the settlement become durable in the order of the calls
   * @throws InboxError if the entry was not written; LeaseLostError
   */
  note(place: string, entry: JsonValue, posted?: string): Promise<void>;
  /**
   * Claims one of several messages for this call and writes its entry, in one transaction. A message belongs to the first
   * call that noted or claimed it, over all events, processes and restarts.
   * @param candidates in the order in which they are tried
   * @param since earliest time at which one of them may have been posted, in milliseconds since 1970
   * @returns index of the claimed candidate; `undefined` if all belong to other calls
   * @throws InboxError if nothing was written; LeaseLostError
   */
  claim(place: string, candidates: readonly Claim[], since: number): Promise<number | undefined>;
  /**
   * Changes records and writes a journal entry, in one transaction.
   * @throws RecordConflictError if a record does not have the version that a change names; InboxError; LeaseLostError. Then
   * nothing was written
   */
  change(records: readonly RecordChange[], place: string, entry: JsonValue): Promise<void>;
  /**
   * Whether no other process can have the event at this moment. Needs no query. `false` does not mean that the lease is
   * lost: call `renew`.
   */
  isHeld(): boolean;
  /** Renews the lease, so that `isHeld` is true. @throws LeaseLostError if another process may have the event; InboxError */
  renew(): Promise<void>;
  /**
   * Ends the lease. Resolves once the settlement, the trace and the record changes are on disk; writes all or nothing.
   * @throws InboxError if nothing was written. The event is leased again later
   * @throws RecordConflictError if a record has changed. The lease continues: settle it in another way
   */
  settle(settlement: Settlement, extras?: SettlementExtras): Promise<void>;
}

/** A message that a call may have posted, with the journal entry for it. */
export interface Claim {
  /** Platform, account and id of the message. */
  readonly message: string;
  /** Written to the event's journal if the message is claimed. */
  readonly entry: JsonValue;
}

/**
 * Time for which posted messages are stored for claims, in milliseconds. It is longer than a weekend, because an operator
 * may replay a dead letter on Monday.
 */
export const SENT_REMEMBERED_MS = 3 * 86_400_000;

/** Data that is written with a settlement. */
export interface SettlementExtras {
  /** The steps of this attempt. */
  readonly trace?: readonly TraceStep[] | undefined;
  readonly records?: readonly RecordChange[] | undefined;
}

/** The outcome of a lease. */
export type Settlement =
  | { readonly kind: "handled" }
  /** Needs no handling: no bot subscribes to it, a bot sent it, the policy refuses it, or it was deleted. */
  | { readonly kind: "dropped"; readonly reason: string }
  /**
   * To be retried after `afterMs`.
   * @param aside whether its conversation continues without it. @default false: its conversation waits for the retry
   */
  | {
      readonly kind: "retry";
      readonly afterMs: number;
      readonly error: AttemptFailure;
      readonly aside?: boolean | undefined;
    }
  /** A dead letter. @param holds whether its conversation waits until it is replayed or discarded. @default false */
  | { readonly kind: "dead"; readonly error: AttemptFailure; readonly holds?: boolean | undefined }
  /** Stopped, because the process stops. The event is ready at once, and the attempt is not counted. */
  | { readonly kind: "released" };

/** The stored error of a failed attempt. `describeFailure` creates it and limits the length of each part. */
export interface AttemptFailure {
  /**
   * The error's code, for example `"card-unknown"` or `"ECONNREFUSED"`. If the error has none, `"handler-failed"` if a
   * handler threw it, otherwise `"unknown"`.
   */
  readonly code: string;
  /** Up to 2,000 characters. It may quote a message of a person. */
  readonly message: string;
  /** The error's class, for example `"TypeError"`. For a thrown value that is not an object, its type. */
  readonly name?: string | undefined;
  /** Line of the bot's code, for example `"/app/bots/pay.ts:12"`. `undefined` if the stack has no such line. */
  readonly at?: string | undefined;
  /** The handler that failed, for example `bot "pay", command "pay"`. `undefined` if no handler failed. */
  readonly where?: string | undefined;
  /** The stack, with the class and the message at the beginning. Up to 4,096 characters. */
  readonly stack?: string | undefined;
  /** The error's causes, the nearest first, and the errors of an AggregateError: up to 8. */
  readonly causes?: readonly FailureCause[] | undefined;
}

/** An error that caused another one. */
export interface FailureCause {
  readonly name: string;
  /** Up to 500 characters. */
  readonly message: string;
  readonly code?: string | undefined;
  /** Up to 1,024 characters. */
  readonly stack?: string | undefined;
}

/** `discarded`: an operator discarded the dead letter or the waiting event. */
export type EventState = "waiting" | "handled" | "dropped" | "dead" | "discarded";

/** Selects events. A missing field matches every event. */
export interface EventFilter {
  readonly state?: EventState | undefined;
  readonly platform?: string | undefined;
  readonly account?: string | undefined;
  /** A text that the notice's key contains. */
  readonly key?: string | undefined;
  /**
   * One or more whole parts of the notice's key, which are separated by `/` and `|`: the platform's id of the message
   * (`"2"`), its kind and id (`"message|2"`), or the whole key.
   */
  readonly keyParts?: string | undefined;
  /** Name of the event, for example `"messages.created"`. Matches only waiting and dead events. */
  readonly name?: string | undefined;
  /** Conversation of the notice. Matches only waiting and dead events. */
  readonly conversation?: string | undefined;
  /** Code of the last error. */
  readonly code?: string | undefined;
  /** Only events older than the one with this id, for the next page. */
  readonly before?: string | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

/** Summary of an event. */
export interface EventSummary {
  readonly id: string;
  readonly state: EventState;
  /** Key of the notice. */
  readonly key: string;
  /** Name of the event. `undefined` once it is settled, as is the conversation. */
  readonly name?: string | undefined;
  readonly conversation?: string | undefined;
  /** Time when the delivery was stored. In milliseconds since 1970, as all times here. */
  readonly receivedAt: number;
  /** Time of the settlement. `undefined` while the event waits, and if its trace was deleted. */
  readonly settledAt?: number | undefined;
  /** Number of settled attempts. `undefined` once the event is handled or dropped. */
  readonly attempts?: number | undefined;
  /** Due time of its retry, if it waits for one. */
  readonly dueAt?: number | undefined;
  /** Reason for which it was dropped or discarded. */
  readonly reason?: string | undefined;
  /** The last error of a dead letter or of an event that waits for its retry. */
  readonly error?: AttemptFailure | undefined;
  /** Whether its conversation waits until it is replayed or discarded. */
  readonly holds?: boolean | undefined;
  /** Whether it waits outside the order of its conversation, which continues without it. */
  readonly isAside?: boolean | undefined;
}

/** All data of one event. */
export interface EventRecord extends EventSummary {
  /** `undefined` unless the event waits or is dead. */
  readonly notice?: Notice | undefined;
  readonly journal: Readonly<Record<string, JsonValue>>;
  /** The traces of its attempts, oldest first. Those of settled events are deleted after a day. */
  readonly attemptsMade: readonly AttemptRecord[];
}

/** A settled attempt. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly at: number;
  readonly trace: readonly TraceStep[];
}

/** Number of events by state. */
export interface InboxCounts {
  /** Number of unsettled events, leased ones included. */
  readonly waiting: number;
  readonly dead: number;
  /** Number of settled events that are stored to detect duplicates. */
  readonly remembered: number;
}
