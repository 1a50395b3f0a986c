import { LeaseLostError, RecordConflictError } from "../../core/contract/errors";
import type { Settlement } from "../../core/contract/inbox";
import type { RecordChange } from "../../core/contract/records";
import { clampDelay } from "../../core/util/clamp-delay";
import type { Database, Statements } from "./database";
import { formatId } from "./event-ids";
import { insertNotes, type Note } from "./journal-writes";
import { isUnwritable, NotHeldError, toInboxError } from "./postgres-errors";
import { lockOf, writeRecords } from "./records";
import { addSent } from "./sent-table";
import type { TakenTurn, Turn, TurnQueue } from "./turn-queue";

/** A settlement to write. */
export interface SettlementWrite {
  readonly turn: TakenTurn;
  /** Id of the event, as digits. */
  readonly id: string;
  /** Number of attempts, this one included. */
  readonly attempts: number;
  readonly settlement: Settlement;
  /** The separate conversation that the event moves to, if this settlement takes its place away. */
  readonly movesTo?: string | undefined;
  readonly at: number;
  /** JSON. */
  readonly trace?: string | undefined;
  readonly records?: readonly RecordChange[] | undefined;
  /** Notes of the attempt that could not be written earlier. */
  readonly unwritten?: readonly Note[] | undefined;
}

/** Whether the conversation has another ready event. An error concerns only this lease. */
export type SettlementResult = { readonly hasMore: boolean } | Error;

interface Parts {
  readonly database: Database;
  readonly turnQueue: TurnQueue;
}

/**
 * Writes a group of settlements, and the next turn of each conversation.
 *
 * @param isSecondTry whether an earlier attempt may have written the group
 * @throws the error of the database if nothing of the group was written, or if the outcome is unknown
 */
export async function writeSettlements(
  group: readonly SettlementWrite[],
  parts: Parts,
  isSecondTry: boolean,
): Promise<readonly SettlementResult[]> {
  try {
    const { conflicts, more } = await parts.database.transact(locksOf(group), (transaction) =>
      settleAll(group, transaction, parts.turnQueue),
    );
    return group.map((ending) => conflicts.get(ending) ?? { hasMore: more.has(ending.turn.conversation) });
  } catch (error) {
    const isNotHeld = error instanceof NotHeldError;
    if (!isNotHeld && !isUnwritable(error)) throw error;
    if (group.length > 1) return oneByOne(group, parts, isSecondTry);
    if (!isNotHeld) return [toInboxError("settling", error)];
    const [ending] = group;
    const isDone = isSecondTry && ending !== undefined && (await isNoted(ending, parts.database));
    return [isDone ? { hasMore: true } : new LeaseLostError(formatId(ending?.id ?? ""))];
  }
}

/** Writes each settlement alone, to find those whose lease is lost or whose data the database refuses. */
async function oneByOne(
  group: readonly SettlementWrite[],
  parts: Parts,
  isSecondTry: boolean,
): Promise<readonly SettlementResult[]> {
  const results: SettlementResult[] = [];
  for (const ending of group) results.push(...(await writeSettlements([ending], parts, isSecondTry)));
  return results;
}

/** Result of a group: settlements with changed records, and conversations with another ready event. */
interface GroupResult {
  readonly conflicts: ReadonlyMap<SettlementWrite, RecordConflictError>;
  readonly more: ReadonlySet<string>;
}

async function settleAll(
  all: readonly SettlementWrite[],
  transaction: Statements,
  turnQueue: TurnQueue,
): Promise<GroupResult> {
  const conflicts = await changeRecords(all, transaction, turnQueue);
  const group = all.filter((ending) => !conflicts.has(ending));
  const held = group.map((ending) => ending.turn);
  if (held.length > 0 && !(await turnQueue.end(held, transaction))) throw new NotHeldError();
  const ids = group.map(({ id }) => id);
  const kinds = group.map(({ settlement }) => settlement.kind);
  await transaction.query(SETTLE, [
    ids,
    kinds,
    group.map(({ attempts }) => attempts),
    group.map(({ settlement }) => ("error" in settlement ? withoutNul(settlement.error.code) : null)),
    group.map(toWords),
    group.map(({ at }) => at),
    group.map(({ at, settlement }) =>
      settlement.kind === "retry" ? at + clampDelay(settlement.afterMs) : 0,
    ),
    group.map(({ settlement }) => settlement.kind === "dead" && settlement.holds === true),
    group.map(({ movesTo }) => movesTo),
  ]);
  // Before the journals of what has ended are dropped: what is retried must know its calls.
  const unwritten = group.flatMap((ending) => ending.unwritten ?? []);
  if (unwritten.length > 0) await insertNotes(unwritten, transaction);
  await transaction.query(DROP_JOURNALS, [ids, kinds]);
  const posted = unwritten.flatMap((note) => note.posted ?? []);
  await addSent(posted, group[0]?.at ?? 0, transaction);
  const traced = group.filter(({ trace }) => trace !== undefined);
  await transaction.query(KEEP_TRACES, [
    traced.map(({ id }) => id),
    traced.map(({ at }) => at),
    traced.map(({ attempts }) => attempts),
    traced.map(({ trace }) => trace),
  ]);
  const turns = new Map<string, Turn>();
  for (const { settlement, turn, movesTo } of group) {
    if (settlement.kind !== "retry") continue;
    const conversation = movesTo ?? turn.conversation;
    turns.set(conversation, { conversation, afterMs: clampDelay(settlement.afterMs) });
  }
  const finished = conversationsOf(group).filter((conversation) => !turns.has(conversation));
  const more = await transaction.query<{ conversation: string }>(WITH_MORE, [finished]);
  for (const { conversation } of more) turns.set(conversation, { conversation });
  await turnQueue.insert([...turns.values()], transaction);
  return { conflicts, more: new Set(more.map(({ conversation }) => conversation)) };
}

