/**
 * The durable store between "answered 200" and "handled".
 *
 * A **notice** is added once, however often it is delivered. Somebody takes it on a **lease** and **settles** it:
 * handled, dropped with a reason, to be retried, or a **dead letter** that is kept for a person to look at.
 * Of one **conversation** at most one notice is on lease at a time, the oldest unsettled one, also while that one
 * waits for its retry, unless the retry was settled as **aside**: then that event alone leaves the order, and its
 * conversation continues. A lease that is never settled, because its process died, is handed out again.
 *
 *     added ──► leased ──► handled | dropped      remembered for a while, to recognise duplicates
 *       ▲         │  └───► dead ──replay──► added
 *       │         │           └──discard──► discarded
 *       └─ retry ─┘
 *
 * What an attempt did is noted in the event's **journal**, so that the next attempt does not do it again. **Records**
 * are small values that outlive events, in the same store.
 */
import type { JsonValue, Notice } from "./notice";
import type { RecordChange, Records } from "./records";
import type { TraceStep } from "./trace";

/** `duplicate`: it had been added before; nothing changed. */
export type AddOutcome = "added" | "duplicate";

/** Stores notices and hands them out in order. Implementations pass one contract suite. */
export interface Inbox extends InboxAdmin {
  /**
   * Stores a notice; once it resolves, the notice survives a crash of process and machine.
   * @throws InboxError when it could not be stored; then it was not.
   */
  add(notice: Notice): Promise<AddOutcome>;

  /**
   * Waits until there is something to do and leases it, one a conversation: what has waited longest first, but in such
   * a way that a backlog of some conversations does not keep those waiting who write only now.
   * @param max at least 1
   * @returns between 1 and `max` leases; none only when `signal` was aborted
   */
  take(max: number, signal: AbortSignal): Promise<readonly Lease[]>;

  readonly records: Records;

  /** How the watchdog records which event blocks the process. Absent: it is logged only. */
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
 * @param event the inbox's id of it, as a number
 * @param where the bot, the handler, and the line if it is known
 * @returns `undefined` if the event does not wait any more
 */
export type RecordBlock = (
  data: JsonValue,
  event: number,
  where: string,
) => Promise<RecordedBlock | undefined>;

/** A block that was recorded. */
export interface RecordedBlock {
  /** The notice's key. */
  readonly key: string;
  /** How often the event has blocked the process, this time included. */
  readonly times: number;
}

/** Times that an event has blocked the process. */
export interface BlockedBefore {
  readonly times: number;
  /** The bot, the handler, and the line if it is known, of the last time. */
  readonly where: string;
}

/**
 * What an operator does with an inbox, also while another process works on it.
 *
 * Calls that come after `close` are refused with an InboxError.
 */
export interface InboxAdmin {
  counts(): Promise<InboxCounts>;

  /**
   * Proves that an event could be stored now. Cheap, but not free: it may write and sync. It may take as long as the
   * disk or the database takes, so the caller limits the time.
   * @throws InboxError that says why nothing can be stored
   */
  check(): Promise<void>;

  /** Newest first; dead letters by when they died. */
  list(filter?: EventFilter): Promise<readonly EventSummary[]>;

  /** All that is known of one event. @returns `undefined` when it never was, or is forgotten */
  show(id: string): Promise<EventRecord | undefined>;

  /**
   * Gives a dead letter a new set of attempts, with its journal: behind what its conversation has waiting, or, when it
   * holds its conversation, where it stands.
   * @returns the event's id from now on; `undefined` when there is no such dead letter
   */
  replay(id: string): Promise<string | undefined>;

  /**
   * Makes the retry of a waiting event due at once; its attempts keep their count. An event that waits for its turn stays
   * in its place.
   * @returns `false` if no such event waits
   * @throws EventLeasedError if the event is being handled
   */
  retry(id: string): Promise<boolean>;

  /**
   * Gives up a dead letter or a waiting event for good.
   * @param reason stored, and shown with the event
   * @returns `false` if there is neither
   * @throws EventLeasedError if the event is being handled
   */
  discard(id: string, reason: string): Promise<boolean>;

