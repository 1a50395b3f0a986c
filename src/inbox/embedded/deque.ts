/** A double-ended queue. Both ends take constant time. */
export interface Deque<T> {
  readonly size: number;
  push(item: T): void;
  /** @returns the first item, without removing it */
  peek(): T | undefined;
  shift(): T | undefined;
  pop(): T | undefined;
  /** Removes an item in linear time. @returns whether it was in the queue */
  remove(item: T): boolean;
  /** @returns at most `count` of the first items */
  front(count: number): readonly T[];
}

/** Least number of removed items before the array is compacted, once they are half of it. */
const COMPACT_FROM = 64;

export function createDeque<T>(): Deque<T> {
  let items: T[] = [];
  let from = 0;

  function compact(): void {
    if (from === items.length) items = [];
    else if (from < COMPACT_FROM || 2 * from < items.length) return;
    else items = items.slice(from);
    from = 0;
  }

  return {
    get size() {
      return items.length - from;
    },
    push(item) {
      items.push(item);
    },
    peek: () => items[from],
    shift() {
      const first = items[from];
      if (from < items.length) from++;
      compact();
      return first;
    },
    pop() {
      const last = from < items.length ? items.pop() : undefined;
      compact();
      return last;
    },
    remove(item) {
      const at = items.indexOf(item, from);
      if (at === -1) return false;
      items.splice(at, 1);
      compact();
      return true;
    },
    front: (count) => items.slice(from, from + count),
  };
}
