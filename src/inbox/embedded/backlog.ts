/**
 * Which event is next. Holds ids and conversations in memory. The notices are in the cache and in the file.
 *
 * States of an event. The table is the one in the file; an event without a row in `waiting` or `dead` is settled.
 *
 * | state | table | in the backlog | how it gets there | what follows |
 * | --- | --- | --- | --- | --- |
 * | waiting | `waiting` | behind the head of its conversation, or the head of a ready one | `add`; `replay` of a dead letter | leased, discarded |
 * | leased | `waiting` | head, `isLeased` | `take` | handled, dropped, dead, due later, aside, waiting (released, or the process ended) |
 * | due later | `waiting`, `due_at` | head, in the heap of scheduled retries | settled as `retry` | waiting (due, or `retry` by an operator), discarded |
 * | aside | `waiting`, `aside_from` | head of a conversation of its own, scheduled | settled as `retry` with `aside` | as due later; its old conversation continues |
 * | handled | `events` only | absent | settled as `handled` | deleted after `rememberMs` |
 * | dropped | `events.dropped_because` | absent | settled as `dropped` | deleted after `rememberMs` |
 * | dead | `dead` | absent | settled as `dead` | waiting (replay, with a new id), discarded |
 * | dead and blocking | `dead`, `holds` = 1 | head, `isBlocked` | settled as `dead` with `holds` | waiting (replay, with its old id), discarded |
 * | discarded | `events.discarded_because` | absent | `discard` by an operator | deleted after `rememberMs` |
 *
 * A quarantined event is leased in the backlog and waits in `quarantine.ts`.
 */
import { createDeque } from "./deque";
import { createHeap } from "./heap";

/** The events that are handled one at a time. Exists while it has an event. */
export interface Conversation {
  readonly name: string;
  /** Id of its oldest unsettled event. `Infinity` once all are settled. */
  head: number;
  /** Ids behind the head, oldest first, starting at `laterFrom`. `undefined` for most conversations. */
  later: number[] | undefined;
  laterFrom: number;
  /** Attempts made at the head. */
  attempts: number;
  isLeased: boolean;
  /** Whether its head is a dead letter, so that it waits for a replay or a discard. */
  isBlocked: boolean;
  /** When the head's retry is due, by the clock of the wake timer. */
  wakeAt: number;
}

/**
 * The order of events.
 *
 * | conversation | call | then |
 * | --- | --- | --- |
 * | absent | `push` | ready, scheduled or blocked |
 * | ready | `lease` | leased |
 * | leased | `finish` | ready with its next event, or absent |
 * | leased | `release` | ready |
 * | leased | `scheduleRetry` | scheduled |
 * | leased | `scheduleRetryAside` | the event: scheduled in a conversation of its own; the conversation: as `finish` |
 * | leased | `blockConversation` | blocked |
 * | scheduled | `releaseDue`, `makeDue` | ready |
 * | blocked | `unblockConversation` | ready |
 * | blocked | `finish` | ready with its next event, or absent |
 *
 * `withdraw` removes an event that is not leased, in any other state.
 */
export interface Backlog {
  /** Number of events, leased ones included. */
  readonly size: number;
  readonly hasReady: boolean;
  /** Number of leased conversations. */
  readonly leased: number;
  /**
   * Adds an event.
   * @param id greater than every earlier id
   * @param before state of an event that failed before or blocks its conversation; it must be the oldest of its conversation
   */
  push(id: number, conversation: string, before?: EarlierState): void;
  /**
   * Leases the ready conversation with the oldest event. In a long backlog every fourth lease takes the newest
   * conversation, so that a person who writes now does not wait for the whole backlog.
   * @returns `undefined` if no conversation is ready
   */
  lease(): Conversation | undefined;
  /** Removes the head, which is settled, and makes the next event ready. */
  finish(conversation: Conversation): void;
  /** Ends the lease without a settlement and makes the head ready again. */
  release(conversation: Conversation): void;
  /** Ends the lease. The head waits until `wakeAt`. */
  scheduleRetry(conversation: Conversation, attempts: number, wakeAt: number): void;
  /** Ends the lease. The head waits until `wakeAt` in the conversation `own`, and its old conversation continues. */
  scheduleRetryAside(conversation: Conversation, own: string, attempts: number, wakeAt: number): void;
  /** Ends the lease. The head is a dead letter, and the conversation waits until it is replayed or discarded. */
  blockConversation(conversation: Conversation): void;
  /** @returns the conversation that this dead letter blocks */
  blockedBy(id: number): Conversation | undefined;
  /** Makes the head, a dead letter, ready again in its old place. */
  unblockConversation(conversation: Conversation): void;
  /** Removes an event that is neither leased nor dead. */
  withdraw(id: number, conversation: string): Withdrawal | "leased" | "absent";
  /** Makes the retry of an event due. An event behind the head of its conversation keeps its place. */
  makeDue(id: number, conversation: string): "due" | "leased" | "absent";
  /** Makes the conversations ready whose retry is due. @returns when the next retry is due */
  releaseDue(now: number): number | undefined;
  /** @returns about the next `count` conversations */
  next(count: number): readonly Conversation[];
}