/** Changes the records that come with settlements, one settlement after the other. */
async function changeRecords(
  group: readonly SettlementWrite[],
  transaction: Statements,
  turnQueue: TurnQueue,
): Promise<ReadonlyMap<SettlementWrite, RecordConflictError>> {
  const conflicts = new Map<SettlementWrite, RecordConflictError>();
  const changing = group.filter(({ records }) => records !== undefined && records.length > 0);
  if (changing.length === 0) return conflicts;
  // First of all: what was settled before, and its answer lost, has changed the records itself.
  const held = changing.map((ending) => ending.turn);
  if ((await turnQueue.touch(held, transaction)).size !== held.length) throw new NotHeldError();
  for (const ending of changing) {
    const keys = await writeRecords(ending.records ?? [], ending.at, transaction);
    if (keys.length > 0) conflicts.set(ending, new RecordConflictError(keys));
  }
  return conflicts;
}

/** What the group's transaction locks. */
function locksOf(group: readonly SettlementWrite[]): string[] {
  const records = group.flatMap((ending) => ending.records ?? []);
  return [...conversationsOf(group), ...records.map(({ key }) => lockOf(key))];
}

/** Whether the settlement is in the database. */
async function isNoted({ id, attempts }: SettlementWrite, database: Database): Promise<boolean> {
  const waits = await database.query("SELECT 1 FROM bellhop.waiting WHERE id = $1 AND attempts < $2", [
    id,
    attempts,
  ]);
  return waits.length === 0;
}

const SETTLE = `
  WITH ended AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
      $8::boolean[], $9::text[]) AS ended (id, kind, attempts, code, words, at, due_at, holds, moves_to)
  ), finished AS (
    DELETE FROM bellhop.waiting USING ended
    WHERE waiting.id = ended.id AND ended.kind IN ('handled', 'dropped', 'dead')
    RETURNING waiting.*
  ), buried AS (
    INSERT INTO bellhop.dead (id, conversation, received_at, died_at, attempts, code, failure, holds, notice)
    SELECT ended.id, coalesce(finished.aside_from, finished.conversation), finished.received_at, ended.at, ended.attempts, ended.code,
      ended.words, ended.holds, finished.notice
    FROM finished JOIN ended USING (id) WHERE ended.kind = 'dead'
  ), dropped AS (
    UPDATE bellhop.events SET dropped_because = ended.words
    FROM ended WHERE events.id = ended.id AND ended.kind = 'dropped'
  )
  UPDATE bellhop.waiting
  SET attempts = ended.attempts, due_at = ended.due_at, code = ended.code, failure = ended.words,
    failing_since = CASE failing_since WHEN 0 THEN ended.at ELSE failing_since END,
    conversation = coalesce(ended.moves_to, conversation),
    aside_from = CASE WHEN ended.moves_to IS NULL THEN aside_from ELSE conversation END
  FROM ended WHERE waiting.id = ended.id AND ended.kind = 'retry'`;

const DROP_JOURNALS = `
  DELETE FROM bellhop.journal USING unnest($1::bigint[], $2::text[]) AS ended (id, kind)
  WHERE journal.event = ended.id AND ended.kind IN ('handled', 'dropped')`;

const KEEP_TRACES = `
  INSERT INTO bellhop.traces (event, at, attempt, steps)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[])
  ON CONFLICT (event, at) DO UPDATE SET attempt = excluded.attempt, steps = excluded.steps`;

// A separate statement, because the one before still sees the rows that it deletes.
const WITH_MORE = `
  SELECT name AS conversation FROM unnest($1::text[]) AS given (name)
  WHERE EXISTS (SELECT 1 FROM bellhop.waiting WHERE waiting.conversation = given.name)
    AND NOT EXISTS (SELECT 1 FROM bellhop.dead WHERE dead.holds AND dead.conversation = given.name)`;

function conversationsOf(group: readonly SettlementWrite[]): string[] {
  return group.map(({ turn }) => turn.conversation);
}

/** The reason of a dropped event, or the failure as JSON, which escapes a NUL. */
function toWords({ settlement }: SettlementWrite): string | null {
  if (settlement.kind === "dropped") return withoutNul(settlement.reason);
  return "error" in settlement ? JSON.stringify(settlement.error) : null;
}

// A text in PostgreSQL cannot contain NUL.
function withoutNul(text: string): string {
  return text.replaceAll("\0", "");
}
