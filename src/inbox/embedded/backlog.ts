import { createDeque } from "./deque";
import { createHeap } from "./heap";

/** Whose events are handled one at a time. Exists while it has any. */
export interface Conversation {
  readonly name: string;
  /** Its oldest unsettled event; infinite once all are settled. */
  head: number;
  /** The events behind the head, oldest first from `laterFrom` on; absent for most conversations. */
  later: number[] | undefined;
  laterFrom: number;
  /** Attempts made at the head. */
  attempts: number;
  isLeased: boolean;
  /** Its head is dead, and it waits until that is replayed or discarded. */
  isBlocked: boolean;
  /** When the head's retry is due, by the steady clock. */
  wakeAt: number;
}

/**
 * Which event is whose turn: ids and conversations of what waits, in memory; the notices are elsewhere.
 *
 *     (push) ──► ready ──lease──► leased ──finish──► ready with its next event, or gone
 *                ▲ ▲ └────────────  │ └──hold──► held ──revive──► ready
 *                │ └─wake─ sleeping ◄─sleep       │
 *                └──────────────finish────────────┘
 *
 * `sleepAside` is `sleep` for the event and `finish` for its conversation. `withdraw` takes any event out that is not
 * leased.
 */
export interface Backlog {
  /** How many events are inside, on lease or not. */
  readonly size: number;
  readonly hasReady: boolean;
  /** Conversations on lease. */
  readonly leased: number;
  /**
   * @param id greater than every id before
   * @param before given for an event that has been tried, or is dead and holds; its conversation has nothing older
   */
  push(id: number, conversation: string, before?: EarlierState): void;
  /**
   * The conversation with the oldest event of those that may be handled now; of a long backlog, one time in four, the
   * one that came last, so that whoever writes now does not wait for all of it.
   */
  lease(): Conversation | undefined;
  /** The head is settled; the conversation is free for its next event. */
  finish(conversation: Conversation): void;
  /** The lease ended without a word: the head is handed out again. */
  release(conversation: Conversation): void;
  /** The lease ended; the head waits until `wakeAt`. */
  scheduleRetry(conversation: Conversation, attempts: number, wakeAt: number): void;
  /** The lease ended; the head waits until `wakeAt` in a conversation of its own, and its conversation is free for its next event. */
  scheduleRetryAside(conversation: Conversation, own: string, attempts: number, wakeAt: number): void;
  /** The lease ended; the head is dead, and the conversation waits for what becomes of it. */
  blockConversation(conversation: Conversation): void;
  /** The conversation that is held by this event. */
  blockedBy(id: number): Conversation | undefined;
  /** The dead head is to be tried again, where it stands. */
  unblockConversation(conversation: Conversation): void;
  /** Takes out an event that waits, whatever it waits for. */
  withdraw(id: number, conversation: string): Withdrawal | "leased" | "absent";
  /** Lets an event that waits for its retry be handled now; one that waits for its turn stays in its place. */
  makeDue(id: number, conversation: string): "due" | "leased" | "absent";
  /** Frees the conversations that are due. @returns when the next one is */
  releaseDue(now: number): number | undefined;
  /** Some of the conversations that are leased next. */
  next(count: number): readonly Conversation[];
}

/** What was known of an event when it was read from the file. */
export type EarlierState =
  | { readonly kind: "tried"; readonly attempts: number; readonly wakeAt: number }
  | { readonly kind: "blocking" };

/** An event that was taken out, and has no owner until one of the two is called. */
export interface Withdrawal {
  /** It is gone. */
  commit(): void;
  /** It waits again, where it was as far as that is possible. */
  undo(): void;
}

/** With more conversations ready than this, newcomers have turns of their own: one in so many. */
const LONG_BACKLOG = 64;
const NEWCOMERS_TURN = 4;

/** Settled ids are cut off a queue when there are this many of them and they are half of it. */
const COMPACT_FROM = 64;

/** An empty backlog. No call takes longer when more is inside, but for the logarithm of the heaps. */
export function createBacklog(): Backlog {
  const conversations = new Map<string, Conversation>();
  /** Those that had an event before the one that is next. */
  const ready = createHeap<Conversation>((conversation) => conversation.head);
  /** Those that have just come, in that order. */
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

  /** Turns a conversation to the event behind its head. */
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
    // No worker leases it while it is taken out.
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

/** Whether the event still waits for its turn: not on lease, not settled. @param id one that the conversation had */
export function stillWaits(conversation: Conversation, id: number): boolean {
  const { head, isLeased, isBlocked: isHeld } = conversation;
  return id > head || (id === head && !isLeased && !isHeld);
}

/** The events behind the head that come next. @param count @default all */
export function following(
  { later, laterFrom }: Conversation,
  count: number = Number.POSITIVE_INFINITY,
): readonly number[] {
  return later?.slice(laterFrom, laterFrom + count) ?? [];
}

/** @returns whether it was there */
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
