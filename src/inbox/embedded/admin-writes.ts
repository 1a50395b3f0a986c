import type { Transact } from "./counters";
import type { DedupIndex } from "./dedup-index";
import type { Database } from "./sqlite";
import type { AdminRequest, Discarded, Exchanges, Replayed } from "./thread-protocol";

type AdminWriteKind = "find" | "makeDue" | "replay" | "discard" | "adminRequests" | "answerAdminRequest";

/** Statements that replay, retry and discard, and those for requests of other processes. */
export type AdminWrites = {
  [K in AdminWriteKind]: (request: Exchanges[K]["request"]) => Exchanges[K]["answer"];
};

/** `outcome` of a request: not found, done, or the event is leased. For a replay it is the new id. */
export const NOT_FOUND = 0;
export const DONE = 1;
export const LEASED = -1;

export function createAdminWrites(
  db: Database,
  transact: Transact,
  keys: Pick<DedupIndex, "add" | "remove">,
): AdminWrites {
  const findDead = db.prepare<{ conversation: string; holds: number; fingerprint: number }>(
    "SELECT conversation, holds, key_fingerprint AS fingerprint FROM dead JOIN events USING (id) WHERE id = ?",
  );
  const requeueDead = db.prepare(
    `INSERT INTO waiting (id, conversation, received_at, notice)
     SELECT ?, conversation, received_at, notice FROM dead WHERE id = ?`,
  );
  const findWaiting = db.prepare<{ conversation: string }>("SELECT conversation FROM waiting WHERE id = ?");
  const makeDue = db.prepare("UPDATE waiting SET due_at = 0, wait_ms = 0 WHERE id = ?");
  const dropWaiting = db.prepare("DELETE FROM waiting WHERE id = ?");
  const dropDead = db.prepare("DELETE FROM dead WHERE id = ?");
  const renumber = ["events SET id", "journal SET event", "traces SET event"].map((column) =>
    db.prepare(`UPDATE ${column} = ?1 WHERE ${column.split(" ").at(-1)} = ?2`),
  );
  const writeReason = db.prepare("UPDATE events SET discarded_because = ? WHERE id = ?");
  const dropJournal = db.prepare("DELETE FROM journal WHERE event = ?");
  const dataVersion = db.prepare<{ data_version: number }>("PRAGMA data_version");
  const readRequests = db.prepare<AdminRequest>(
    "SELECT id, kind, event, reason, deadline FROM admin_requests WHERE outcome IS NULL ORDER BY id",
  );
  const writeOutcome = db.prepare("UPDATE admin_requests SET outcome = ? WHERE id = ?");
  const dropExpired = db.prepare("DELETE FROM admin_requests WHERE deadline < ?");
  /** `data_version` at the last poll. It changes when another connection has written. */
  let seen: number | undefined;

  function replay({ id }: { id: number }): Replayed | undefined {
    const dead = findDead.get(id);
    if (dead === undefined) return undefined;
    const { conversation, fingerprint } = dead;
    const newId = transact((next) => {
      next.dead--;
      next.waiting++;
      // A new id puts the event behind the waiting ones. A blocking dead letter keeps its id and its place.
      if (dead.holds === 0) next.lastId++;
      const place = dead.holds === 0 ? next.lastId : id;
      requeueDead.run(place, id);
      dropDead.run(id);
      if (place !== id) for (const table of renumber) table.run(place, id);
      return place;
    });
    keys.remove(fingerprint, id);
    keys.add(fingerprint, newId);
    return { kind: "replayed", was: id, id: newId, conversation };
  }

  function find({ id }: { id: number }): Exchanges["find"]["answer"] {
    const waits = findWaiting.get(id);
    if (waits !== undefined) return { state: "waiting", conversation: waits.conversation };
    const dead = findDead.get(id);
    return dead && { state: "dead", conversation: dead.conversation };
  }

  function discard({ id, reason }: { id: number; reason: string }): Discarded | undefined {
    const found = find({ id });
    if (found === undefined) return undefined;
    return transact((next) => {
      next[found.state]--;
      next.remembered++;
      writeReason.run(reason, id);
      dropJournal.run(id);
      const table = found.state === "dead" ? dropDead : dropWaiting;
      table.run(id);
      return { kind: "discarded", was: id };
    });
  }

  return {
    find,
    replay,
    discard,
    makeDue({ id }) {
      transact(() => void makeDue.run(id));
      return undefined;
    },
    adminRequests() {
      const version = dataVersion.get()?.data_version;
      if (version === seen) return [];
      seen = version;
      return readRequests.all();
    },
    answerAdminRequest({ id, outcome, now }) {
      transact(() => {
        writeOutcome.run(outcome, id);
        dropExpired.run(now);
      });
      return undefined;
    },
  };
}
