import { hash } from "node:crypto";
import type { InboxCounts } from "../../core/inbox";
import type { Database } from "./sqlite";
import type {
  AddColumns,
  Exchanges,
  Forgotten,
  Group,
  Opened,
  Page,
  RareSettlement,
  RequestKind,
  StoredDeadLetter,
  StoredNotice,
  Tried,
} from "./wire";

/** The tables, as calls. Each blocks its thread until what it wrote is on disk. */
export type Store = {
  [K in Exclude<RequestKind, "close">]: (request: Exchanges[K]["with"]) => Exchanges[K]["answer"];
} & { readonly opened: Opened };

interface Totals extends InboxCounts {
  readonly lastId: number;
}

/** Half of a SHA-256: no two keys will ever share one. */
function digestOf(key: string): Uint8Array {
  return hash("sha256", key, "buffer").subarray(0, 16);
}

/** Prepares the statements. @param db opened, with its tables up to date */
export function createStore(db: Database): Store {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const keepTotals = db.prepare("UPDATE totals SET last_id = ?, waiting = ?, dead = ?, remembered = ?");
  const remember = db.prepare(
    "INSERT INTO events (id, key, key_digest, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (key_digest) DO NOTHING",
  );
  const keep = db.prepare("INSERT INTO waiting (id, conversation, received_at, notice) VALUES (?, ?, ?, ?)");
  const findKey = db.prepare<{ id: number; received_at: number }>(
    "SELECT id, received_at FROM events WHERE key_digest = ?",
  );
  const giveDigest = db.prepare("UPDATE events SET key_digest = ? WHERE id = ?");
  const settle = db.prepare("DELETE FROM waiting WHERE id = ?");
  const noteReason = db.prepare("UPDATE events SET dropped_because = ? WHERE id = ?");
  const postpone = db.prepare("UPDATE waiting SET attempts = ?, due_at = ?, wait_ms = ? WHERE id = ?");
  const bury = db.prepare(
    `INSERT INTO dead (id, conversation, received_at, died_at, attempts, code, message, notice)
     SELECT id, conversation, received_at, ?, ?, ?, ?, notice FROM waiting WHERE id = ?`,
  );
  const readPage = db.prepare<{ id: number; conversation: string } & TriedColumns>(
    "SELECT id, conversation, attempts, due_at, wait_ms FROM waiting WHERE id > ? ORDER BY id LIMIT ?",
  );
  const readNotice = db.prepare<StoredNotice>(
    "SELECT id, notice, received_at AS receivedAt FROM waiting WHERE id = ?",
  );
  const readDead = db.prepare<StoredDeadLetter>(
    `SELECT id, notice, attempts, code, message, received_at AS receivedAt, died_at AS diedAt
     FROM dead ORDER BY died_at DESC, id DESC LIMIT ?`,
  );
  const findDead = db.prepare<{ conversation: string }>("SELECT conversation FROM dead WHERE id = ?");
  const revive = db.prepare(
    `INSERT INTO waiting (id, conversation, received_at, notice)
     SELECT ?, conversation, received_at, notice FROM dead WHERE id = ?`,
  );
  const renumber = db.prepare("UPDATE events SET id = ? WHERE id = ?");
  const unbury = db.prepare("DELETE FROM dead WHERE id = ?");
  const readAges = db.prepare<{ id: number; received_at: number }>(
    "SELECT id, received_at FROM events WHERE id > ? ORDER BY id LIMIT ?",
  );
  const forgetRange = db.prepare(
    `DELETE FROM events WHERE id > ? AND id <= ? AND received_at < ?
     AND NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.id = events.id)
     AND NOT EXISTS (SELECT 1 FROM dead WHERE dead.id = events.id)`,
  );

  let totals = readTotals();
  const opened: Opened = { lastId: totals.lastId, waiting: totals.waiting };

  function readTotals(): Totals {
    const row = db.prepare<Totals>("SELECT last_id AS lastId, waiting, dead, remembered FROM totals").get();
    if (row === undefined) throw new Error("its table of totals is empty");
    return row;
  }

  /** All of `work` or nothing; `work` changes the copy of the totals that it is given. */
  function transact<T>(work: (next: { -readonly [K in keyof Totals]: Totals[K] }) => T): T {
    const next = { ...totals };
    begin.run();
    try {
      const result = work(next);
      keepTotals.run(next.lastId, next.waiting, next.dead, next.remembered);
      commit.run();
      totals = next;
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  function rollBack(): void {
    try {
      db.exec("ROLLBACK");
    } catch {
      // A full disk has already ended the transaction; there is nothing left to undo.
    }
  }

  /** @returns the new event's id, 0 for a duplicate */
  function addOne(columns: AddColumns, row: number, next: { lastId: number }): number {
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

  function settleRare(
    rare: RareSettlement,
    next: { waiting: number; dead: number; remembered: number },
  ): void {
    switch (rare.kind) {
      case "dropped":
        noteReason.run(rare.reason, rare.id);
        settle.run(rare.id);
        next.waiting--;
        next.remembered++;
        break;
      case "retry":
        postpone.run(rare.attempts, rare.dueAt, rare.waitMs, rare.id);
        break;
      case "dead":
        bury.run(rare.diedAt, rare.attempts, rare.code, rare.message, rare.id);
        settle.run(rare.id);
        next.waiting--;
        next.dead++;
        break;
      default:
        rare satisfies never;
    }
  }

  function writeGroup(group: Group): number[] {
    return transact((next) => {
      for (const id of group.handled) settle.run(id);
      next.waiting -= group.handled.length;
      next.remembered += group.handled.length;
      for (const rare of group.rare) settleRare(rare, next);
      const ids = group.adds.keys.map((_, row) => addOne(group.adds, row, next));
      for (const id of ids) if (id !== 0) next.waiting++;
      return ids;
    });
  }

  function forget({ after, before, limit }: Exchanges["forget"]["with"]): Forgotten {
    const ages = readAges.all(after, limit);
    const last = ages.at(-1);
    if (last === undefined) return { next: undefined };
    if (ages.some((row) => row.received_at < before)) {
      transact((next) => {
        next.remembered -= Number(forgetRange.run(after, last.id, before).changes);
      });
    }
    // Ids grow with arrival: beyond a row that is young enough, all are.
    return { next: ages.length < limit || last.received_at >= before ? undefined : last.id };
  }

  return {
    opened,
    group: writeGroup,
    page: ({ after, limit }) => toPage(readPage.all(after, limit)),
    read: ({ ids }) => ids.flatMap((id) => readNotice.get(id) ?? []),
    dead: ({ limit }) => readDead.all(limit),
    replay: ({ id }) => {
      const letter = findDead.get(id);
      if (letter === undefined) return undefined;
      return transact((next) => {
        // A new id is a new place: behind what the conversation has waiting.
        next.lastId++;
        next.dead--;
        next.waiting++;
        revive.run(next.lastId, id);
        renumber.run(next.lastId, id);
        unbury.run(id);
        return { id: next.lastId, conversation: letter.conversation };
      });
    },
    counts: () => ({ waiting: totals.waiting, dead: totals.dead, remembered: totals.remembered }),
    forget,
  };
}

interface TriedColumns {
  readonly attempts: number;
  readonly due_at: number;
  readonly wait_ms: number;
}

function toPage(rows: readonly ({ id: number; conversation: string } & TriedColumns)[]): Page {
  const tried: Tried[] = [];
  for (const { id, attempts, due_at, wait_ms } of rows) {
    if (attempts > 0) tried.push({ id, attempts, dueAt: due_at, waitMs: wait_ms });
  }
  return { ids: rows.map((row) => row.id), conversations: rows.map((row) => row.conversation), tried };
}
