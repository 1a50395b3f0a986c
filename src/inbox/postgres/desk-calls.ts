import type { InboxDesk } from "../../core/inbox";
import type { Database } from "./database";
import type { Engine } from "./engine";
import { formatId, parseId } from "./ids";
import { discardDead, replayDead } from "./letters";
import { readCounts, readEvent, readList } from "./reading";

/** Writes nothing, and is refused where writing is: read-only, without the right to, a server that is away. */
const DELETE_NOTHING = "DELETE FROM bellhop.records WHERE key IS NULL";

/**
 * What an operator does, for the inbox and for the desk.
 *
 * @param ask refuses once it is closed, and says what went wrong
 * @param onMore called when a conversation may have something to do
 */
export function createDeskCalls(
  { database, engine }: { readonly database: Database; readonly engine: Engine },
  ask: <T>(doing: string, question: () => Promise<T>) => Promise<T>,
  onMore: () => void,
): Omit<InboxDesk, "close"> {
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
        const newId = id === undefined ? undefined : await replayDead(database, engine, id);
        if (newId === undefined) return undefined;
        onMore();
        return formatId(newId);
      }),
    discard: (text, reason) =>
      ask("discarding", async () => {
        const id = parseId(text);
        if (id === undefined || !(await discardDead(database, engine, id, reason))) return false;
        onMore();
        return true;
      }),
  };
}
