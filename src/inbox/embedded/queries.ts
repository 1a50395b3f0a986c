import type {
  AttemptFailure,
  EventRecord,
  EventState,
  EventSummary,
  InboxCounts,
} from "../../core/contract/inbox";
import type { JsonValue, Notice } from "../../core/contract/notice";
import type { TraceStep } from "../../core/contract/trace";
import { formatId } from "./event-ids";
import type { Database, SqlValue } from "./sqlite";
import type { ListFilter } from "./thread-protocol";

/** Read-only queries. They work beside the process that uses the file. */
export interface Queries {
  list(request: { filter: ListFilter }): EventSummary[];
  show(request: { id: number }): EventRecord | undefined;
}

interface Row {
  readonly id: number;
  readonly state: EventState;
  readonly key: string;
  readonly receivedAt: number;
  readonly reason: string | null;
  readonly conversation: string | null;
  readonly notice: string | null;
  readonly attempts: number | null;
  readonly dueAt: number | null;
  readonly diedAt: number | null;
  readonly failure: string | null;
  readonly isAside: number | null;
  readonly holds: number | null;
  readonly settledAt: number | null;
}

/** Columns of an event by its state. */
const COLUMNS = {
  settled: `e.id, CASE WHEN e.discarded_because IS NOT NULL THEN 'discarded'
      WHEN e.dropped_because IS NOT NULL THEN 'dropped' ELSE 'handled' END AS state,
    e.key, e.received_at AS receivedAt, coalesce(e.discarded_because, e.dropped_because) AS reason,
    NULL AS conversation, NULL AS notice, NULL AS attempts, NULL AS dueAt, NULL AS diedAt,
    NULL AS failure, NULL AS isAside, NULL AS holds, (SELECT max(at) FROM traces WHERE event = e.id) AS settledAt`,
  waiting: `e.id, 'waiting' AS state, e.key, e.received_at AS receivedAt, NULL AS reason,
    coalesce(w.aside_from, w.conversation) AS conversation, w.notice, w.attempts, w.due_at AS dueAt, NULL AS diedAt,
    w.failure, w.aside_from IS NOT NULL AS isAside, NULL AS holds, NULL AS settledAt`,
  dead: `e.id, 'dead' AS state, e.key, e.received_at AS receivedAt, NULL AS reason, d.conversation, d.notice,
    d.attempts, NULL AS dueAt, d.died_at AS diedAt, d.failure, NULL AS isAside, d.holds, d.died_at AS settledAt`,
} as const;

const UNSETTLED = `NOT EXISTS (SELECT 1 FROM waiting w WHERE w.id = e.id)
  AND NOT EXISTS (SELECT 1 FROM dead d WHERE d.id = e.id)`;

