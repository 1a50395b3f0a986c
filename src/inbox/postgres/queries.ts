import type {
  AttemptFailure,
  EventFilter,
  EventRecord,
  EventState,
  EventSummary,
  InboxCounts,
} from "../../core/contract/inbox";
import type { JsonValue, Notice } from "../../core/contract/notice";
import type { TraceStep } from "../../core/contract/trace";
import type { Statements } from "./database";
import { formatId, parseId } from "./event-ids";

// The driver returns 64-bit numbers as digits.
interface Row {
  readonly id: string;
  readonly state: EventState;
  readonly key: string;
  readonly received_at: string;
  readonly reason: string | null;
  readonly conversation: string | null;
  readonly notice: string | null;
  readonly attempts: number | null;
  readonly due_at: string | null;
  readonly died_at: string | null;
  readonly failure: string | null;
  readonly holds: boolean | null;
  readonly is_aside: boolean;
  readonly settled_at: string | null;
}

/** Lists events, newest first; dead letters by their last failure. */
export async function readList(database: Statements, filter: EventFilter): Promise<EventSummary[]> {
  const { state, platform, account, name, conversation, code, before, limit = 100 } = filter;
  const conditions: string[] = [];
  const values: unknown[] = [];
  const and = (condition: (value: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  and((value) => `state = ${value}`, state);
  and((value) => `strpos(key, ${value}) > 0`, filter.key);
  and(
    (value) => `strpos('|' || replace(key, '/', '|') || '|', '|' || replace(${value}, '/', '|') || '|') > 0`,
    filter.keyParts,
  );
  // A key is platform/account/…
  and((value) => `split_part(key, '/', 1) = ${value}`, platform);
  and((value) => `split_part(key, '/', 2) = ${value}`, account);
  and((value) => `conversation = ${value}`, conversation);
  and((value) => `code = ${value}`, code);
  // The notice is text, so the name is quoted as in JSON.
  and((value) => `strpos(notice, ${value}) > 0`, name && `"name":${JSON.stringify(name)}`);
  and((value) => `id < ${value}`, before === undefined ? undefined : (parseId(before) ?? "0"));
  values.push(limit);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const order = state === "dead" ? "died_at DESC, id DESC" : "id DESC";
  const rows = await database.query<Row>(
    `SELECT * FROM (${EVENTS}) AS event ${where} ORDER BY ${order} LIMIT $${values.length}`,
    values,
  );
  return rows.map(toSummary);
}

/** Reads one event. @param id as digits */
export async function readEvent(database: Statements, id: string): Promise<EventRecord | undefined> {
  const [row] = await database.query<Row>(`SELECT * FROM (${EVENTS}) AS event WHERE id = $1`, [id]);
  if (row === undefined) return undefined;
  const journal = await database.query<{ place: string; entry: string }>(
    "SELECT place, entry FROM bellhop.journal WHERE event = $1 ORDER BY place",
    [id],
  );
  const traces = await database.query<{ attempt: number; at: string; steps: string }>(
    "SELECT attempt, at, steps FROM bellhop.traces WHERE event = $1 ORDER BY at",
    [id],
  );
  return {
    ...toSummary(row),
    // Asserted, as below: the inbox wrote it.
    notice: row.notice === null ? undefined : (JSON.parse(row.notice) as Notice),
    journal: Object.fromEntries(journal.map(({ place, entry }) => [place, JSON.parse(entry) as JsonValue])),
    attemptsMade: traces.map(({ attempt, at, steps }) => ({
      attempt,
      at: Number(at),
      trace: JSON.parse(steps) as TraceStep[],
    })),
  };
}

/** Counts the events. Takes time linear in their number. */
export async function readCounts(database: Statements): Promise<InboxCounts> {
  const [row] = await database.query<{ waiting: string; dead: string; events: string }>(
    `SELECT (SELECT count(*) FROM bellhop.waiting) AS waiting, (SELECT count(*) FROM bellhop.dead) AS dead,
       (SELECT count(*) FROM bellhop.events) AS events`,
  );
  const [waiting, dead, events] = [Number(row?.waiting), Number(row?.dead), Number(row?.events)];
  return { waiting, dead, remembered: events - waiting - dead };
}

/** One row for each event in any state. */
const EVENTS = `
  SELECT events.id, events.key, events.received_at,
    CASE WHEN waiting.id IS NOT NULL THEN 'waiting' WHEN dead.id IS NOT NULL THEN 'dead'
      WHEN discarded_because IS NOT NULL THEN 'discarded' WHEN dropped_because IS NOT NULL THEN 'dropped'
      ELSE 'handled' END AS state,
    coalesce(discarded_because, dropped_because) AS reason,
    coalesce(waiting.aside_from, waiting.conversation, dead.conversation) AS conversation,
    waiting.aside_from IS NOT NULL AS is_aside,
    coalesce(waiting.notice, dead.notice) AS notice, coalesce(waiting.attempts, dead.attempts) AS attempts,
    waiting.due_at, dead.died_at, coalesce(waiting.code, dead.code) AS code,
    coalesce(waiting.failure, dead.failure) AS failure, dead.holds,
    CASE WHEN waiting.id IS NULL THEN coalesce(dead.died_at,
      (SELECT max(at) FROM bellhop.traces WHERE traces.event = events.id)) END AS settled_at
  FROM bellhop.events LEFT JOIN bellhop.waiting USING (id) LEFT JOIN bellhop.dead USING (id)`;

function toSummary(row: Row): EventSummary {
  const notice = row.notice === null ? undefined : (JSON.parse(row.notice) as Notice);
  return {
    id: formatId(row.id),
    state: row.state,
    key: row.key,
    name: notice?.name,
    conversation: row.conversation ?? undefined,
    receivedAt: Number(row.received_at),
    settledAt: row.settled_at === null ? undefined : Number(row.settled_at),
    attempts: row.attempts ?? undefined,
    dueAt: row.due_at === null || row.due_at === "0" ? undefined : Number(row.due_at),
    reason: row.reason ?? undefined,
    // Asserted: the inbox wrote it.
    error: row.failure === null ? undefined : (JSON.parse(row.failure) as AttemptFailure),
    holds: row.holds === true ? true : undefined,
    isAside: row.is_aside ? true : undefined,
  };
}
