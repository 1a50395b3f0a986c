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
  /** When the head's retry is due, by the steady clock. */
  wakeAt: number;
}

/**
 * Which event is whose turn: ids and conversations of what waits, in memory; the notices are elsewhere.
 *
 *     (push) ──► ready ──lease──► leased ──finish──► ready with its next event, or gone
 *                  ▲ └────────────  │
 *                  └─wake─ sleeping ◄─sleep
 */
export interface Backlog {
  /** How many events are inside, on lease or not. */
  readonly size: number;
  readonly hasReady: boolean;
  /**
   * @param id greater than every id before
   * @param tried given for an event that has been tried and whose conversation has nothing older
   */
  push(id: number, conversation: string, tried?: { attempts: number; wakeAt: number }): void;
  /** The conversation with the oldest event of those that may be handled now. */
  lease(): Conversation | undefined;
  /** The head is settled; the conversation is free for its next event. */
  finish(conversation: Conversation): void;
  /** The lease ended without a word: the head is handed out again. */
  release(conversation: Conversation): void;
  /** The lease ended; the head waits until `wakeAt`. */
  sleep(conversation: Conversation, attempts: number, wakeAt: number): void;
  /** Frees the conversations that are due. @returns when the next one is */
  wake(now: number): number | undefined;
  /** Some of the conversations that are leased next. */
  next(count: number): readonly Conversation[];
}

/** Settled ids are cut off a queue when there are this many of them and they are half of it. */
const COMPACT_FROM = 64;

/** An empty backlog. No call takes longer when more is inside, but for the logarithm of the heaps. */
export function createBacklog(): Backlog {
  const conversations = new Map<string, Conversation>();
  const ready = createHeap<Conversation>((conversation) => conversation.head);
  const sleeping = createHeap<Conversation>((conversation) => conversation.wakeAt);
  let size = 0;

  function free(conversation: Conversation): void {
    conversation.isLeased = false;
    ready.push(conversation);
  }

  function setAside(conversation: Conversation, attempts: number, wakeAt: number): void {
    conversation.isLeased = false;
    conversation.attempts = attempts;
    conversation.wakeAt = wakeAt;
    sleeping.push(conversation);
  }

  return {
    get size() {
      return size;
    },
    get hasReady() {
      return ready.size > 0;
    },
    push(id, name, tried) {
      size++;
      const known = conversations.get(name);
      if (known !== undefined) {
        if (known.later === undefined) known.later = [id];
        else known.later.push(id);
        return;
      }
      const conversation = createConversation(name, id);
      conversations.set(name, conversation);
      if (tried === undefined) ready.push(conversation);
      else setAside(conversation, tried.attempts, tried.wakeAt);
    },
    lease() {
      const conversation = ready.pop();
      if (conversation !== undefined) conversation.isLeased = true;
      return conversation;
    },
    finish(conversation) {
      size--;
      conversation.attempts = 0;
      conversation.head = shiftLater(conversation);
      if (conversation.head === Number.POSITIVE_INFINITY) conversations.delete(conversation.name);
      else free(conversation);
    },
    release: free,
    sleep: setAside,
    wake(now) {
      let first = sleeping.peek();
      while (first !== undefined && first.wakeAt <= now) {
        sleeping.pop();
        ready.push(first);
        first = sleeping.peek();
      }
      return first?.wakeAt;
    },
    next: (count) => ready.front(count),
  };
}

/** Whether the event still waits for its turn: not on lease, not settled. @param id one that the conversation had */
export function stillWaits(conversation: Conversation, id: number): boolean {
  return id > conversation.head || (id === conversation.head && !conversation.isLeased);
}

/** The events behind the head that come next. */
export function following({ later, laterFrom }: Conversation, count: number): readonly number[] {
  return later?.slice(laterFrom, laterFrom + count) ?? [];
}

function createConversation(name: string, head: number): Conversation {
  return { name, head, later: undefined, laterFrom: 0, attempts: 0, isLeased: false, wakeAt: 0 };
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
