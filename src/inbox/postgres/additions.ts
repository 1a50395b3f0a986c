import type { AddOutcome } from "../../core/contract/inbox";
import type { Notice } from "../../core/contract/notice";
import type { Database, Statements } from "./database";
import { isUnwritable, toInboxError } from "./postgres-errors";
import type { TurnQueue } from "./turn-queue";

/** A notice to store. */
export interface Addition {
  readonly notice: Notice;
  /** The notice as JSON. */
  readonly json: string;
  readonly receivedAt: number;
}

/** The result of an addition. An error concerns only this one. */
export type AdditionResult = AddOutcome | Error;

/**
 * Writes a group of notices: a row for each new key, and a turn for each conversation.
 * @throws InboxError if nothing of the group was written
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
    // The database refuses one of them: write each alone.
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

/** Frees the keys of events that are old enough. No platform uses the new keys. */
const GIVE_UP_KEYS = `
  UPDATE bellhop.events AS earlier
  SET key = earlier.key || chr(31) || earlier.id
  FROM unnest($1::text[], $2::bigint[]) AS given (key, before)
  WHERE earlier.key = given.key AND earlier.received_at < given.before`;

/** Adds the new notices in order, and returns their positions. Of several with one key, the first is added. */
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
