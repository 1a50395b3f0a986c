import { reached } from "../../core/fault-points";
import type { InboxCounts } from "../../core/inbox";
import type { Database } from "./sqlite";

/** What is counted along, because counting reads whole tables. */
export interface Totals extends InboxCounts {
  readonly lastId: number;
}

/** Totals while a transaction changes them. */
export type NextTotals = { -readonly [K in keyof Totals]: Totals[K] };

/** All of `work` or nothing; `work` changes the copy of the totals that it is given. */
export type Transact = <T>(work: (next: NextTotals) => T) => T;

/** Transactions, and the totals that they keep. */
export function openTotals(db: Database): { totals(): Totals; transact: Transact } {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const keep = db.prepare("UPDATE totals SET last_id = ?, waiting = ?, dead = ?, remembered = ?");
  let totals = read();

  function read(): Totals {
    const row = db.prepare<Totals>("SELECT last_id AS lastId, waiting, dead, remembered FROM totals").get();
    if (row === undefined) throw new Error("its table of totals is empty");
    return row;
  }

  function transact<T>(work: (next: NextTotals) => T): T {
    const next = { ...totals };
    begin.run();
    reached("inbox.group-begun");
    try {
      const result = work(next);
      keep.run(next.lastId, next.waiting, next.dead, next.remembered);
      reached("inbox.group-written");
      commit.run();
      reached("inbox.group-committed");
      totals = next;
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  function rollBack(): void {
    try {
      db.exec("ROLLBACK");
    } catch {
      // A full disk has already ended the transaction; there is nothing left to undo.
    }
  }

  return { totals: () => totals, transact };
}
