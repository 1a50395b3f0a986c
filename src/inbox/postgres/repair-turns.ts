import type { Database, Statements } from "./database";
import type { TurnQueue } from "./turn-queue";

/** Conversations made good in one statement. */
const PAGE = 1_000;

/**
 * Gives a turn to every conversation that has something to do; those that have one keep it. Needed after somebody
 * restored our tables without those of pg-boss, or emptied its queue.
 */
export async function repairTurns(database: Statements, turnQueue: TurnQueue): Promise<void> {
  for (let after = ""; ; ) {
    const page = await database.query<{ conversation: string }>(WAITING, [after, PAGE]);
    await turnQueue.insert(page, database);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.conversation;
  }
}

// Jumps from name to name in the index, however many events each conversation has.
const WAITING = `
  WITH RECURSIVE names AS (
    (SELECT conversation FROM bellhop.waiting WHERE conversation > $1 ORDER BY conversation LIMIT 1)
    UNION ALL
    SELECT (SELECT conversation FROM bellhop.waiting WHERE conversation > names.conversation
            ORDER BY conversation LIMIT 1)
    FROM names WHERE names.conversation IS NOT NULL
  )
  SELECT conversation FROM names WHERE conversation IS NOT NULL LIMIT $2`;

/**
 * Makes all retries due within `spreadMs`: whatever made the events fail may be repaired with this start. A retry that is
 * due sooner anyway stays as it is.
 * @param now by the clock that due times are written by
 */
export async function makeRetriesDue(
  { database, turnQueue }: { readonly database: Database; readonly turnQueue: TurnQueue },
  spreadMs: number,
  now: number,
): Promise<void> {
  const waiting = await database.query<{ id: string; conversation: string }>(LATE_RETRIES, [now + spreadMs]);
  for (const { id, conversation } of waiting) {
    const afterMs = Math.floor(Math.random() * spreadMs);
    await database.transact([conversation], async (transaction) => {
      // One that is being handled, or has moved, is not late any more.
      if (await turnQueue.move({ conversation, afterMs }, transaction))
        await transaction.query(SET_DUE, [id, now + afterMs, conversation]);
    });
  }
}

const LATE_RETRIES = "SELECT id, conversation FROM bellhop.waiting WHERE due_at > $1 ORDER BY due_at";
const SET_DUE = "UPDATE bellhop.waiting SET due_at = $2 WHERE id = $1 AND conversation = $3 AND due_at > $2";