  /** Waits for what is being written and closes. */
  close(): Promise<void>;
}

/** The right to handle one notice, and the duty to settle it. */
export interface Lease {
  /** The inbox's own id of the event: unique, sortable by arrival. */
  readonly id: string;
  readonly notice: Notice;
  /** 1 for the first try. Counts attempts that were settled as failed. */
  readonly attempt: number;
  /**
   * How often a process may have died while it handled this: how far it came is not known, and the journal lacks what
   * was under way. 0 nearly always.
   */
  readonly crashCount: number;
  /** How often this event has blocked the process, and where last. Absent: never. */
  readonly blocked?: BlockedBefore | undefined;
  /** Milliseconds since the event failed for the first time. Absent: it has not failed. */
  readonly failingForMs?: number | undefined;
  /** Whether the event has lost its place in its conversation. @default false */
  readonly isAside?: boolean | undefined;
  /** When the delivery was stored, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** What earlier attempts noted, by place. */
  readonly journal: ReadonlyMap<string, JsonValue>;
  /**
   * Keeps an entry for the attempts that follow, in place of the one that was there. It goes with the event: gone when
   * that is handled, dropped or discarded, kept with a dead letter.
   * @param place up to 200 characters
   * @param posted the message that the call has posted, if it posted one: from now on no claim gets it, and it stays so
   * when the event is settled. Platform, account and id
   * @returns resolves once it would survive a crash; notes and the settlement become durable in the order of the calls
   * @throws InboxError when it could not be kept; LeaseLostError
   */
  note(place: string, entry: JsonValue, posted?: string): Promise<void>;
  /**
   * Takes one of several messages for the one that this call posted, and keeps its entry, in one transaction. A message
   * belongs to the first call that noted or claimed it, of all events, processes and restarts.
   * @param candidates tried in this order
   * @param since when the oldest of them may have been posted, in milliseconds since 1970
   * @returns index of the candidate that is this call's from now on; `undefined` when all of them belong to other calls
   * @throws InboxError when nothing was kept; LeaseLostError
   */
  claim(place: string, candidates: readonly Claim[], since: number): Promise<number | undefined>;
  /**
   * Changes records and keeps an entry, in one transaction: what the entry says of the records is true after a crash, too.
   * @throws RecordConflictError when a record is not at the version that a change names; InboxError; LeaseLostError. Then
   * nothing was changed
   */
  change(records: readonly RecordChange[], place: string, entry: JsonValue): Promise<void>;
  /**
   * Whether the event is certainly not handed out to another process at this instant. Costs nothing. `false` does not
   * mean that it is lost: `renew` finds out.
   */
  isHeld(): boolean;
  /** Makes `isHeld` true. @throws LeaseLostError when another process may have the event; InboxError */
  renew(): Promise<void>;
  /**
   * Ends the lease; resolves once that is on disk, with the trace and all changes of records, or nothing of it.
   * @throws InboxError; the notice is then handed out again
   * @throws RecordConflictError when a record changed meanwhile; the lease goes on and is to be settled otherwise
   */
  settle(settlement: Settlement, extras?: SettlementExtras): Promise<void>;
}

/** A message that a call may have posted, and what is kept when it is taken for it. */
export interface Claim {
  /** Platform, account and id of the message. */
  readonly message: string;
  /** Kept in the event's journal. */
  readonly entry: JsonValue;
}

/**
 * How long it is remembered which messages belong to a call, in milliseconds: longer than a weekend, after which a person
 * may replay a dead letter.
 */
export const SENT_REMEMBERED_MS = 3 * 86_400_000;

/** What is kept together with a settlement. */
export interface SettlementExtras {
  /** This attempt's path. */
  readonly trace?: readonly TraceStep[] | undefined;
  readonly records?: readonly RecordChange[] | undefined;
}

/** How a lease ended. */
export type Settlement =
  | { readonly kind: "handled" }
  /** Needs no handling: nobody listens, own message, refused by the policy, gone. */
  | { readonly kind: "dropped"; readonly reason: string }
  /**
   * Comes back after `afterMs`.
   * @param aside its conversation continues without it, and it is handled on its own from now on. Absent: its conversation waits for it
   */
  | {
      readonly kind: "retry";
      readonly afterMs: number;
      readonly error: AttemptFailure;
      readonly aside?: boolean | undefined;
    }
  /** Given up. @param holds its conversation waits until it is replayed or discarded. Absent: it goes on */
  | { readonly kind: "dead"; readonly error: AttemptFailure; readonly holds?: boolean | undefined }
  /** Not tried to the end, because this process stops: handed out again at once, and not counted as an attempt. */
  | { readonly kind: "released" };

/** Why an attempt failed, as it is stored. Made by `describeFailure`, which bounds every part of it. */
export interface AttemptFailure {
  /**
   * The error's own code: `"card-unknown"`, `"ECONNREFUSED"`. `"handler-failed"` for an error without one that a handler
   * threw, `"unknown"` for another one.
   */
  readonly code: string;
  /** Up to 2,000 characters. May quote what a person wrote. */
  readonly message: string;
  /** The error's class: `"TypeError"`; for a thrown value that is not an object, its type. */
  readonly name?: string | undefined;
  /** Where the bot's own code failed: `"/app/bots/pay.ts:12"`. Absent if the bot's code is not on the stack. */
  readonly at?: string | undefined;
  /** Which handler failed: `bot "pay", command "pay"`. Absent if no handler did. */
  readonly where?: string | undefined;
  /** As JavaScript engines write it, with the class and the message at the beginning, up to 4,096 characters. */
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

/** `discarded`: an operator gave up the dead letter or the waiting event for good. */
export type EventState = "waiting" | "handled" | "dropped" | "dead" | "discarded";

/** Which events; what is absent does not matter. */
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
  /** `"messages.created"`. Finds waiting and dead events only: of others the notice is not kept. */
  readonly name?: string | undefined;
  /** As in the notice. Finds waiting and dead events only. */
  readonly conversation?: string | undefined;
  /** Code of the error that a dead letter died of. */
  readonly code?: string | undefined;
  /** Only events older than the one with this id, for the next page. */
  readonly before?: string | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

/** One line about an event. */
export interface EventSummary {
  readonly id: string;
  readonly state: EventState;
  /** The notice's. */
  readonly key: string;
  /** The notice's name and conversation; absent once the event is settled. */
  readonly name?: string | undefined;
  readonly conversation?: string | undefined;
  /** In milliseconds since 1970, as all times here. */
  readonly receivedAt: number;
  /** When it was handled, dropped or discarded, or when it died; absent while it waits, and where only the order is kept. */
  readonly settledAt?: number | undefined;
  /** Attempts settled so far; absent once it is handled or dropped. */
  readonly attempts?: number | undefined;
  /** When its retry is due, if it waits for one. */
  readonly dueAt?: number | undefined;
  /** Why it was dropped or discarded. */
  readonly reason?: string | undefined;
  /** Why it failed last: of a dead letter, or of what waits for its retry. */
  readonly error?: AttemptFailure | undefined;
  /** Whether its conversation waits until it is replayed or discarded. */
  readonly holds?: boolean | undefined;
  /** Whether it waits outside its conversation's order, which continued without it. */
  readonly isAside?: boolean | undefined;
}

/** All that is known of one event. */
export interface EventRecord extends EventSummary {
  /** Only while it waits or is dead. */
  readonly notice?: Notice | undefined;
  readonly journal: Readonly<Record<string, JsonValue>>;
  /** By attempt, oldest first; those of handled events are kept for a day. */
  readonly attemptsMade: readonly AttemptRecord[];
}

/** One attempt that was settled. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly at: number;
  readonly trace: readonly TraceStep[];
}

/** How many events are in which state. */
export interface InboxCounts {
  /** Added and not settled, on lease or not. */
  readonly waiting: number;
  readonly dead: number;
  /** Settled and still remembered, to recognise duplicates. */
  readonly remembered: number;
}
