import type { InboxCounts } from "../../core/contract/inbox";
import { failpoint } from "../../core/util/failpoints";
import type { Database } from "./sqlite";

/** Counts that each transaction updates, because `count(*)` reads whole tables. */
export interface Counters extends InboxCounts {
  readonly lastId: number;
}

/** Totals while a transaction changes them. */
export type NextCounters = { -readonly [K in keyof Counters]: Counters[K] };

/** All of `work` or nothing; `work` changes the copy of the counters that it is given. */
export type Transact = <T>(work: (next: NextCounters) => T) => T;

/** Opens the counters. @returns the current counters, and transactions that store them */
export function openCounters(db: Database): { counters(): Counters; transact: Transact } {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const write = db.prepare("UPDATE counters SET last_id = ?, waiting = ?, dead = ?, remembered = ?");
  let counters = read();

  function read(): Counters {
    const row = db
      .prepare<Counters>("SELECT last_id AS lastId, waiting, dead, remembered FROM counters")
      .get();
    if (row === undefined) throw new Error("the table counters is empty. Restore the file from a backup");
    return row;
  }

  function transact<T>(work: (next: NextCounters) => T): T {
    const next = { ...counters };
    begin.run();
    failpoint("inbox.group-begun");
    try {
      const result = work(next);
      write.run(next.lastId, next.waiting, next.dead, next.remembered);
      failpoint("inbox.group-written");
      commit.run();
      failpoint("inbox.group-committed");
      counters = next;
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
      // A full disk has already ended the transaction.
    }
  }

  return { counters: () => counters, transact };
}
