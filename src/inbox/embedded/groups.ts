import type { Settlement } from "../../core/inbox";
import type { Notice } from "../../core/notice";
import { wholeWait } from "../../core/whole-wait";
import type { Thread } from "./thread";
import type { AddColumns, Group, RareSettlement } from "./wire";

/** A notice to be added, as it will be kept. */
export interface Addition {
  readonly notice: Notice;
  /** The notice as JSON. */
  readonly json: string;
  readonly receivedAt: number;
}

/** A lease to be ended. */
export interface Ending {
  readonly id: number;
  /** Attempts made, this one included. */
  readonly attempts: number;
  readonly settlement: Settlement;
  readonly at: number;
}

/** Writes what is added and settled in groups. */
export interface Groups {
  /** @param onKept is given the new id, 0 for a duplicate; called in the order of the calls */
  add(addition: Addition, onKept: (id: number) => void, onFailed: (error: unknown) => void): void;
  settle(ending: Ending, onKept: () => void, onFailed: (error: unknown) => void): void;
  /** Resolves when nothing is waiting to be written. */
  drained(): Promise<void>;
}

/**
 * Everything that came while the last group was being written is the next one: one message to the thread, one
 * transaction, one sync. The slower the disk, the larger the groups; nobody waits for a timer.
 *
 * @param afterEach called after the callbacks of each group
 */
export function createGroups(thread: Pick<Thread, "call">, afterEach: () => void): Groups {
  let filling = createFilling();
  let spare = createFilling();
  let isBusy = false;
  let onDrained: (() => void)[] = [];

  function schedule(): void {
    if (isBusy) return;
    isBusy = true;
    // After the sockets that are ready at this instant have been read: they share the first group.
    setImmediate(writeAll);
  }

  async function writeAll(): Promise<void> {
    while (filling.size > 0) {
      const filled = filling;
      filling = spare;
      try {
        filled.kept(await thread.call("group", filled.group));
      } catch (error) {
        filled.failed(error);
      }
      filled.clear();
      spare = filled;
      afterEach();
    }
    isBusy = false;
    for (const resolve of onDrained) resolve();
    onDrained = [];
  }

  return {
    add(addition, onKept, onFailed) {
      filling.add(addition, onKept, onFailed);
      schedule();
    },
    settle(ending, onKept, onFailed) {
      filling.settle(ending, onKept, onFailed);
      schedule();
    },
    drained: () => (isBusy ? new Promise((resolve) => onDrained.push(resolve)) : Promise.resolve()),
  };
}

/** A group that is still being filled, and whom to tell. */
interface Filling {
  readonly group: Group;
  readonly size: number;
  add: Groups["add"];
  settle: Groups["settle"];
  kept(ids: readonly number[]): void;
  failed(error: unknown): void;
  /**
   * Empties it for the next use. A new one each time would soon be made among the old objects of the heap, where it
   * keeps each notice alive, though nobody uses either, until all of the heap is looked through.
   */
  clear(): void;
}

function createFilling(): Filling {
  const adds: AddColumns = {
    keys: [],
    conversations: [],
    notices: [],
    receivedAt: [],
    repeatableAfterMs: [],
  };
  const group: Group = { adds, handled: [], rare: [] };
  const onAdded: ((id: number) => void)[] = [];
  const onSettled: (() => void)[] = [];
  const onFailed: ((error: unknown) => void)[] = [];

  return {
    group,
    get size() {
      return onFailed.length;
    },
    add({ notice, json, receivedAt }, whenKept, whenFailed) {
      adds.keys.push(notice.key);
      adds.conversations.push(notice.conversation);
      adds.notices.push(json);
      adds.receivedAt.push(receivedAt);
      adds.repeatableAfterMs.push(notice.repeatableAfterMs ?? null);
      onAdded.push(whenKept);
      onFailed.push(whenFailed);
    },
    settle(ending, whenKept, whenFailed) {
      if (ending.settlement.kind === "handled") group.handled.push(ending.id);
      else group.rare.push(toRare(ending, ending.settlement));
      onSettled.push(whenKept);
      onFailed.push(whenFailed);
    },
    kept(ids) {
      for (const tell of onSettled) tell();
      onAdded.forEach((tell, index) => {
        tell(ids[index] ?? 0);
      });
    },
    failed(error) {
      for (const tell of onFailed) tell(error);
    },
    clear() {
      for (const column of Object.values(adds)) column.length = 0;
      for (const list of [group.handled, group.rare, onAdded, onSettled, onFailed]) list.length = 0;
    },
  };
}

function toRare(
  { id, attempts, at }: Ending,
  settlement: Exclude<Settlement, { kind: "handled" }>,
): RareSettlement {
  switch (settlement.kind) {
    case "dropped":
      return { kind: "dropped", id, reason: settlement.reason };
    case "retry": {
      const waitMs = wholeWait(settlement.afterMs);
      return { kind: "retry", id, attempts, dueAt: at + waitMs, waitMs };
    }
    case "dead":
      return { kind: "dead", id, attempts, ...settlement.error, diedAt: at };
    default:
      return settlement satisfies never;
  }
}
