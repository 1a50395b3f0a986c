/** Writes what it is given in groups. */
export interface BatchWriter<Item, Result> {
  /** Resolves with what the group's writing answered for this item, in the order of the calls. */
  add(item: Item): Promise<Result>;
  /** Resolves when nothing is waiting to be written. */
  drained(): Promise<void>;
}

/**
 * Everything that came while the last group was being written is the next one: the slower the database, the larger
 * the groups; nobody waits for a timer.
 *
 * @param write answers one result for each item, or rejects for all of them
 * @param max items of one group
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
        // After the sockets that are ready at this instant have been read: they share the first group.
        setImmediate(writeAll);
      }),
    drained: () => (isBusy ? new Promise((resolve) => onDrained.push(resolve)) : Promise.resolve()),
  };
}
