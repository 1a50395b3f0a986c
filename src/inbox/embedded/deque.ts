/** A queue that gives from either end, in constant time. */
export interface Deque<T> {
  readonly size: number;
  push(item: T): void;
  /** The first, left inside. */
  peek(): T | undefined;
  shift(): T | undefined;
  pop(): T | undefined;
  /** Takes out an item, in time linear in the size. @returns whether it was inside */
  remove(item: T): boolean;
  /** Up to `count` of the first ones. */
  front(count: number): readonly T[];
}

/** Taken items are cut off when there are this many of them and they are half of all. */
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
