import { createAdminWrites } from "./admin-writes";
import { type NextCounters, openCounters } from "./counters";
import { fingerprintOf, openDedupIndex } from "./dedup-index";
import { createPruning } from "./pruning";
import { createQueries } from "./queries";
import { createRecordTable } from "./record-table";
import { createSentTable } from "./sent-table";
import type { Database } from "./sqlite";
import type {
  AddColumns,
  ChangeWrite,
  ClaimWrite,
  Exchanges,
  Group,
  GroupAnswer,
  Opened,
  Page,
  RareSettlement,
  RequestKind,
  StoredNotice,
  Tried,
} from "./thread-protocol";

/** One method for each kind of request. Each blocks its thread until its writes are on disk. */
export type Store = {
  [K in Exclude<RequestKind, "close" | "check">]: (
    request: Exchanges[K]["request"],
  ) => Exchanges[K]["answer"];
} & {
  readonly opened: Omit<Opened, "exposedFiles" | "rescued">;
  /** Loads part of the deduplication index. Otherwise the first added event would wait for all of it. @returns whether it is complete */
  loadNext(): boolean;
  /** Records in the file that no event was leased when it was closed. */
  markClosedCleanly(): void;
};

/** Prepares the statements. @param db with current tables; no other process holds the file */
export function createStore(db: Database): Store {
  const readClean = db.prepare<{ closed_cleanly: number }>("SELECT closed_cleanly FROM counters");
  const keepClean = db.prepare("UPDATE counters SET closed_cleanly = ?");
  const remember = db.prepare(
    "INSERT INTO events (id, key, key_fingerprint, received_at) VALUES (?, ?, ?, ?)",
  );
  const keep = db.prepare("INSERT INTO waiting (id, conversation, received_at, notice) VALUES (?, ?, ?, ?)");
  const note = db.prepare("INSERT OR REPLACE INTO journal (event, place, entry) VALUES (?, ?, ?)");
  const dropJournal = db.prepare("DELETE FROM journal WHERE event = ?");
  const keepTrace = db.prepare(
    "INSERT OR REPLACE INTO traces (event, at, attempt, steps) VALUES (?, ?, ?, ?)",
  );
  const settle = db.prepare("DELETE FROM waiting WHERE id = ?");
  const writeReason = db.prepare("UPDATE events SET dropped_because = ? WHERE id = ?");
  const postpone = db.prepare(
    `UPDATE waiting SET attempts = ?1, due_at = ?2, wait_ms = ?3, code = ?4, failure = ?5, crash_count = 0,
       failing_since = iif(failing_since = 0, ?6, failing_since), conversation = coalesce(?7, conversation),
       aside_from = iif(?7 IS NULL, aside_from, conversation)
     WHERE id = ?8`,
  );
  const mark = db.prepare("UPDATE waiting SET crash_count = crash_count + 1 WHERE id = ?");
  const unmark = db.prepare("UPDATE waiting SET crash_count = 0 WHERE id = ? AND crash_count > 0");
  const insertDead = db.prepare(
    `INSERT INTO dead (id, conversation, received_at, died_at, attempts, code, failure, holds, notice)
     SELECT id, coalesce(aside_from, conversation), received_at, ?, ?, ?, ?, ?, notice FROM waiting WHERE id = ?`,
  );
  const readPage = db.prepare<PageRow>(
    `SELECT id, conversation, attempts, due_at, wait_ms, 0 AS blocking FROM waiting WHERE id > ?1
     UNION ALL SELECT id, conversation, 0, 0, 0, 1 FROM dead WHERE holds = 1 AND id > ?1
     ORDER BY id LIMIT ?2`,
  );
  const readNotice = db.prepare<Omit<StoredNotice, "journal">>(
    `SELECT id, notice, received_at AS receivedAt, crash_count AS crashCount, blocked_times AS blockedTimes,
       blocked_where AS blockedWhere, failing_since AS failingSince, aside_from IS NOT NULL AS isAside
     FROM waiting WHERE id = ?`,
  );
  const readJournal = db.prepare<{ place: string; entry: string }>(
    "SELECT place, entry FROM journal WHERE event = ?",
  );
  const countBlocking = db.prepare<{ blocking: number }>(
    "SELECT count(*) AS blocking FROM dead WHERE holds = 1",
  );

  const records = createRecordTable(db);
  const sent = createSentTable(db);
  const keys = openDedupIndex(db);
  const { counters, transact } = openCounters(db);
  const wasClosedCleanly = readClean.get()?.closed_cleanly === 1;
  const opened: Omit<Opened, "exposedFiles" | "rescued"> = {
    lastId: counters().lastId,
    waiting: counters().waiting,
    blocking: countBlocking.get()?.blocking ?? 0,
    wasKilled: !wasClosedCleanly,
  };
  keepClean.run(0);

  /**
   * @param added collects the fingerprints that were added to the index
   * @returns the new event's id, or 0 for a duplicate
   */
  function addOne(columns: AddColumns, row: number, next: NextCounters, added: EventFingerprint[]): number {
    // All columns have the same length.
    const [key = "", conversation = "", notice = ""] = [
      columns.keys[row],
      columns.conversations[row],
      columns.notices[row],
    ];
    const receivedAt = columns.receivedAt[row] ?? 0;
    const repeatableAfterMs = columns.repeatableAfterMs[row] ?? Number.POSITIVE_INFINITY;
    const fingerprint = fingerprintOf(key);
    const known = keys.find(key, fingerprint);
    if (known !== undefined && known.receivedAt >= receivedAt - repeatableAfterMs) return 0;
    const id = next.lastId + 1;
    remember.run(id, key, fingerprint, receivedAt);
    keep.run(id, conversation, receivedAt, notice);
    keys.add(fingerprint, id);
    added.push({ fingerprint, id });
    next.lastId = id;
    next.waiting++;
    return id;
  }

  /** @returns the keys of records that had changed; if there are any, nothing was written */
  function settleRare(rare: RareSettlement, next: NextCounters): readonly string[] {
    const { id, outcome, trace } = rare;
    const conflicts = records.write(rare.records, rare.at);
    if (conflicts.length > 0) return conflicts;
    if (trace !== undefined) keepTrace.run(id, rare.at, rare.attempt, trace);
    switch (outcome.kind) {
      case "dropped":
      case "handled":
        if (outcome.kind === "dropped") writeReason.run(outcome.reason, id);
        if (rare.isJournaled) dropJournal.run(id);
        settle.run(id);
        next.waiting--;
        next.remembered++;
        break;
      case "retry":
        postpone.run(
          ...[outcome.attempts, outcome.dueAt, outcome.waitMs, outcome.code, outcome.failure],
          ...[rare.at, outcome.movesTo, id],
        );
        break;
      case "dead":
        insertDead.run(
          outcome.diedAt,
          outcome.attempts,
          outcome.code,
          outcome.failure,
          outcome.holds ? 1 : 0,
          id,
        );
        settle.run(id);
        next.waiting--;
        next.dead++;
        break;
      case "released":
        unmark.run(id);
        break;
      default:
        outcome satisfies never;
    }
    return [];
  }

  function writeGroup(group: Group): GroupAnswer {
    const added: EventFingerprint[] = [];
    try {
      return writeAll(group, added);
    } catch (error) {
      for (const { fingerprint, id } of added) keys.remove(fingerprint, id);
      throw error;
    }
  }

  /** @returns the keys of records that had changed; if there are any, nothing was written */
  function changeOne({ id, place, entry, records: writes, at }: ChangeWrite): readonly string[] {
    const keys = records.write(writes, at);
    if (keys.length === 0) note.run(id, place, entry);
    return keys;
  }

  function claimOne({ id, place, fingerprints, entries, since, at }: ClaimWrite): number {
    const index = sent.claim(fingerprints, since, at);
    const entry = entries[index];
    if (entry !== undefined) note.run(id, place, entry);
    return index;
  }

  function writeAll(group: Group, added: EventFingerprint[]): GroupAnswer {
    const { adds, notes, handled, journaled, traces, rare } = group;
    return transact((next) => {
      const conflicts: { id: number; keys: readonly string[] }[] = [];
      notes.ids.forEach((id, row) => {
        note.run(id, notes.places[row] ?? "", notes.entries[row] ?? "");
      });
      group.sent.fingerprints.forEach((fingerprint, row) => {
        sent.add(fingerprint, group.sent.at[row] ?? 0);
      });
      const changed = group.changes.map(changeOne);
      const claimed = group.claims.map(claimOne);
      for (const id of handled) settle.run(id);
      for (const id of journaled) dropJournal.run(id);
      traces.ids.forEach((id, row) => {
        keepTrace.run(id, traces.at[row] ?? 0, traces.attempts[row] ?? 0, traces.steps[row] ?? "[]");
      });
      next.waiting -= handled.length;
      next.remembered += handled.length;
      for (const settlement of rare) {
        const keys = settleRare(settlement, next);
        if (keys.length > 0) conflicts.push({ id: settlement.id, keys });
      }
      return {
        added: adds.keys.map((_, row) => addOne(adds, row, next, added)),
        conflicts,
        changed,
        claimed,
      };
    });
  }

  function read(id: number): StoredNotice[] {
    const row = readNotice.get(id);
    if (row === undefined) return [];
    return [{ ...row, journal: readJournal.all(id).map(({ place, entry }) => [place, entry] as const) }];
  }

  return {
    opened,
    loadNext: keys.loadNext,
    group: writeGroup,
    page: ({ after, limit }) => toPage(readPage.all(after, limit)),
    read: ({ ids }) => ids.flatMap(read),
    mark({ ids }) {
      transact(() => {
        for (const id of ids) mark.run(id);
      });
      return undefined;
    },
    ...createQueries(db),
    ...createAdminWrites(db, transact, keys),
    counts() {
      const { waiting, dead, remembered } = counters();
      return { waiting, dead, remembered };
    },
    readRecord: ({ key, now }) => records.read(key, now),
    writeRecords: ({ changes, now }) => transact(() => records.write(changes, now)),
    pruneSent: ({ before, limit }) =>
      sent.hasOlder(before) ? transact(() => sent.forget(before, limit)) : 0,
    ...createPruning(db, transact, keys, () => counters().remembered),
    markClosedCleanly: () => void keepClean.run(1),
  };
}

/** The fingerprint of an event's key. */
interface EventFingerprint {
  readonly fingerprint: number;
  readonly id: number;
}

interface PageRow {
  readonly id: number;
  readonly conversation: string;
  readonly attempts: number;
  readonly due_at: number;
  readonly wait_ms: number;
  readonly blocking: number;
}

function toPage(rows: readonly PageRow[]): Page {
  const tried: Tried[] = [];
  const blocking: number[] = [];
  for (const { id, attempts, due_at, wait_ms, blocking: blocks } of rows) {
    if (attempts > 0) tried.push({ id, attempts, dueAt: due_at, waitMs: wait_ms });
    if (blocks === 1) blocking.push(id);
  }
  const [ids, conversations] = [rows.map((row) => row.id), rows.map((row) => row.conversation)];
  return { ids, conversations, tried, blocking };
}
