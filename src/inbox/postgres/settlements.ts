import { InboxError } from "../../core/errors";
import type { Settlement } from "../../core/inbox";
import { wholeWait } from "../../core/whole-wait";
import type { Database, Statements } from "./database";
import type { Engine, Held, Turn } from "./engine";

/** A lease to be ended. */
export interface Ending {
  readonly held: Held;
  /** The event's, as digits. */
  readonly id: string;
  /** Attempts made, this one included. */
  readonly attempts: number;
  readonly settlement: Settlement;
  readonly at: number;
}

/** Whether the conversation has more to do at once; an error concerns this lease alone. */
export type Ended = { readonly hasMore: boolean } | Error;

interface Parts {
  readonly database: Database;
  readonly engine: Engine;
}

/**
 * Writes a group of settlements: what becomes of the events, and the next turn of each conversation.
 *
 * @param isSecondTry the group may have been written before, and the answer lost
 * @throws whatever the database throws when nothing of the group was written, or nobody knows
 */
export async function writeSettlements(
  group: readonly Ending[],
  parts: Parts,
  isSecondTry: boolean,
): Promise<readonly Ended[]> {
  try {
    const hasMore = await parts.database.transact(conversationsOf(group), (transaction) =>
      settleAll(group, transaction, parts.engine),
    );
    return group.map(({ held }) => ({ hasMore: hasMore.has(held.conversation) }));
  } catch (error) {
    if (!(error instanceof NotHeldError)) throw error;
    if (group.length > 1) return oneByOne(group, parts, isSecondTry);
    const [ending] = group;
    const isDone = isSecondTry && ending !== undefined && (await isNoted(ending, parts.database));
    return [isDone ? { hasMore: true } : leaseLost()];
  }
}

/** Some of the group are not held any more, and pg-boss does not say which. */
async function oneByOne(
  group: readonly Ending[],
  parts: Parts,
  isSecondTry: boolean,
): Promise<readonly Ended[]> {
  const results: Ended[] = [];
  for (const ending of group) results.push(...(await writeSettlements([ending], parts, isSecondTry)));
  return results;
}

/** @returns the conversations that have more to do at once */
async function settleAll(
  group: readonly Ending[],
  transaction: Statements,
  engine: Engine,
): Promise<ReadonlySet<string>> {
  const held = group.map((ending) => ending.held);
  if (!(await engine.end(held, transaction))) throw new NotHeldError();
  await transaction.query(SETTLE, [
    group.map(({ id }) => id),
    group.map(({ settlement }) => settlement.kind),
    group.map(({ attempts }) => attempts),
    group.map(({ settlement }) => (settlement.kind === "dead" ? settlement.error.code : null)),
    group.map(({ settlement }) => toWords(settlement)),
    group.map(({ at }) => at),
  ]);
  const turns = new Map<string, Turn>();
  for (const { settlement, held } of group) {
    if (settlement.kind !== "retry") continue;
    turns.set(held.conversation, { conversation: held.conversation, afterMs: wholeWait(settlement.afterMs) });
  }
  const finished = conversationsOf(group).filter((conversation) => !turns.has(conversation));
  const more = await transaction.query<{ conversation: string }>(WITH_MORE, [finished]);
  for (const { conversation } of more) turns.set(conversation, { conversation });
  await engine.insert([...turns.values()], transaction);
  return new Set(more.map(({ conversation }) => conversation));
}

/** Whether what a settlement says has become of the event, by whomever. */
async function isNoted({ id, attempts }: Ending, database: Database): Promise<boolean> {
  const waits = await database.query("SELECT 1 FROM bellhop.waiting WHERE id = $1 AND attempts < $2", [
    id,
    attempts,
  ]);
  return waits.length === 0;
}

const SETTLE = `
  WITH ended AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[])
      AS ended (id, kind, attempts, code, words, at)
  ), finished AS (
    DELETE FROM bellhop.waiting USING ended
    WHERE waiting.id = ended.id AND ended.kind <> 'retry'
    RETURNING waiting.*
  ), buried AS (
    INSERT INTO bellhop.dead (id, conversation, received_at, died_at, attempts, code, message, notice)
    SELECT ended.id, finished.conversation, finished.received_at, ended.at, ended.attempts, ended.code,
      ended.words, finished.notice
    FROM finished JOIN ended USING (id) WHERE ended.kind = 'dead'
  ), dropped AS (
    UPDATE bellhop.events SET dropped_because = ended.words
    FROM ended WHERE events.id = ended.id AND ended.kind = 'dropped'
  )
  UPDATE bellhop.waiting SET attempts = ended.attempts
  FROM ended WHERE waiting.id = ended.id AND ended.kind = 'retry'`;

// A statement of its own: within the one before, what it deletes is still to be seen.
const WITH_MORE = `
  SELECT name AS conversation FROM unnest($1::text[]) AS given (name)
  WHERE EXISTS (SELECT 1 FROM bellhop.waiting WHERE waiting.conversation = given.name)`;

function conversationsOf(group: readonly Ending[]): string[] {
  return group.map(({ held }) => held.conversation);
}

// PostgreSQL keeps no NUL in a text.
function toWords(settlement: Settlement): string | null {
  if (settlement.kind === "dropped") return settlement.reason.replaceAll("\0", "");
  return settlement.kind === "dead" ? settlement.error.message.replaceAll("\0", "") : null;
}

/** Undoes the transaction in which it is thrown. */
class NotHeldError extends Error {
  override readonly name = "NotHeldError";
}

function leaseLost(): InboxError {
  return new InboxError(
    "inbox-failed",
    "inbox in PostgreSQL: the lease was lost, because this process was not heard of for too long; the event is handed out again",
  );
}