export function createQueries(db: Database): Queries {
  const journalOf = db.prepare<{ place: string; entry: string }>(
    "SELECT place, entry FROM journal WHERE event = ?",
  );
  const tracesOf = db.prepare<{ attempt: number; at: number; steps: string }>(
    "SELECT attempt, at, steps FROM traces WHERE event = ? ORDER BY at",
  );

  function select(from: string, where: readonly string[], order: string, values: readonly SqlValue[]): Row[] {
    const conditions = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`;
    return db.prepare<Row>(`SELECT ${from} ${conditions} ${order} LIMIT ?`).all(...values);
  }

  function list({ filter }: { filter: ListFilter }): EventSummary[] {
    const limit = filter.limit ?? 100;
    const found = tablesFor(filter).flatMap((table) => listFrom(table, filter, limit));
    return found
      .sort((a, b) => (filter.state === "dead" ? (b.diedAt ?? 0) - (a.diedAt ?? 0) : 0) || b.id - a.id)
      .slice(0, limit)
      .map(toSummary);
  }

  function listFrom(table: keyof typeof COLUMNS, filter: ListFilter, limit: number): Row[] {
    const where: string[] = [];
    const values: SqlValue[] = [];
    const and = (condition: string, ...given: readonly SqlValue[]): void => {
      where.push(condition);
      values.push(...given);
    };
    if (filter.beforeId !== undefined) and("e.id < ?", filter.beforeId);
    if (filter.key !== undefined) and("instr(e.key, ?) > 0", filter.key);
    if (filter.keyParts !== undefined)
      and(
        "instr('|' || replace(e.key, '/', '|') || '|', '|' || replace(?, '/', '|') || '|') > 0",
        filter.keyParts,
      );
    if (filter.platform !== undefined) and("substr(e.key, 1, ?) = ?", ...prefixed(`${filter.platform}/`));
    if (filter.account !== undefined) {
      // A key is platform/account/…
      const rest = "substr(e.key, instr(e.key, '/') + 1, ?) = ?";
      and(rest, ...prefixed(`${filter.account}/`));
    }
    if (table === "settled") {
      and(UNSETTLED);
      if (filter.state === "handled") and("e.dropped_because IS NULL AND e.discarded_because IS NULL");
      if (filter.state === "dropped") and("e.dropped_because IS NOT NULL AND e.discarded_because IS NULL");
      if (filter.state === "discarded") and("e.discarded_because IS NOT NULL");
      return select(`${COLUMNS.settled} FROM events e`, where, "ORDER BY e.id DESC", [...values, limit]);
    }
    const row = table === "waiting" ? "w" : "d";
    const conversation = table === "waiting" ? "coalesce(w.aside_from, w.conversation)" : "d.conversation";
    if (filter.conversation !== undefined) and(`${conversation} = ?`, filter.conversation);
    if (filter.name !== undefined) and(`json_extract(${row}.notice, '$.name') = ?`, filter.name);
    if (filter.code !== undefined) and(`${row}.code = ?`, filter.code);
    const from = `${COLUMNS[table]} FROM ${table} ${row} JOIN events e ON e.id = ${row}.id`;
    const order =
      table === "dead" && filter.state === "dead"
        ? "ORDER BY d.died_at DESC, d.id DESC"
        : `ORDER BY ${row}.id DESC`;
    return select(from, where, order, [...values, limit]);
  }

  return {
    list,
    show({ id }) {
      for (const [table, row] of [
        ["waiting", "w"],
        ["dead", "d"],
      ] as const) {
        const [found] = select(
          `${COLUMNS[table]} FROM ${table} ${row} JOIN events e ON e.id = ${row}.id`,
          ["e.id = ?"],
          "",
          [id, 1],
        );
        if (found !== undefined) return toRecord(found);
      }
      const [settled] = select(`${COLUMNS.settled} FROM events e`, ["e.id = ?"], "", [id, 1]);
      return settled && toRecord(settled);
    },
  };

  function toRecord(row: Row): EventRecord {
    const journal = journalOf.all(row.id).map(({ place, entry }) => [place, JSON.parse(entry) as JsonValue]);
    return {
      ...toSummary(row),
      // Asserted, as below: the inbox wrote it.
      notice: row.notice === null ? undefined : (JSON.parse(row.notice) as Notice),
      journal: Object.fromEntries(journal),
      attemptsMade: tracesOf
        .all(row.id)
        .map(({ attempt, at, steps }) => ({ attempt, at, trace: JSON.parse(steps) as TraceStep[] })),
    };
  }
}

/** Reads the counters, for another process than the one that uses the file. */
export function readCounts(db: Database): InboxCounts {
  const row = db.prepare<InboxCounts>("SELECT waiting, dead, remembered FROM counters").get();
  if (row === undefined) throw new Error("the table counters is empty. Restore the file from a backup");
  return { ...row };
}

/** @returns the tables that can have matching events */
function tablesFor({ state, name, conversation, code }: ListFilter): readonly (keyof typeof COLUMNS)[] {
  if (state === "waiting" || state === "dead") return [state];
  const needsNotice = name !== undefined || conversation !== undefined || code !== undefined;
  if (state !== undefined) return needsNotice ? [] : ["settled"];
  return needsNotice ? ["waiting", "dead"] : ["settled", "waiting", "dead"];
}

function prefixed(prefix: string): [number, string] {
  return [prefix.length, prefix];
}

function toSummary(row: Row): EventSummary {
  const notice = row.notice === null ? undefined : (JSON.parse(row.notice) as Notice);
  return {
    id: formatId(row.id),
    state: row.state,
    key: row.key,
    name: notice?.name,
    conversation: row.conversation ?? undefined,
    receivedAt: row.receivedAt,
    settledAt: row.settledAt ?? undefined,
    attempts: row.attempts ?? undefined,
    dueAt: row.dueAt === null || row.dueAt === 0 ? undefined : row.dueAt,
    reason: row.reason ?? undefined,
    // Asserted: the inbox wrote it.
    error: row.failure === null ? undefined : (JSON.parse(row.failure) as AttemptFailure),
    isAside: row.isAside === 1 ? true : undefined,
    holds: row.holds === 1 ? true : undefined,
  };
}
