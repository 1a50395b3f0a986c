import { EventLeasedError, InboxError } from "../../core/errors";
import type { Backlog, Withdrawal } from "./backlog";
import type { BacklogLoader } from "./backlog-loader";
import { formatId } from "./event-ids";
import type { StoreClient } from "./store-client";
import type { FoundEvent, Replayed } from "./thread-protocol";

/** What an operator does with one event, in the process that has the file. */
export interface AdminActions {
  /** @returns the dead letter's id from now on; `undefined` if there is no such dead letter */
  replay(id: number): Promise<number | undefined>;
  /** @returns `false` if no such event waits @throws EventLeasedError */
  retry(id: number): Promise<boolean>;
  /** @returns `false` if no such event waits or is dead @throws EventLeasedError */
  discard(id: number, reason: string): Promise<boolean>;
}

export interface AdminActionParts {
  readonly thread: Pick<StoreClient, "call">;
  readonly backlog: Backlog;
  readonly loader: Pick<BacklogLoader, "added" | "skip" | "isAhead">;
  /** What came of the event in the process before is known from now on. */
  readonly onReplayed: (id: number) => void;
  /** An event that waited is gone from the file. */
  readonly onDiscarded: (id: number) => void;
  /** Called when something may have become ready. */
  readonly onMore: () => void;
}

/** An event that is settled while it is looked for has moved on: it is looked for again, this often. */
const TRIES = 5;

export function createAdminActions({
  thread,
  backlog,
  loader,
  onReplayed,
  onDiscarded,
  onMore,
}: AdminActionParts): AdminActions {
  /** Replays and discards of dead letters, in memory. */
  function applyReplay(done: Replayed): void {
    const holding = backlog.blockedBy(done.was);
    onReplayed(done.id);
    if (holding !== undefined) backlog.unblockConversation(holding);
    // One that holds its conversation and is not in memory yet is read in its turn.
    else if (done.id !== done.was) loader.added(done.id, done.conversation);
  }

  /**
   * Finds an event, and does something with it in memory before anything else can happen to it.
   * @param act @returns `"absent"` if memory does not know the event there
   * @throws EventLeasedError
   */
  async function find<T extends object>(
    id: number,
    act: (found: FoundEvent) => T | "leased" | "absent",
  ): Promise<T | undefined> {
    for (let tried = 0; tried < TRIES; tried++) {
      const found = await thread.call("find", { id });
      if (found === undefined) return undefined;
      const done = act(found);
      if (done === "leased") throw new EventLeasedError(formatId(id));
      if (done !== "absent") return done;
    }
    throw new InboxError("inbox-failed", `event ${formatId(id)} is being changed again and again. Try again`);
  }

  function takeOut(id: number, { state, conversation }: FoundEvent): Withdrawal | "leased" | "absent" {
    if (state === "dead") return takeOutDead(id);
    const taken = backlog.withdraw(id, conversation);
    // What is not in memory yet is not leased either.
    const withdrawal = taken === "absent" ? (loader.skip(id) ?? "absent") : taken;
    if (typeof withdrawal === "string") return withdrawal;
    return {
      commit() {
        onDiscarded(id);
        withdrawal.commit();
      },
      undo: withdrawal.undo,
    };
  }

  function takeOutDead(id: number): Withdrawal {
    return {
      commit() {
        const holding = backlog.blockedBy(id);
        if (holding !== undefined) backlog.finish(holding);
      },
      undo() {},
    };
  }

  return {
    async replay(id) {
      const replayed = await thread.call("replay", { id });
      if (replayed === undefined) return undefined;
      applyReplay(replayed);
      onMore();
      return replayed.id;
    },
    async retry(id) {
      const found = await find(id, (event) => {
        const { state, conversation } = event;
        if (state === "dead") return { isDead: true };
        const due = backlog.makeDue(id, conversation);
        if (due === "absent" && !loader.isAhead(id)) return "absent";
        return due === "leased" ? "leased" : { isDead: false };
      });
      if (found === undefined || found.isDead) return false;
      await thread.call("makeDue", { id });
      onMore();
      return true;
    },
    async discard(id, reason) {
      const taken = await find(id, (found) => takeOut(id, found));
      if (taken === undefined) return false;
      try {
        const discarded = await thread.call("discard", { id, reason });
        taken.commit();
        return discarded !== undefined;
      } catch (error) {
        taken.undo();
        throw error;
      } finally {
        onMore();
      }
    },
  };
}
