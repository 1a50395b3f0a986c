import type { Database } from "./sqlite";
import type { Transact } from "./totals";
import type { Forget, Forgotten } from "./wire";

/** Settled events, traces and records that are no longer needed go, so many in one step. */
export function createForgetting(
  db: Database,
  transact: Transact,
  remembered: () => number,
): (request: Forget) => Forgotten {
  const readAges = db.prepare<{ id: number; received_at: number }>(
    "SELECT id, received_at FROM events WHERE id > ? ORDER BY id LIMIT ?",
  );
  const isSettled = (id: string): string =>
    `NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.id = ${id})
     AND NOT EXISTS (SELECT 1 FROM dead WHERE dead.id = ${id})`;
  const dropOld = db.prepare(
    `DELETE FROM events WHERE id > ? AND id <= ? AND received_at < ? AND ${isSettled("events.id")}`,
  );
  const dropOldest = db.prepare(
    `DELETE FROM events WHERE id IN
     (SELECT id FROM events WHERE id > ? AND id <= ? AND ${isSettled("events.id")} ORDER BY id LIMIT ?)`,
  );
  // The oldest are looked at, not all: what waits or is dead keeps its own.
  const dropTraces = db.prepare(
    `DELETE FROM traces WHERE (event, at) IN
     (SELECT event, at FROM (SELECT event, at FROM traces ORDER BY event, at LIMIT ?)
      WHERE at < ? AND ${isSettled("event")})`,
  );
  const dropRecords = db.prepare(
    "DELETE FROM records WHERE key IN (SELECT key FROM records WHERE expires_at <= ? LIMIT ?)",
  );

  return ({ after, before, keep, tracesBefore, now, limit }) => {
    const ages = readAges.all(after, limit);
    const last = ages.at(-1);
    const others = transact((next) => {
      const changes = [dropTraces.run(limit, tracesBefore).changes, dropRecords.run(now, limit).changes];
      if (last !== undefined) {
        next.remembered -= Number(dropOld.run(after, last.id, before).changes);
        const tooMany = Math.min(limit, next.remembered - keep);
        if (tooMany > 0) next.remembered -= Number(dropOldest.run(after, last.id, tooMany).changes);
      }
      return changes;
    });
    if (others.some((changed) => Number(changed) === limit)) return { next: after };
    if (last === undefined || ages.length < limit) return { next: undefined };
    // Ids grow with arrival: beyond a row that is young enough, all are.
    return { next: last.received_at >= before && remembered() <= keep ? undefined : last.id };
  };
}
