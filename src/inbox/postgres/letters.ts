import type { Database, Statements } from "./database";
import type { Engine } from "./engine";

/**
 * Gives a dead letter a new id, which is a new place: behind what its conversation has waiting. One that holds its
 * conversation has kept its place.
 * @returns the id from now on, as digits; `undefined` when there is none
 */
export async function replayDead(
  database: Database,
  engine: Engine,
  id: string,
): Promise<string | undefined> {
  return withLetter(database, id, async ({ conversation, holds }, transaction) => {
    const [revived] = await transaction.query<{ id: string }>(holds ? REVIVE_IN_PLACE : REVIVE, [id]);
    // Somebody else was faster.
    if (revived === undefined) return undefined;
    if (revived.id !== id)
      for (const table of ["journal", "traces"])
        await transaction.query(`UPDATE bellhop.${table} SET event = $1 WHERE event = $2`, [revived.id, id]);
    await engine.insert([{ conversation }], transaction);
    return revived.id;
  });
}

/** Gives up a dead letter for good. @returns `undefined` when there is none */
export async function discardDead(
  database: Database,
  engine: Engine,
  id: string,
  reason: string,
): Promise<true | undefined> {
  return withLetter(database, id, async ({ conversation }, transaction) => {
    const gone = await transaction.query(DISCARD, [id, reason.replaceAll("\0", "")]);
    if (gone.length === 0) return undefined;
    await transaction.query("DELETE FROM bellhop.journal WHERE event = $1", [id]);
    // It may have held its conversation; one with nothing to do gives its turn back by itself.
    await engine.insert([{ conversation }], transaction);
    return true;
  });
}

interface Letter {
  readonly conversation: string;
  readonly holds: boolean;
}

async function withLetter<T>(
  database: Database,
  id: string,
  work: (letter: Letter, transaction: Statements) => Promise<T | undefined>,
): Promise<T | undefined> {
  const [letter] = await database.query<Letter>(
    "SELECT conversation, holds FROM bellhop.dead WHERE id = $1",
    [id],
  );
  if (letter === undefined) return undefined;
  return database.transact([letter.conversation], (transaction) => work(letter, transaction));
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

const REVIVE_IN_PLACE = `
  WITH letter AS (DELETE FROM bellhop.dead WHERE id = $1 RETURNING *)
  INSERT INTO bellhop.waiting (id, conversation, received_at, notice)
  SELECT id, conversation, received_at, notice FROM letter RETURNING id`;

const DISCARD = `
  WITH letter AS (DELETE FROM bellhop.dead WHERE id = $1 RETURNING id)
  UPDATE bellhop.events SET discarded_because = $2 FROM letter WHERE events.id = letter.id RETURNING events.id`;
