import type { Lease } from "../../core/contract/inbox";
import type { JsonValue, Notice } from "../../core/contract/notice";
import { type Backlog, type Conversation, following, stillWaits } from "./backlog";
import type { CachedEvent, NoticeCache } from "./notice-cache";
import type { Quarantine } from "./quarantine";
import type { StoreClient } from "./store-client";
import type { StoredNotice } from "./thread-protocol";

/** The waiting `take` calls. */
export interface LeaseQueue {
  take(max: number, signal: AbortSignal): Promise<readonly Lease[]>;
  /** Resolves waiting calls with ready events. Call it when an event may have become ready. */
  dispatchReady(): void;
  /** Rejects all waiting and later calls. */
  refuse(error: Error): void;
}

export interface LeaseQueueParts {
  readonly backlog: Backlog;
  readonly cache: NoticeCache;
  readonly thread: Pick<StoreClient, "call">;
  /** Creates the lease of a conversation's head. */
  readonly toLease: (conversation: Conversation, event: CachedEvent) => Lease;
  /** Called for an event that is missing from the file although it was not settled. */
  readonly onMissing: (conversation: Conversation) => void;
  /** Whether a process may have crashed while it handled the event. Then its crash count rises before the next attempt. */
  readonly isRecovered: (id: number) => boolean;
  readonly quarantine: Quarantine;
  /** Whether no event may be leased, because no settlement could be written. */
  readonly isPaused: () => boolean;
}

interface LeaseRequest {
  readonly max: number;
  readonly signal: AbortSignal;
  resolve(leases: readonly Lease[]): void;
  reject(error: unknown): void;
  /** Removes the call from the queue and resolves it with an empty list. */
  cancel(): void;
}

/** Most events that one read fetches ahead. */
const READ_AHEAD = 256;
/** Most events of one conversation that one read fetches ahead. */
const READ_AHEAD_WITHIN = 8;

/** Creates the queue. It serves the calls in their order, each with the oldest ready events. */
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

  /** Never rejects: an error rejects the waiting call. */
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

  /** Asks the quarantine about an event that may have crashed a process. @returns whether it may be leased now */
  function admit(conversation: Conversation, read: Map<number, CachedEvent>): boolean {
    const event = cache.take(conversation.head) ?? read.get(conversation.head);
    if (event === undefined) return true;
    const crashCount = (event.crashCount ?? 0) + 1;
    const isAdmitted = parts.quarantine.admit(conversation, crashCount);
    if (isAdmitted) read.set(conversation.head, { ...event, crashCount });
    return isAdmitted;
  }

  /** Raises the crash counts in the file before the attempts start. A settlement resets them. */
  async function mark(conversations: readonly Conversation[]): Promise<void> {
    if (conversations.length > 0) await thread.call("mark", { ids: conversations.map(({ head }) => head) });
  }

  /** Reads the heads that are not in the cache, and caches the events that come next. */
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
        // Waiting calls come first.
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
    // Asserted, as below: the inbox wrote it.
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
