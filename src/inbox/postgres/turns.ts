import type { Statements } from "./database";
import type { Engine } from "./engine";

/** Conversations made good in one statement. */
const PAGE = 1_000;

/**
 * Gives a turn to every conversation that has something to do; those that have one keep it. Needed after somebody
 * restored our tables without those of pg-boss, or emptied its queue.
 */
export async function makeTurnsGood(database: Statements, engine: Engine): Promise<void> {
  for (let after = ""; ; ) {
    const page = await database.query<{ conversation: string }>(WAITING, [after, PAGE]);
    await engine.insert(page, database);
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
