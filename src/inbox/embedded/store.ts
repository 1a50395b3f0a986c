import { hash } from "node:crypto";
import { createForgetting } from "./forgetting";
import { createLetters } from "./letters";
import { createReading } from "./reading";
import { createRecordTable } from "./record-table";
import type { Database } from "./sqlite";
import { type NextTotals, openTotals } from "./totals";
import type {
  AddColumns,
  Exchanges,
  Group,
  GroupAnswer,
  Opened,
  Page,
  RareSettlement,
  RequestKind,
  StoredNotice,
  Tried,
} from "./wire";

/** The tables, as calls. Each blocks its thread until what it wrote is on disk. */
export type Store = {
  [K in Exclude<RequestKind, "close">]: (request: Exchanges[K]["with"]) => Exchanges[K]["answer"];
} & {
  readonly opened: Opened;
  /** Notes that nothing was on lease when the file was closed. */
  closedCleanly(): void;
};

/** Half of a SHA-256: no two keys will ever share one. */
function digestOf(key: string): Uint8Array {
  return hash("sha256", key, "buffer").subarray(0, 16);
}

/** Prepares the statements. @param db opened, with its tables up to date, and by nobody else */
export function createStore(db: Database): Store {
  const readClean = db.prepare<{ closed_cleanly: number }>("SELECT closed_cleanly FROM totals");
  const keepClean = db.prepare("UPDATE totals SET closed_cleanly = ?");
  const remember = db.prepare(
    "INSERT INTO events (id, key, key_digest, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (key_digest) DO NOTHING",
  );
  const keep = db.prepare("INSERT INTO waiting (id, conversation, received_at, notice) VALUES (?, ?, ?, ?)");
  const findKey = db.prepare<{ id: number; received_at: number }>(
    "SELECT id, received_at FROM events WHERE key_digest = ?",
  );
  const giveDigest = db.prepare("UPDATE events SET key_digest = ? WHERE id = ?");
  const note = db.prepare("INSERT OR REPLACE INTO journal (event, place, entry) VALUES (?, ?, ?)");
  const dropJournal = db.prepare("DELETE FROM journal WHERE event = ?");
  const keepTrace = db.prepare(
    "INSERT OR REPLACE INTO traces (event, at, attempt, steps) VALUES (?, ?, ?, ?)",
  );
  const settle = db.prepare("DELETE FROM waiting WHERE id = ?");
  const noteReason = db.prepare("UPDATE events SET dropped_because = ? WHERE id = ?");
  const postpone = db.prepare(
    `UPDATE waiting SET attempts = ?, due_at = ?, wait_ms = ?, code = ?, message = ?, interruptions = 0
     WHERE id = ?`,
  );
  const mark = db.prepare("UPDATE waiting SET interruptions = interruptions + 1 WHERE id = ?");
  const unmark = db.prepare("UPDATE waiting SET interruptions = 0 WHERE id = ? AND interruptions > 0");
  const bury = db.prepare(
    `INSERT INTO dead (id, conversation, received_at, died_at, attempts, code, message, holds, notice)
     SELECT id, conversation, received_at, ?, ?, ?, ?, ?, notice FROM waiting WHERE id = ?`,
  );
  const readPage = db.prepare<PageRow>(
    `SELECT id, conversation, attempts, due_at, wait_ms, 0 AS held FROM waiting WHERE id > ?1
     UNION ALL SELECT id, conversation, 0, 0, 0, 1 FROM dead WHERE holds = 1 AND id > ?1
     ORDER BY id LIMIT ?2`,
  );
  const readNotice = db.prepare<Omit<StoredNotice, "journal">>(
    "SELECT id, notice, received_at AS receivedAt, interruptions FROM waiting WHERE id = ?",
  );
  const readJournal = db.prepare<{ place: string; entry: string }>(
    "SELECT place, entry FROM journal WHERE event = ?",
  );
  const countHeld = db.prepare<{ held: number }>("SELECT count(*) AS held FROM dead WHERE holds = 1");

  const records = createRecordTable(db);
  const { totals, transact } = openTotals(db);
  const wasClosedCleanly = readClean.get()?.closed_cleanly === 1;
  const opened: Opened = {
    lastId: totals().lastId,
    waiting: totals().waiting,
    held: countHeld.get()?.held ?? 0,
    wasKilled: !wasClosedCleanly,
  };
  keepClean.run(0);

  /** @returns the new event's id, 0 for a duplicate */
  function addOne(columns: AddColumns, row: number, next: NextTotals): number {
    // The columns are equally long: the other side fills them together.
    const [key = "", conversation = "", notice = ""] = [
      columns.keys[row],
      columns.conversations[row],
      columns.notices[row],
    ];
    const receivedAt = columns.receivedAt[row] ?? 0;
    const id = next.lastId + 1;
    const digest = digestOf(key);
    if (remember.run(id, key, digest, receivedAt).changes === 0) {
      const repeatableAfterMs = columns.repeatableAfterMs[row] ?? null;
      if (repeatableAfterMs === null || !giveUpKey(digest, receivedAt - repeatableAfterMs)) return 0;
      remember.run(id, key, digest, receivedAt);
    }
    keep.run(id, conversation, receivedAt, notice);
    next.lastId = id;
    next.waiting++;
    return id;
  }

  /** Takes the key from the event that has it, if that one was received before `before`. */
  function giveUpKey(digest: Uint8Array, before: number): boolean {
    const earlier = findKey.get(digest);
    if (earlier === undefined || earlier.received_at >= before) return false;
    // A key starts with its platform's name, so none is the digits of an id.
    giveDigest.run(digestOf(`${earlier.id}`), earlier.id);
    return true;
  }

  /** @returns the keys of the records that had changed; then nothing was done */
  function settleRare(rare: RareSettlement, next: NextTotals): readonly string[] {
    const { id, outcome, trace } = rare;
    const conflicts = records.write(rare.records, rare.at);
    if (conflicts.length > 0) return conflicts;
    if (trace !== undefined) keepTrace.run(id, rare.at, rare.attempt, trace);
    switch (outcome.kind) {
      case "dropped":
      case "handled":
        if (outcome.kind === "dropped") noteReason.run(outcome.reason, id);
        if (rare.isJournaled) dropJournal.run(id);
        settle.run(id);
        next.waiting--;
        next.remembered++;
        break;
      case "retry":
        postpone.run(outcome.attempts, outcome.dueAt, outcome.waitMs, outcome.code, outcome.message, id);
        break;
      case "dead":
        bury.run(outcome.diedAt, outcome.attempts, outcome.code, outcome.message, outcome.holds ? 1 : 0, id);
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

  function writeGroup({ adds, notes, handled, journaled, traces, rare }: Group): GroupAnswer {
    return transact((next) => {
      const conflicts: { id: number; keys: readonly string[] }[] = [];
      notes.ids.forEach((id, row) => {
        note.run(id, notes.places[row] ?? "", notes.entries[row] ?? "");
      });
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
      return { added: adds.keys.map((_, row) => addOne(adds, row, next)), conflicts };
    });
  }

  function read(id: number): StoredNotice[] {
    const row = readNotice.get(id);
    if (row === undefined) return [];
    return [{ ...row, journal: readJournal.all(id).map(({ place, entry }) => [place, entry] as const) }];
  }

  return {
    opened,
    group: writeGroup,
    page: ({ after, limit }) => toPage(readPage.all(after, limit)),
    read: ({ ids }) => ids.flatMap(read),
    mark({ ids }) {
      transact(() => {
        for (const id of ids) mark.run(id);
      });
      return undefined;
    },
    ...createReading(db),
    ...createLetters(db, transact),
    counts() {
      const { waiting, dead, remembered } = totals();
      return { waiting, dead, remembered };
    },
    readRecord: ({ key, now }) => records.read(key, now),
    writeRecords: ({ changes, now }) => transact(() => records.write(changes, now)),
    ...createForgetting(db, transact, () => totals().remembered),
    closedCleanly: () => void keepClean.run(1),
  };
}

interface PageRow {
  readonly id: number;
  readonly conversation: string;
  readonly attempts: number;
  readonly due_at: number;
  readonly wait_ms: number;
  readonly held: number;
}

function toPage(rows: readonly PageRow[]): Page {
  const tried: Tried[] = [];
  const held: number[] = [];
  for (const { id, attempts, due_at, wait_ms, held: holds } of rows) {
    if (attempts > 0) tried.push({ id, attempts, dueAt: due_at, waitMs: wait_ms });
    if (holds === 1) held.push(id);
  }
  const [ids, conversations] = [rows.map((row) => row.id), rows.map((row) => row.conversation)];
  return { ids, conversations, tried, held };
}
