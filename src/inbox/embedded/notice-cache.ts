import type { BlockedBefore } from "../../core/contract/inbox";
import type { JsonValue, Notice } from "../../core/contract/notice";

/** The data of a lease, except its conversation. */
export interface CachedEvent {
  readonly notice: Notice;
  /** Length of the notice as JSON. */
  readonly size: number;
  readonly receivedAt: number;
  /** How often the process may have crashed while it handled the event. @default 0 */
  readonly crashCount?: number | undefined;
  /** Times that it blocked the process. `undefined`: it never did. */
  readonly blocked?: BlockedBefore | undefined;
  /** Time of its first failure, in milliseconds since 1970. `undefined`: it has not failed. */
  readonly failingSince?: number | undefined;
  /** Whether it has lost its place in its conversation. */
  readonly isAside?: boolean | undefined;
  /** Its journal, entries that are not on disk yet included. `undefined`: empty. */
  readonly journal?: Map<string, JsonValue> | undefined;
}

/** Notices of waiting events in memory. The others are read from the file when they are leased. */
export interface NoticeCache {
  has(id: number): boolean;
  /** Adds an event if there is room. */
  add(id: number, event: CachedEvent): void;
  /** Adds an event that is leased soon. Its limit is higher than that of `add`. */
  addAhead(id: number, event: CachedEvent): void;
  /** Removes an event. @returns `undefined` if it is not in the cache */
  take(id: number): CachedEvent | undefined;
}

export interface NoticeCacheLimits {
  readonly count: number;
  readonly bytes: number;
  /** `addAhead` may exceed `count` and `bytes` by this much. */
  readonly aheadCount: number;
  readonly aheadBytes: number;
}

/** Creates the cache. It never evicts: an event leaves when it is leased. */
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
