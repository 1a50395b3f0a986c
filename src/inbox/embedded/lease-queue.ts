import type { Lease } from "../../core/inbox";
import type { JsonValue, Notice } from "../../core/notice";
import { type Backlog, type Conversation, following, stillWaits } from "./backlog";
import type { CachedEvent, NoticeCache } from "./notice-cache";
import type { Quarantine } from "./quarantine";
import type { StoreClient } from "./store-client";
import type { StoredNotice } from "./thread-protocol";

/** Those who wait for something to do. */
export interface LeaseQueue {
  take(max: number, signal: AbortSignal): Promise<readonly Lease[]>;
  /** Hands out what is ready; to be called whenever something may have become so. */
  dispatchReady(): void;
  /** Refuses those who wait, and all who come later. */
  refuse(error: Error): void;
}

export interface LeaseQueueParts {
  readonly backlog: Backlog;
  readonly cache: NoticeCache;
  readonly thread: Pick<StoreClient, "call">;
  /** Makes the lease of a conversation's head. */
  readonly toLease: (conversation: Conversation, event: CachedEvent) => Lease;
  /** The event is not in the file any more, though nobody settled it. */
  readonly onMissing: (conversation: Conversation) => void;
  /** Whether a process may have died in the middle of it, so that its next attempt is noted before it begins. */
  readonly isRecovered: (id: number) => boolean;
  readonly quarantine: Quarantine;
  /** Whether nothing is to be handed out, because nothing could be settled. */
  readonly isPaused: () => boolean;
}

interface LeaseRequest {
  readonly max: number;
  readonly signal: AbortSignal;
  resolve(leases: readonly Lease[]): void;
  reject(error: unknown): void;
  /** Leaves the queue with nothing. */
  cancel(): void;
}

/** Conversations whose next event is read along, once one has to be read anyway. */
const READ_AHEAD = 256;
/** Events of one and the same conversation that are read along. */
const READ_AHEAD_WITHIN = 8;

