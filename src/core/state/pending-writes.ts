import type { Settlement } from "../contract/inbox";
import type { RecordChange } from "../contract/records";

/**
 * What an attempt changes in the records, kept until it is settled: written in the settlement's transaction, or not at
 * all when the process dies before.
 */
export class PendingWrites {
  readonly #changes: { readonly when: WriteCondition; readonly change: RecordChange }[] = [];

  /** Keeps a change for when the attempt has ended so; of two for the same key, the later one counts. */
  add(when: WriteCondition, change: RecordChange): void {
    this.#changes.push({ when, change });
  }

  /** What is to be written together with a settlement. */
  for({ kind }: Settlement): readonly RecordChange[] {
    const byKey = new Map<string, RecordChange>();
    for (const { when, change } of this.#changes)
      if (OCCASIONS[kind].includes(when)) byKey.set(change.key, change);
    return [...byKey.values()];
  }
}

/**
 * - `handled`: the event has been seen through; also when it was dropped.
 * - `given-up`: it is a dead letter.
 * - `always`: however it ended, because it says what the platform has now. Not when the event goes back untried: then the
 *   attempt that follows says it.
 */
export type WriteCondition = "handled" | "given-up" | "always";

const OCCASIONS: Readonly<Record<Settlement["kind"], readonly WriteCondition[]>> = {
  handled: ["handled", "always"],
  dropped: ["handled", "always"],
  retry: ["always"],
  dead: ["given-up", "always"],
  released: [],
};
