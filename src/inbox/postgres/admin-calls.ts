import { EventLeasedError } from "../../core/contract/errors";
import type { InboxAdmin } from "../../core/contract/inbox";
import { type ChangeOutcome, discardEvent, makeDue, replayDead } from "./admin-writes";
import type { Database } from "./database";
import { formatId, parseId } from "./event-ids";
import { readCounts, readEvent, readList } from "./queries";
import type { TurnQueue } from "./turn-queue";

/** Changes no row, and fails if writing would fail: read-only server, missing right, unreachable server. */
const DELETE_NOTHING = "DELETE FROM bellhop.records WHERE key IS NULL";

/**
 * Creates the operator's calls, for the inbox and for the admin.
 *
 * @param ask runs a query; rejects once the inbox is closed, and describes errors
 * @param onMore called when a conversation may have a ready event
 */
export function createAdminCalls(
  { database, turnQueue }: { readonly database: Database; readonly turnQueue: TurnQueue },
  ask: <T>(doing: string, question: () => Promise<T>) => Promise<T>,
  onMore: () => void,
): Omit<InboxAdmin, "close"> {
  return {
    counts: () => ask("counting", () => readCounts(database)),
    check: () => ask("checking that it can be written", () => database.query(DELETE_NOTHING).then(() => {})),
    list: (filter = {}) => ask("listing events", () => readList(database, filter)),
    show: (text) =>
      ask("reading an event", async () => {
        const id = parseId(text);
        return id === undefined ? undefined : readEvent(database, id);
      }),
    replay: (text) =>
      ask("replaying", async () => {
        const id = parseId(text);
        const newId = id === undefined ? undefined : await replayDead(database, turnQueue, id);
        if (newId === undefined) return undefined;
        onMore();
        return formatId(newId);
      }),
    retry: (text) => change("making a retry due", text, (id) => makeDue(database, turnQueue, id)),
    discard: (text, reason) =>
      change("discarding", text, (id) => discardEvent(database, turnQueue, id, reason)),
  };

  async function change(
    doing: string,
    text: string,
    work: (id: string) => Promise<ChangeOutcome>,
  ): Promise<boolean> {
    const id = parseId(text);
    const changed = await ask(doing, async () => (id === undefined ? undefined : work(id)));
    if (id !== undefined && changed === "leased") throw new EventLeasedError(formatId(id));
    if (changed === "changed") onMore();
    return changed === "changed";
  }
}
