import type { Database, Statements } from "./database";
import type { TurnQueue } from "./turn-queue";

/** Conversations of one statement. */
const PAGE = 1_000;

/**
 * Adds a turn for each conversation that has waiting events but no turn, for example after a restore without the tables of
 * pg-boss.
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

// Jumps from name to name in the index, independent of the number of events.
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
 * Makes all later retries due within `spreadMs`, because the start may have fixed the cause of the failures.
 * @param now by the clock of the due times
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
      // The event may have been leased or settled since.
      if (await turnQueue.move({ conversation, afterMs }, transaction))
        await transaction.query(SET_DUE, [id, now + afterMs, conversation]);
    });
  }
}

const LATE_RETRIES = "SELECT id, conversation FROM bellhop.waiting WHERE due_at > $1 ORDER BY due_at";
const SET_DUE = "UPDATE bellhop.waiting SET due_at = $2 WHERE id = $1 AND conversation = $3 AND due_at > $2";
