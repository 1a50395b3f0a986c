/** Values that are kept for a while, the latest so many. */
export interface Kept<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

export interface KeptOptions {
  /** When there are more, those not asked for the longest go first. */
  readonly maxEntries: number;
  /** In milliseconds, from when it was set. */
  readonly forMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createKept<Value>({ maxEntries, forMs, now }: KeptOptions): Kept<Value> {
  // A Map gives its keys out in the order they were set: the first is the one to go.
  const entries = new Map<string, { readonly value: Value; readonly until: number }>();
  // One iterator for good. What is set comes behind it, and what it has given out is gone; a new one would have to
  // step over everything that was deleted, which takes longer the more is kept.
  const oldest = entries.keys();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (entry.until <= now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: now() + forMs });
      if (entries.size <= maxEntries) return;
      const first = oldest.next();
      if (!first.done) entries.delete(first.value);
    },
    delete: (key) => void entries.delete(key),
  };
}
