import type { BlockedBefore } from "../../core/inbox";
import type { JsonValue, Notice } from "../../core/notice";

/** What a lease is made of, besides its conversation. */
export interface CachedEvent {
  readonly notice: Notice;
  /** Length of the notice as JSON. */
  readonly size: number;
  readonly receivedAt: number;
  /** Attempts that began and were never settled. Absent: none. */
  readonly crashCount?: number | undefined;
  /** Times that it blocked the process. Absent: none. */
  readonly blocked?: BlockedBefore | undefined;
  /** When it failed first, in milliseconds since 1970. Absent: it has not. */
  readonly failingSince?: number | undefined;
  /** It has lost its place in its conversation. */
  readonly isAside?: boolean | undefined;
  /** What was noted so far, on disk or not. Absent: nothing. */
  readonly journal?: Map<string, JsonValue> | undefined;
}

/** The notices that are in memory while they wait; those that find no room are read from the file in time. */
export interface NoticeCache {
  has(id: number): boolean;
  /** Keeps it, if there is room. */
  add(id: number, event: CachedEvent): void;
  /** Keeps what was read because it is needed next; has room of its own. */
  addAhead(id: number, event: CachedEvent): void;
  /** Takes it out. */
  take(id: number): CachedEvent | undefined;
}

export interface NoticeCacheLimits {
  readonly count: number;
  readonly bytes: number;
  /** What is read ahead may exceed both by so much. */
  readonly aheadCount: number;
  readonly aheadBytes: number;
}

/** Nothing is ever driven out: what is inside leaves when its turn comes. */
export function createNoticeCache(limits: NoticeCacheLimits): NoticeCache {
  const cached = new Map<number, CachedEvent>();
  let bytes = 0;

  function addWithin(count: number, maxBytes: number, id: number, event: CachedEvent): void {
    if (cached.has(id) || cached.size >= count || bytes + event.size > maxBytes) return;
    cached.set(id, event);
    bytes += event.size;
  }

  return {
    has: (id) => cached.has(id),
    add: (id, event) => addWithin(limits.count, limits.bytes, id, event),
    addAhead: (id, event) =>
      addWithin(limits.count + limits.aheadCount, limits.bytes + limits.aheadBytes, id, event),
    take(id) {
      const event = cached.get(id);
      if (event === undefined) return undefined;
      cached.delete(id);
      bytes -= event.size;
      return event;
    },
  };
}
