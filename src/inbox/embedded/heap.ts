/** A binary heap. `push` and `pop` take logarithmic time. */
export interface Heap<T> {
  readonly size: number;
  push(item: T): void;
  /** @returns the least item, without removing it */
  peek(): T | undefined;
  pop(): T | undefined;
  /** Removes an item in linear time. @returns whether it was in the heap */
  remove(item: T): boolean;
  /** @returns at most `count` items near the top, not sorted */
  front(count: number): readonly T[];
}

/** @param rank must not change while an item is inside */
export function createHeap<T>(rank: (item: T) => number): Heap<T> {
  // Each item's rank is no less than that of its parent at (index - 1) / 2.
  const items: T[] = [];

  function rise(item: T): void {
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || rank(parent) <= rank(item)) break;
      items[index] = parent;
      index = above;
    }
    items[index] = item;
  }

  function sink(item: T): void {
    let index = 0;
    for (;;) {
      const below = smallerChild(index);
      const child = items[below];
      if (child === undefined || rank(child) >= rank(item)) break;
      items[index] = child;
      index = below;
    }
    items[index] = item;
  }

  function smallerChild(index: number): number {
    const left = items[2 * index + 1];
    const right = items[2 * index + 2];
    return left !== undefined && right !== undefined && rank(right) < rank(left)
      ? 2 * index + 2
      : 2 * index + 1;
  }

  return {
    get size() {
      return items.length;
    },
    push: rise,
    peek: () => items[0],
    pop() {
      const least = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) sink(last);
      return least;
    },
    remove(item) {
      const at = items.indexOf(item);
      if (at === -1) return false;
      const after = items.splice(at);
      for (const other of after.slice(1)) rise(other);
      return true;
    },
    front: (count) => items.slice(0, count),
  };
}
