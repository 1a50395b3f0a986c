import type { AttemptFailure, Settlement } from "../../core/contract/inbox";
import type { Notice } from "../../core/contract/notice";
import { clampDelay } from "../../core/util/clamp-delay";
import type { StoreClient } from "./store-client";
import type {
  AddColumns,
  ChangeWrite,
  ClaimWrite,
  Group,
  GroupAnswer,
  RareOutcome,
  RecordWrite,
} from "./thread-protocol";

/** A notice to store. */
export interface Addition {
  readonly notice: Notice;
  /** The notice as JSON. */
  readonly json: string;
  readonly receivedAt: number;
}

/** A journal entry to write. */
export interface Note {
  readonly id: number;
  readonly place: string;
  /** JSON. */
  readonly entry: string;
  /** Fingerprint of the message that the call posted, if it posted one. */
  readonly fingerprint?: number | undefined;
  readonly at: number;
}

/** A settlement to write. */
export interface SettlementWrite {
  readonly id: number;
  /** Number of attempts, this one included. */
  readonly attempts: number;
  readonly settlement: Settlement;
  readonly at: number;
  /** JSON. */
  readonly trace: string | undefined;
  readonly records: readonly RecordWrite[];
  /** Whether the event may have journal entries. */
  readonly isJournaled: boolean;
  /** The separate conversation that the event moves to, if this settlement takes its place away. */
  readonly movesTo?: string | undefined;
}

/** Exactly one of these is called for each settlement. */
export interface SettlementCallbacks {
  kept(): void;
  /** Nothing of the settlement was written, because these records had changed. */
  conflict(keys: readonly string[]): void;
  failed(error: unknown): void;
}

/** Writes in groups: many writes, one transaction, one sync. */
export interface GroupCommit {
  /** @param onKept receives the new id, or 0 for a duplicate. The calls keep their order */
  add(addition: Addition, onKept: (id: number) => void, onFailed: (error: unknown) => void): void;
  note(note: Note, onKept: () => void, onFailed: (error: unknown) => void): void;
  /** @param onKept receives the keys of records that had changed; if there are any, nothing was written */
  change(
    change: ChangeWrite,
    onKept: (conflicts: readonly string[]) => void,
    onFailed: (error: unknown) => void,
  ): void;
  /** @param onKept receives the index of the message that now belongs to the call, or -1 */
  claim(claim: ClaimWrite, onKept: (index: number) => void, onFailed: (error: unknown) => void): void;
  settle(ending: SettlementWrite, settled: SettlementCallbacks): void;
  /** Resolves when all writes are done. */
  drained(): Promise<void>;
}

/**
 * Creates the writer. The writes that arrive during one group form the next group, so groups grow with the latency of the
 * disk, and no write waits for a timer.
 *
 * @param afterEach called after the callbacks of each group, with the error if the group was not written
 */
export function createGroupCommit(
  thread: Pick<StoreClient, "call">,
  afterEach: (error?: unknown) => void,
): GroupCommit {
  let pending = createPendingGroup();
  let spare = createPendingGroup();
  let isBusy = false;
  let onDrained: (() => void)[] = [];

  function schedule(): void {
    if (isBusy) return;
    isBusy = true;
    setImmediate(writeNext);
  }

  /** Runs after the ready sockets were read, so that their events share the group. */
  async function writeNext(): Promise<void> {
    const filled = pending;
    pending = spare;
    let failure: unknown;
    try {
      filled.kept(await thread.call("group", filled.toGroup()));
    } catch (error) {
      failure = error;
      filled.failed(error);
    }
    filled.clear();
    spare = filled;
    afterEach(failure);
    if (pending.size > 0) {
      setImmediate(writeNext);
      return;
    }
    isBusy = false;
    for (const resolve of onDrained) resolve();
    onDrained = [];
  }

  return {
    add(addition, onKept, onFailed) {
      pending.add(addition, onKept, onFailed);
      schedule();
    },
    note(note, onKept, onFailed) {
      pending.note(note, onKept, onFailed);
      schedule();
    },
    change(change, onKept, onFailed) {
      pending.change(change, onKept, onFailed);
      schedule();
    },
    claim(claim, onKept, onFailed) {
      pending.claim(claim, onKept, onFailed);
      schedule();
    },
    settle(ending, settled) {
      pending.settle(ending, settled);
      schedule();
    },
    drained: () => (isBusy ? new Promise((resolve) => onDrained.push(resolve)) : Promise.resolve()),
  };
}

/** A group that is still being filled, with its callbacks. */
interface PendingGroup extends Pick<GroupCommit, "add" | "note" | "change" | "claim" | "settle"> {
  readonly size: number;
  toGroup(): Group;
  kept(answer: GroupAnswer): void;
  failed(error: unknown): void;
  /**
   * Empties the group for reuse. New arrays for each group would move to the old generation of the heap and keep each
   * notice alive until the next full garbage collection.
   */
  clear(): void;
}