/** State of an event in the file, other than waiting for its first attempt. */
export type EarlierState =
  | { readonly kind: "tried"; readonly attempts: number; readonly wakeAt: number }
  | { readonly kind: "blocking" };

/** A removed event. Call exactly one of the two methods. */
export interface Withdrawal {
  /** Confirms the removal. */
  commit(): void;
  /** Puts the event back, as near to its old place as possible. */
  undo(): void;
}

/** With more ready conversations than this, every `NEWCOMERS_TURN`th lease takes the newest one. */
const LONG_BACKLOG = 64;
const NEWCOMERS_TURN = 4;

/** Least number of settled ids at the start of a list before it is compacted, once they are half of it. */
const COMPACT_FROM = 64;

/** Creates an empty backlog. Each call of the hot path takes logarithmic time at most. */
export function createBacklog(): Backlog {
  const conversations = new Map<string, Conversation>();
  /** Ready conversations whose head is not their first event. */
  const ready = createHeap<Conversation>((conversation) => conversation.head);
  /** Ready conversations whose head is their first event, by arrival. */
  const fresh = createDeque<Conversation>();
  const scheduled = createHeap<Conversation>((conversation) => conversation.wakeAt);
  const blocked = new Map<number, Conversation>();
  let size = 0;
  let leased = 0;
  let turns = 0;

  function free(conversation: Conversation): void {
    ready.push(conversation);
  }

  function schedule(conversation: Conversation, attempts: number, wakeAt: number): void {
    conversation.attempts = attempts;
    conversation.wakeAt = wakeAt;
    scheduled.push(conversation);
  }

  function block(conversation: Conversation): void {
    conversation.isBlocked = true;
    blocked.set(conversation.head, conversation);
  }

  function finish(conversation: Conversation): void {
    if (conversation.isLeased) endLease(conversation);
    blocked.delete(conversation.head);
    conversation.isBlocked = false;
    size--;
    advance(conversation);
  }

  /** Makes the event behind the head the new head. */
  function advance(conversation: Conversation): void {
    conversation.attempts = 0;
    conversation.head = shiftLater(conversation);
    if (conversation.head === Number.POSITIVE_INFINITY) conversations.delete(conversation.name);
    else free(conversation);
  }

  function release(conversation: Conversation): void {
    endLease(conversation);
    free(conversation);
  }

  function add(id: number, name: string): Conversation {
    const conversation = createConversation(name, id);
    conversations.set(name, conversation);
    return conversation;
  }

  function withdrawHead(conversation: Conversation): Withdrawal {
    // Marked as leased so that no worker gets it until `commit` or `undo`.
    if (!ready.remove(conversation) && !fresh.remove(conversation)) scheduled.remove(conversation);
    conversation.isLeased = true;
    leased++;
    return { commit: () => finish(conversation), undo: () => release(conversation) };
  }

  function putBack(id: number, name: string): void {
    const conversation = conversations.get(name);
    if (conversation === undefined) fresh.push(add(id, name));
    else conversation.later = [id, ...following(conversation)].sort((a, b) => a - b);
    if (conversation !== undefined) conversation.laterFrom = 0;
  }

  function endLease(conversation: Conversation): void {
    conversation.isLeased = false;
    leased--;
  }

  function next(): Conversation | undefined {
    const isLong = ready.size + fresh.size > LONG_BACKLOG;
    if (isLong && ++turns % NEWCOMERS_TURN === 0 && fresh.size > 0) return fresh.pop();
    const [older, newer] = [ready.peek(), fresh.peek()];
    if (older === undefined || newer === undefined) return ready.pop() ?? fresh.shift();
    return older.head < newer.head ? ready.pop() : fresh.shift();
  }

  return {
    get size() {
      return size;
    },
    get hasReady() {
      return ready.size > 0 || fresh.size > 0;
    },
    get leased() {
      return leased;
    },
    push(id, name, before) {
      size++;
      const known = conversations.get(name);
      if (known !== undefined) {
        if (known.later === undefined) known.later = [id];
        else known.later.push(id);
        return;
      }
      const conversation = add(id, name);
      if (before === undefined) fresh.push(conversation);
      else if (before.kind === "blocking") block(conversation);
      else schedule(conversation, before.attempts, before.wakeAt);
    },
    lease() {
      const conversation = next();
      if (conversation === undefined) return undefined;
      conversation.isLeased = true;
      leased++;
      return conversation;
    },
    finish,
    release,
    scheduleRetry(conversation, attempts, wakeAt) {
      endLease(conversation);
      schedule(conversation, attempts, wakeAt);
    },
    scheduleRetryAside(conversation, own, attempts, wakeAt) {
      endLease(conversation);
      schedule(add(conversation.head, own), attempts, wakeAt);
      advance(conversation);
    },
    withdraw(id, name) {
      const conversation = conversations.get(name);
      if (conversation === undefined || (conversation.head === id && conversation.isBlocked)) return "absent";
      if (conversation.head === id) return conversation.isLeased ? "leased" : withdrawHead(conversation);
      if (!removeLater(conversation, id)) return "absent";
      return { commit: () => void size--, undo: () => putBack(id, name) };
    },
    makeDue(id, name) {
      const conversation = conversations.get(name);
      if (conversation === undefined || (conversation.head === id && conversation.isBlocked)) return "absent";
      if (conversation.head !== id) return following(conversation).includes(id) ? "due" : "absent";
      if (conversation.isLeased) return "leased";
      if (scheduled.remove(conversation)) free(conversation);
      return "due";
    },
    blockConversation(conversation) {
      endLease(conversation);
      block(conversation);
    },
    blockedBy: (id) => blocked.get(id),
    unblockConversation(conversation) {
      blocked.delete(conversation.head);
      conversation.isBlocked = false;
      conversation.attempts = 0;
      free(conversation);
    },
    releaseDue(now) {
      let first = scheduled.peek();
      while (first !== undefined && first.wakeAt <= now) {
        scheduled.pop();
        ready.push(first);
        first = scheduled.peek();
      }
      return first?.wakeAt;
    },
    next: (count) => [...ready.front(count), ...fresh.front(count)].slice(0, count),
  };
}

