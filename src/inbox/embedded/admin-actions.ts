import { EventLeasedError, InboxError } from "../../core/contract/errors";
import type { Backlog, Withdrawal } from "./backlog";
import type { BacklogLoader } from "./backlog-loader";
import { formatId } from "./event-ids";
import type { StoreClient } from "./store-client";
import type { FoundEvent, Replayed } from "./thread-protocol";

/** Changes of single events, in the process that uses the file. */
export interface AdminActions {
  /** @returns the new id of the dead letter; `undefined` if it does not exist */
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
  /** Called when a dead letter waits again. */
  readonly onReplayed: (id: number) => void;
  /** Called when a waiting event was discarded. */
  readonly onDiscarded: (id: number) => void;
  /** Called when an event may have become ready. */
  readonly onMore: () => void;
}

/** Number of attempts to find an event that changes its state at the same time. */
const TRIES = 5;

export function createAdminActions({
  thread,
  backlog,
  loader,
  onReplayed,
  onDiscarded,
  onMore,
}: AdminActionParts): AdminActions {
  /** Applies a replay to the backlog. */
  function applyReplay(done: Replayed): void {
    const holding = backlog.blockedBy(done.was);
    onReplayed(done.id);
    if (holding !== undefined) backlog.unblockConversation(holding);
    // A blocking dead letter that is not in memory yet is read with its page.
    else if (done.id !== done.was) loader.added(done.id, done.conversation);
  }

  /**
   * Finds an event and changes it in memory in the same turn of the event loop.
   * @param act @returns `"absent"` if the event is not in the backlog
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
    throw new InboxError(
      "inbox-failed",
      `event ${formatId(id)} changed repeatedly during the command. Run the command again`,
    );
  }

  function takeOut(id: number, { state, conversation }: FoundEvent): Withdrawal | "leased" | "absent" {
    if (state === "dead") return takeOutDead(id);
    const taken = backlog.withdraw(id, conversation);
    // An event that is not in memory yet is not leased.
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
