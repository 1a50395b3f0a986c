import type { DeadLetter, InboxCounts } from "../../core/inbox";
import type { Notice } from "../../core/notice";
import type { Database, Statements } from "./database";
import type { Engine } from "./engine";
import { formatId } from "./ids";

// 64-bit numbers come as digits.
interface DeadRow {
  readonly id: string;
  readonly notice: string;
  readonly attempts: number;
  readonly code: string;
  readonly message: string;
  readonly received_at: string;
  readonly died_at: string;
}

/** Newest first. */
export async function readDead(database: Statements, limit: number): Promise<readonly DeadLetter[]> {
  const rows = await database.query<DeadRow>(
    `SELECT id, notice, attempts, code, message, received_at, died_at FROM bellhop.dead
     ORDER BY died_at DESC, id DESC LIMIT $1`,
    [limit],
  );
  return rows.map(({ id, notice, attempts, code, message, received_at, died_at }) => ({
    id: formatId(id),
    // Asserted: it is what `add` was given, written by ourselves.
    notice: JSON.parse(notice) as Notice,
    attempts,
    error: { code, message },
    receivedAt: Number(received_at),
    diedAt: Number(died_at),
  }));
}

/** Gives a dead letter a new id, which is a new place: behind what its conversation has waiting. @returns `false` when there is none */
export async function replayDead(database: Database, engine: Engine, id: string): Promise<boolean> {
  const [letter] = await database.query<{ conversation: string }>(
    "SELECT conversation FROM bellhop.dead WHERE id = $1",
    [id],
  );
  if (letter === undefined) return false;
  return database.transact([letter.conversation], async (transaction) => {
    const revived = await transaction.query(REVIVE, [id]);
    // Somebody else was faster.
    if (revived.length === 0) return false;
    await engine.insert([letter], transaction);
    return true;
  });
}

const REVIVE = `
  WITH letter AS (
    DELETE FROM bellhop.dead WHERE id = $1 RETURNING *
  ), renumbered AS (
    UPDATE bellhop.events SET id = DEFAULT WHERE id IN (SELECT id FROM letter) RETURNING id
  )
  INSERT INTO bellhop.waiting (id, conversation, received_at, notice)
  SELECT renumbered.id, letter.conversation, letter.received_at, letter.notice FROM letter, renumbered
  RETURNING id`;

/** Counts what is there: exact, and linear in what is remembered. */
export async function readCounts(database: Statements): Promise<InboxCounts> {
  const [row] = await database.query<{ waiting: string; dead: string; events: string }>(
    `SELECT (SELECT count(*) FROM bellhop.waiting) AS waiting, (SELECT count(*) FROM bellhop.dead) AS dead,
       (SELECT count(*) FROM bellhop.events) AS events`,
  );
  const [waiting, dead, events] = [Number(row?.waiting), Number(row?.dead), Number(row?.events)];
  return { waiting, dead, remembered: events - waiting - dead };
}