/** Whether an event waits: neither leased nor settled. @param id of an event that was in the conversation */
export function stillWaits(conversation: Conversation, id: number): boolean {
  const { head, isLeased, isBlocked: isHeld } = conversation;
  return id > head || (id === head && !isLeased && !isHeld);
}

/** @returns the ids behind the head, oldest first, at most `count` */
export function following(
  { later, laterFrom }: Conversation,
  count: number = Number.POSITIVE_INFINITY,
): readonly number[] {
  return later?.slice(laterFrom, laterFrom + count) ?? [];
}

/** @returns whether the event was behind the head */
function removeLater(conversation: Conversation, id: number): boolean {
  const left = following(conversation).filter((one) => one !== id);
  if (left.length === following(conversation).length) return false;
  conversation.later = left.length === 0 ? undefined : left;
  conversation.laterFrom = 0;
  return true;
}

function createConversation(name: string, head: number): Conversation {
  return {
    name,
    head,
    later: undefined,
    laterFrom: 0,
    attempts: 0,
    isLeased: false,
    isBlocked: false,
    wakeAt: 0,
  };
}

function shiftLater(conversation: Conversation): number {
  const { later, laterFrom } = conversation;
  const id = later?.[laterFrom];
  if (later === undefined || id === undefined) return Number.POSITIVE_INFINITY;
  const from = laterFrom + 1;
  if (from === later.length) {
    conversation.later = undefined;
    conversation.laterFrom = 0;
  } else if (from >= COMPACT_FROM && 2 * from >= later.length) {
    conversation.later = later.slice(from);
    conversation.laterFrom = 0;
  } else {
    conversation.laterFrom = from;
  }
  return id;
}
