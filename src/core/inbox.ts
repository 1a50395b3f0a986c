/**
 * The durable store between "answered 200" and "handled".
 *
 * A **notice** is added once, however often it is delivered. Somebody takes it on a **lease** and **settles** it:
 * handled, dropped with a reason, to be retried, or a **dead letter** that is kept for a person to look at.
 * Of one **conversation** at most one notice is on lease at a time, the oldest unsettled one, also while that one
 * waits for its retry. A lease that is never settled, because its process died, is handed out again.
 *
 *     added ──► leased ──► handled | dropped      remembered for a while, to recognise duplicates
 *       ▲         │  └───► dead ──replay──► added
 *       └─ retry ─┘
 */
import type { Notice } from "./notice";

/** `duplicate`: it had been added before; nothing changed. */
export type AddOutcome = "added" | "duplicate";

/** Stores notices and hands them out in order. Implementations pass one contract suite. */
export interface Inbox {
  /**
   * Stores a notice; once it resolves, the notice survives a crash of process and machine.
   * @throws InboxError when it could not be stored; then it was not.
   */
  add(notice: Notice): Promise<AddOutcome>;

  /**
   * Waits until there is something to do and leases it: oldest first, one a conversation.
   * @param max at least 1
   * @returns between 1 and `max` leases; none only when `signal` was aborted
   */
  take(max: number, signal: AbortSignal): Promise<readonly Lease[]>;

  counts(): Promise<InboxCounts>;

  /** Dead letters, newest first. @param limit @default 100 */
  dead(limit?: number): Promise<readonly DeadLetter[]>;

  /** Gives a dead letter a new set of attempts, behind what its conversation has waiting. @returns `false` when there is no such dead letter */
  replay(id: string): Promise<boolean>;

  /** Waits for what is being written and closes. Calls that come later are refused with an InboxError. */
  close(): Promise<void>;
}

/** The right to handle one notice, and the duty to settle it. */
export interface Lease {
  /** The inbox's own id of the event: unique, sortable by arrival. */
  readonly id: string;
  readonly notice: Notice;
  /** 1 for the first try. */
  readonly attempt: number;
  /** When the delivery was stored, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** Ends the lease; resolves once that is on disk. @throws InboxError; the notice is then handed out again */
  settle(settlement: Settlement): Promise<void>;
}

/** How a lease ended. */
export type Settlement =
  | { readonly kind: "handled" }
  /** Needs no handling: nobody listens, own message, refused by the policy, gone. */
  | { readonly kind: "dropped"; readonly reason: string }
  /** Comes back after `afterMs`; its conversation waits for it. */
  | { readonly kind: "retry"; readonly afterMs: number; readonly error: Failure }
  | { readonly kind: "dead"; readonly error: Failure };

/** Why an attempt failed, as it is kept. */
export interface Failure {
  /** An error's code; `"unknown"` for errors that are not ours. */
  readonly code: string;
  readonly message: string;
}

/** An event that was given up. */
export interface DeadLetter {
  readonly id: string;
  readonly notice: Notice;
  readonly attempts: number;
  readonly error: Failure;
  readonly receivedAt: number;
  readonly diedAt: number;
}

/** How many events are in which state. */
export interface InboxCounts {
  /** Added and not settled, on lease or not. */
  readonly waiting: number;
  readonly dead: number;
  /** Settled and still remembered, to recognise duplicates. */
  readonly remembered: number;
}