/** Gives each request, first come first served, the oldest events that are ready. */
export function createLeaseQueue(parts: LeaseQueueParts): LeaseQueue {
  const { backlog, cache, thread } = parts;
  const waiting = new Set<LeaseRequest>();
  let closedWith: Error | undefined;

  function dispatchReady(): void {
    if (parts.isPaused()) return;
    for (const request of waiting) {
      if (!backlog.hasReady) return;
      leaveQueue(request);
      fillRequest(request);
    }
  }

  function joinQueue(request: LeaseRequest): void {
    waiting.add(request);
    request.signal.addEventListener("abort", request.cancel);
  }

  function leaveQueue(request: LeaseRequest): void {
    waiting.delete(request);
    request.signal.removeEventListener("abort", request.cancel);
  }

  function fillRequest(request: LeaseRequest): void {
    const conversations: Conversation[] = [];
    let missing = 0;
    while (conversations.length < request.max) {
      const conversation = backlog.lease();
      if (conversation === undefined) break;
      conversations.push(conversation);
      if (!cache.has(conversation.head) || parts.isRecovered(conversation.head)) missing++;
    }
    if (missing === 0) resolveRequest(request, conversations, NOTHING_READ);
    else void readAndFill(request, conversations);
  }

  function resolveRequest(
    request: LeaseRequest,
    conversations: readonly Conversation[],
    read: ReadonlyMap<number, CachedEvent>,
  ): void {
    const leases: Lease[] = [];
    for (const conversation of conversations) {
      const event = cache.take(conversation.head) ?? read.get(conversation.head);
      if (event === undefined) parts.onMissing(conversation);
      else leases.push(parts.toLease(conversation, event));
    }
    if (leases.length > 0) request.resolve(leases);
    else joinQueue(request);
  }

  /** Never rejects: what goes wrong is told to the request. */
  async function readAndFill(request: LeaseRequest, conversations: readonly Conversation[]): Promise<void> {
    let held = conversations;
    try {
      const read = await readHeads(conversations);
      if (closedWith !== undefined) {
        request.reject(closedWith);
      } else if (request.signal.aborted) {
        for (const conversation of conversations) backlog.release(conversation);
        request.resolve([]);
      } else {
        const recovered = conversations.filter(({ head }) => parts.isRecovered(head));
        const setAside = new Set(recovered.filter((conversation) => !admit(conversation, read)));
        held = conversations.filter((conversation) => !setAside.has(conversation));
        await mark(recovered.filter((conversation) => !setAside.has(conversation)));
        resolveRequest(request, held, read);
      }
    } catch (error) {
      for (const conversation of held) {
        for (const freed of parts.quarantine.release(conversation)) backlog.release(freed);
        backlog.release(conversation);
      }
      request.reject(error);
    }
    dispatchReady();
  }

  /** An event in the middle of which a process may have died. @returns whether it may be handed out now */
  function admit(conversation: Conversation, read: Map<number, CachedEvent>): boolean {
    const event = cache.take(conversation.head) ?? read.get(conversation.head);
    if (event === undefined) return true;
    const crashCount = (event.crashCount ?? 0) + 1;
    const isAdmitted = parts.quarantine.admit(conversation, crashCount);
    if (isAdmitted) read.set(conversation.head, { ...event, crashCount });
    return isAdmitted;
  }

  /** Notes that attempts are about to begin, for whoever comes after a process that dies in the middle of them. */
  async function mark(conversations: readonly Conversation[]): Promise<void> {
    if (conversations.length > 0) await thread.call("mark", { ids: conversations.map(({ head }) => head) });
  }

  /** Reads the heads that are not in memory, and keeps what will be needed next. */
  async function readHeads(conversations: readonly Conversation[]): Promise<Map<number, CachedEvent>> {
    const heads = conversations.map(({ head }) => head).filter((id) => !cache.has(id));
    const ahead = idsAhead(conversations);
    const rows = await thread.call("read", { ids: [...heads, ...ahead.keys()] });
    const read = new Map<number, CachedEvent>();
    for (const row of rows) {
      const conversation = ahead.get(row.id);
      if (conversation === undefined) read.set(row.id, toPayload(row));
      else if (stillWaits(conversation, row.id)) cache.addAhead(row.id, toPayload(row));
    }
    return read;
  }

  function idsAhead(leased: readonly Conversation[]): Map<number, Conversation> {
    const ids = new Map<number, Conversation>();
    for (const conversation of backlog.next(READ_AHEAD)) {
      if (!cache.has(conversation.head)) ids.set(conversation.head, conversation);
    }
    for (const conversation of leased) {
      for (const id of following(conversation, READ_AHEAD_WITHIN)) {
        if (ids.size < READ_AHEAD && !cache.has(id)) ids.set(id, conversation);
      }
    }
    return ids;
  }

  return {
    take(max, signal) {
      if (closedWith !== undefined) return Promise.reject(closedWith);
      if (signal.aborted) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const request: LeaseRequest = {
          max,
          signal,
          resolve,
          reject,
          cancel() {
            leaveQueue(request);
            resolve([]);
          },
        };
        // Those who wait come first; without any, and with something to do, there is no need to queue.
        if (waiting.size === 0 && backlog.hasReady && !parts.isPaused()) fillRequest(request);
        else joinQueue(request);
      });
    },
    dispatchReady: dispatchReady,
    refuse(error) {
      closedWith = error;
      for (const request of waiting) {
        leaveQueue(request);
        request.reject(error);
      }
    },
  };
}

const NOTHING_READ: ReadonlyMap<number, CachedEvent> = new Map();

function toPayload(stored: StoredNotice): CachedEvent {
  const { notice, receivedAt, crashCount, blockedTimes, blockedWhere, journal } = stored;
  const { failingSince, isAside } = stored;
  return {
    // Asserted, as below: it is what we were given, written by ourselves.
    notice: JSON.parse(notice) as Notice,
    size: notice.length,
    receivedAt,
    crashCount,
    blocked: blockedTimes > 0 ? { times: blockedTimes, where: blockedWhere ?? "" } : undefined,
    failingSince: failingSince === 0 ? undefined : failingSince,
    isAside: isAside === 1,
    journal:
      journal.length === 0
        ? undefined
        : new Map(journal.map(([place, entry]) => [place, JSON.parse(entry) as JsonValue])),
  };
}
