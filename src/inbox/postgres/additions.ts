import type { AddOutcome } from "../../core/inbox";
import type { Notice } from "../../core/notice";
import type { Database, Statements } from "./database";
import { isUnwritable, toInboxError } from "./postgres-errors";
import type { TurnQueue } from "./turn-queue";

/** A notice to be added, as it will be kept. */
export interface Addition {
  readonly notice: Notice;
  /** The notice as JSON. */
  readonly json: string;
  readonly receivedAt: number;
}

/** What became of an addition; an error concerns this one alone. */
export type AdditionResult = AddOutcome | Error;

/**
 * Writes a group of notices: a row for each key that is new, and a turn for each conversation.
 * @throws InboxError when nothing of the group was written
 */
export async function writeAdditions(
  group: readonly Addition[],
  { database, turnQueue }: { readonly database: Database; readonly turnQueue: TurnQueue },
): Promise<readonly AdditionResult[]> {
  try {
    return await database.transact(
      group.map(({ notice }) => notice.conversation),
      (transaction) => addAll(group, transaction, turnQueue),
    );
  } catch (error) {
    if (!isUnwritable(error)) throw toInboxError("writing", error);
    if (group.length === 1) return [toInboxError("writing", error)];
    // One of them fits no column or index; the others must not suffer for it.
    const outcomes: AdditionResult[] = [];
    for (const one of group) outcomes.push(...(await writeAdditions([one], { database, turnQueue })));
    return outcomes;
  }
}

async function addAll(
  group: readonly Addition[],
  transaction: Statements,
  turnQueue: TurnQueue,
): Promise<readonly AddOutcome[]> {
  const repeatable = group.filter(({ notice }) => notice.repeatableAfterMs !== undefined);
  if (repeatable.length > 0) {
    await transaction.query(GIVE_UP_KEYS, [
      repeatable.map(({ notice }) => notice.key),
      repeatable.map(({ notice, receivedAt }) => receivedAt - (notice.repeatableAfterMs ?? 0)),
    ]);
  }
  const fresh = await transaction.query<{ place: number }>(ADD, [
    group.map(({ notice }) => notice.key),
    group.map(({ notice }) => notice.conversation),
    group.map(({ json }) => json),
    group.map(({ receivedAt }) => receivedAt),
  ]);
  const added = new Set(fresh.map(({ place }) => place - 1));
  const conversations = new Set(
    group.filter((_, index) => added.has(index)).map(({ notice }) => notice.conversation),
  );
  await turnQueue.insert(
    [...conversations].map((conversation) => ({ conversation })),
    transaction,
  );
  return group.map((_, index) => (added.has(index) ? "added" : "duplicate"));
}

/** Takes the keys from events that are old enough; what they are renamed to is no platform's key. */
const GIVE_UP_KEYS = `
  UPDATE bellhop.events AS earlier
  SET key = earlier.key || chr(31) || earlier.id
  FROM unnest($1::text[], $2::bigint[]) AS given (key, before)
  WHERE earlier.key = given.key AND earlier.received_at < given.before`;

/** Adds what is new, in order, and answers which those were; the first one counts of those that share a key. */
const ADD = `
  WITH given AS (
    SELECT DISTINCT ON (key) *
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
      WITH ORDINALITY AS given (key, conversation, notice, received_at, place)
    ORDER BY key, place
  ), fresh AS (
    INSERT INTO bellhop.events (key, received_at)
    SELECT key, received_at FROM given ORDER BY place
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
  ), kept AS (
    INSERT INTO bellhop.waiting (id, conversation, received_at, notice)
    SELECT fresh.id, given.conversation, given.received_at, given.notice
    FROM fresh JOIN given USING (key)
  )
  SELECT given.place::int AS place FROM fresh JOIN given USING (key)`;