function createPendingGroup(): PendingGroup {
  const adds: AddColumns = {
    keys: [],
    conversations: [],
    notices: [],
    receivedAt: [],
    repeatableAfterMs: [],
  };
  const notes: Group["notes"] = { ids: [], places: [], entries: [] };
  const traces: Group["traces"] = { ids: [], attempts: [], at: [], steps: [] };
  const sent: Group["sent"] = { fingerprints: [], at: [] };
  const group: Group = {
    adds,
    notes,
    sent,
    changes: [],
    claims: [],
    handled: [],
    journaled: [],
    traces,
    rare: [],
  };
  /** Notes of events that this group does not settle as handled. The other notes need not be written. */
  const noted = new Map<number, Note[]>();
  const onAdded: ((id: number) => void)[] = [];
  const onNoted: (() => void)[] = [];
  const onChanged: ((conflicts: readonly string[]) => void)[] = [];
  const onClaimed: ((index: number) => void)[] = [];
  const onSettled: { readonly id: number; readonly settled: SettlementCallbacks }[] = [];
  const onFailed: ((error: unknown) => void)[] = [];

  return {
    get size() {
      return onFailed.length;
    },
    toGroup() {
      for (const { id, place, entry } of [...noted.values()].flat()) {
        notes.ids.push(id);
        notes.places.push(place);
        notes.entries.push(entry);
      }
      return group;
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
    note(note, whenKept, whenFailed) {
      const list = noted.get(note.id);
      if (list === undefined) noted.set(note.id, [note]);
      else list.push(note);
      if (note.fingerprint !== undefined) {
        sent.fingerprints.push(note.fingerprint);
        sent.at.push(note.at);
      }
      onNoted.push(whenKept);
      onFailed.push(whenFailed);
    },
    change(change, whenKept, whenFailed) {
      group.changes.push(change);
      onChanged.push(whenKept);
      onFailed.push(whenFailed);
    },
    claim(claim, whenKept, whenFailed) {
      group.claims.push(claim);
      onClaimed.push(whenKept);
      onFailed.push(whenFailed);
    },
    settle(ending, settled) {
      const { id, settlement, trace, records } = ending;
      // Without records it has no conflict of its own: it is written with the group, or nothing of the group is.
      if (settlement.kind === "handled" && records.length === 0) {
        noted.delete(id);
        group.handled.push(id);
        if (ending.isJournaled) group.journaled.push(id);
        if (trace !== undefined) {
          traces.ids.push(id);
          traces.attempts.push(ending.attempts);
          traces.at.push(ending.at);
          traces.steps.push(trace);
        }
      } else {
        group.rare.push({
          id,
          attempt: ending.attempts,
          at: ending.at,
          outcome: toOutcome(ending),
          trace,
          records,
          isJournaled: ending.isJournaled || noted.has(id),
        });
      }
      onSettled.push({ id, settled });
      onFailed.push(settled.failed);
    },
    kept({ added, conflicts, changed, claimed }) {
      const unsettled = new Map(conflicts.map(({ id, keys }) => [id, keys]));
      for (const tell of onNoted) tell();
      onChanged.forEach((tell, index) => {
        tell(changed[index] ?? []);
      });
      onClaimed.forEach((tell, index) => {
        tell(claimed[index] ?? -1);
      });
      for (const { id, settled } of onSettled) {
        const keys = unsettled.get(id);
        if (keys === undefined) settled.kept();
        else settled.conflict(keys);
      }
      onAdded.forEach((tell, index) => {
        tell(added[index] ?? 0);
      });
    },
    failed(error) {
      for (const tell of onFailed) tell(error);
    },
    clear() {
      for (const columns of [adds, notes, sent, traces])
        for (const column of Object.values(columns)) column.length = 0;
      for (const list of [group.handled, group.journaled, group.rare, group.changes, group.claims])
        list.length = 0;
      for (const list of [onAdded, onNoted, onChanged, onClaimed, onSettled, onFailed]) list.length = 0;
      noted.clear();
    },
  };
}

function toOutcome({ attempts, settlement, at, movesTo }: SettlementWrite): RareOutcome {
  switch (settlement.kind) {
    case "handled":
    case "dropped":
    case "released":
      return settlement;
    case "retry": {
      const waitMs = clampDelay(settlement.afterMs);
      return {
        kind: "retry",
        attempts,
        dueAt: at + waitMs,
        waitMs,
        ...toColumns(settlement.error),
        movesTo: movesTo ?? null,
      };
    }
    case "dead": {
      const holds = settlement.holds === true;
      return { kind: "dead", attempts, ...toColumns(settlement.error), diedAt: at, holds };
    }
    default:
      return settlement satisfies never;
  }
}

/** The code has a column of its own because dead letters are listed by code. */
function toColumns(error: AttemptFailure): { readonly code: string; readonly failure: string } {
  return { code: error.code, failure: JSON.stringify(error) };
}
