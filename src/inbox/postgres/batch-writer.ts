/** Writes items in groups. */
export interface BatchWriter<Item, Result> {
  /** Writes an item. @returns its result */
  add(item: Item): Promise<Result>;
  /** Resolves when all items are written. */
  drained(): Promise<void>;
}

/**
 * Creates a writer. The items that arrive during one group form the next group, so groups grow with the latency of the
 * database, and no item waits for a timer.
 *
 * @param write returns one result for each item, or rejects for all of them
 * @param max most items of one group
 */
export function createBatchWriter<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
  max: number,
): BatchWriter<Item, Result> {
  const waiting: { item: Item; resolve(result: Result): void; reject(error: unknown): void }[] = [];
  let isBusy = false;
  let onDrained: (() => void)[] = [];

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.splice(0, max);
      try {
        const results = await write(group.map(({ item }) => item));
        for (const [index, { resolve }] of group.entries()) {
          resolve(results[index] as Result); // one for each item, as `write` promises
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isBusy = false;
    for (const resolve of onDrained) resolve();
    onDrained = [];
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (isBusy) return;
        isBusy = true;
        // Runs after the ready sockets were read, so that their events share the group.
        setImmediate(writeAll);
      }),
    drained: () => (isBusy ? new Promise((resolve) => onDrained.push(resolve)) : Promise.resolve()),
  };
}
