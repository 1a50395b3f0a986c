import type { Database, Statements } from "./database";
import type { TurnQueue } from "./turn-queue";

/** Result of a change. `undefined`: the event was not found. */
export type ChangeOutcome = "changed" | "leased" | undefined;

/**
 * Makes a dead letter wait again. A new id puts it behind the waiting events of its conversation. A blocking dead letter
 * keeps its id and its place.
 * @returns its new id, as digits; `undefined` if it does not exist
 */
export async function replayDead(
  database: Database,
  turnQueue: TurnQueue,
  id: string,
): Promise<string | undefined> {
  return withDead(database, id, async ({ conversation, holds }, transaction) => {
    const [revived] = await transaction.query<{ id: string }>(holds ? REQUEUE_IN_PLACE : REQUEUE, [id]);
    // Another process replayed or discarded it first.
    if (revived === undefined) return undefined;
    if (revived.id !== id)
      for (const table of ["journal", "traces"])
        await transaction.query(`UPDATE bellhop.${table} SET event = $1 WHERE event = $2`, [revived.id, id]);
    await turnQueue.insert([{ conversation }], transaction);
    return revived.id;
  });
}

/**
 * Makes the retry of a waiting event due. An event behind the head of its conversation keeps its place.
 * @returns `undefined` if the event does not wait; `"leased"` if it is leased, and nothing was changed
 */
export async function makeDue(database: Database, turnQueue: TurnQueue, id: string): Promise<ChangeOutcome> {
  return withWaiting(database, id, async ({ conversation, isHead }, transaction) => {
    if (!isHead) return "changed";
    if (!(await turnQueue.move({ conversation }, transaction))) return "leased";
    await transaction.query("UPDATE bellhop.waiting SET due_at = 0 WHERE id = $1", [id]);
    return "changed";
  });
}

/**
 * Discards a dead letter or a waiting event.
 * @returns `undefined` if it is neither; `"leased"` if it is leased, and nothing was changed
 */
export async function discardEvent(
  database: Database,
  turnQueue: TurnQueue,
  id: string,
  reason: string,
): Promise<ChangeOutcome> {
  return (
    (await discardDead(database, turnQueue, id, reason)) ??
    (await discardWaiting(database, turnQueue, id, reason))
  );
}

async function discardWaiting(
  database: Database,
  turnQueue: TurnQueue,
  id: string,
  reason: string,
): Promise<ChangeOutcome> {
  return withWaiting(database, id, async ({ conversation, isHead }, transaction) => {
    // The next event must not wait for the retry of the discarded head. A turn without an event ends by itself.
    if (isHead && !(await turnQueue.move({ conversation }, transaction))) return "leased";
    await transaction.query(DISCARD_WAITING, [id, reason.replaceAll("\0", "")]);
    await transaction.query("DELETE FROM bellhop.journal WHERE event = $1", [id]);
    return "changed";
  });
}

async function discardDead(
  database: Database,
  turnQueue: TurnQueue,
  id: string,
  reason: string,
): Promise<ChangeOutcome> {
  return withDead(database, id, async ({ conversation }, transaction) => {
    const gone = await transaction.query(DISCARD, [id, reason.replaceAll("\0", "")]);
    if (gone.length === 0) return undefined;
    await transaction.query("DELETE FROM bellhop.journal WHERE event = $1", [id]);
    // It may have blocked its conversation. A turn without an event ends by itself.
    await turnQueue.insert([{ conversation }], transaction);
    return "changed";
  });
}

interface Waiting {
  /** Its conversation; the separate one if the event has lost its place. */
  readonly conversation: string;
  /** Whether it is the oldest of its conversation, and no dead letter blocks the conversation. */
  readonly isHead: boolean;
}

/** Number of attempts to find an event that changes its conversation at the same time. */
const TRIES = 5;

/** Changes a waiting event with its conversation locked. */
async function withWaiting<T>(
  database: Database,
  id: string,
  work: (waiting: Waiting, transaction: Statements) => Promise<T>,
): Promise<T | "leased" | undefined> {
  for (let tried = 0; tried < TRIES; tried++) {
    const [found] = await database.query<Waiting>(FIND_WAITING, [id]);
    if (found === undefined) return undefined;
    const done = await database.transact([found.conversation], async (transaction) => {
      const [waiting] = await transaction.query<Waiting>(FIND_WAITING, [id]);
      return waiting?.conversation === found.conversation
        ? { result: await work(waiting, transaction) }
        : undefined;
    });
    if (done !== undefined) return done.result;
  }
  return "leased";
}

const FIND_WAITING = `
  SELECT conversation, NOT EXISTS (
    SELECT 1 FROM bellhop.waiting AS older
    WHERE older.conversation = waiting.conversation AND older.id < waiting.id
  ) AND NOT EXISTS (
    SELECT 1 FROM bellhop.dead WHERE dead.holds AND dead.conversation = waiting.conversation
  ) AS "isHead"
  FROM bellhop.waiting WHERE id = $1`;

interface DeadLetter {
  readonly conversation: string;
  readonly holds: boolean;
}

async function withDead<T>(
  database: Database,
  id: string,
  work: (dead: DeadLetter, transaction: Statements) => Promise<T | undefined>,
): Promise<T | undefined> {
  const [dead] = await database.query<DeadLetter>(
    "SELECT conversation, holds FROM bellhop.dead WHERE id = $1",
    [id],
  );
  if (dead === undefined) return undefined;
  return database.transact([dead.conversation], (transaction) => work(dead, transaction));
}

const REQUEUE = `
  WITH letter AS (
    DELETE FROM bellhop.dead WHERE id = $1 RETURNING *
  ), renumbered AS (
    UPDATE bellhop.events SET id = DEFAULT WHERE id IN (SELECT id FROM letter) RETURNING id
  )
  INSERT INTO bellhop.waiting (id, conversation, received_at, notice)
  SELECT renumbered.id, letter.conversation, letter.received_at, letter.notice FROM letter, renumbered
  RETURNING id`;

const REQUEUE_IN_PLACE = `
  WITH letter AS (DELETE FROM bellhop.dead WHERE id = $1 RETURNING *)
  INSERT INTO bellhop.waiting (id, conversation, received_at, notice)
  SELECT id, conversation, received_at, notice FROM letter RETURNING id`;

const DISCARD = `
  WITH letter AS (DELETE FROM bellhop.dead WHERE id = $1 RETURNING id)
  UPDATE bellhop.events SET discarded_because = $2 FROM letter WHERE events.id = letter.id RETURNING events.id`;

const DISCARD_WAITING = `
  WITH gone AS (DELETE FROM bellhop.waiting WHERE id = $1 RETURNING id)
  UPDATE bellhop.events SET discarded_because = $2 FROM gone WHERE events.id = gone.id`;
