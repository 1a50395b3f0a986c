import type { BlockedBefore } from "../../core/inbox";
import type { JsonValue, Notice } from "../../core/notice";

/** What a lease is made of, besides its conversation. */
export interface Payload {
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
export interface Payloads {
  has(id: number): boolean;
  /** Keeps it, if there is room. */
  keep(id: number, payload: Payload): void;
  /** Keeps what was read because it is needed next; has room of its own. */
  keepAhead(id: number, payload: Payload): void;
  /** Takes it out. */
  pull(id: number): Payload | undefined;
}

export interface PayloadLimits {
  readonly count: number;
  readonly bytes: number;
  /** What is read ahead may exceed both by so much. */
  readonly aheadCount: number;
  readonly aheadBytes: number;
}

/** Nothing is ever driven out: what is inside leaves when its turn comes. */
export function createPayloads(limits: PayloadLimits): Payloads {
  const kept = new Map<number, Payload>();
  let bytes = 0;

  function keepWithin(count: number, maxBytes: number, id: number, payload: Payload): void {
    if (kept.has(id) || kept.size >= count || bytes + payload.size > maxBytes) return;
    kept.set(id, payload);
    bytes += payload.size;
  }

  return {
    has: (id) => kept.has(id),
    keep: (id, payload) => keepWithin(limits.count, limits.bytes, id, payload),
    keepAhead: (id, payload) =>
      keepWithin(limits.count + limits.aheadCount, limits.bytes + limits.aheadBytes, id, payload),
    pull(id) {
      const payload = kept.get(id);
      if (payload === undefined) return undefined;
      kept.delete(id);
      bytes -= payload.size;
      return payload;
    },
  };
}
