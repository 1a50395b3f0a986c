import type { Transact } from "./counters";
import type { DedupIndex } from "./dedup-index";
import type { Database } from "./sqlite";
import type { Exchanges } from "./thread-protocol";

type PruneKind = "pruneEvents" | "pruneTraces" | "pruneRecords";

/** Deletes old rows in small steps. A step that finds no row writes nothing. */
export type Pruning = { [K in PruneKind]: (request: Exchanges[K]["request"]) => Exchanges[K]["answer"] };

/** Prepares the statements. @param remembered number of settled events */
export function createPruning(
  db: Database,
  transact: Transact,
  keys: Pick<DedupIndex, "remove">,
  remembered: () => number,
): Pruning {
  const readAges = db.prepare<{ id: number; received_at: number }>(
    "SELECT id, received_at FROM events WHERE id > ? ORDER BY id LIMIT ?",
  );
  const readTraceAges = db.prepare<{ event: number; at: number }>(
    "SELECT event, at FROM traces WHERE event > ? ORDER BY event, at LIMIT ?",
  );
  const isSettled = (id: string): string =>
    `NOT EXISTS (SELECT 1 FROM waiting WHERE waiting.id = ${id})
     AND NOT EXISTS (SELECT 1 FROM dead WHERE dead.id = ${id})`;
  const dropOld = db.prepare<{ id: number; fingerprint: number }>(
    `DELETE FROM events WHERE id > ? AND id <= ? AND received_at < ? AND ${isSettled("events.id")}
     RETURNING id, key_fingerprint AS fingerprint`,
  );
  const dropOldest = db.prepare<{ id: number; fingerprint: number }>(
    `DELETE FROM events WHERE id IN
     (SELECT id FROM events WHERE id > ? AND id <= ? AND ${isSettled("events.id")} ORDER BY id LIMIT ?)
     RETURNING id, key_fingerprint AS fingerprint`,
  );
  const dropTraces = db.prepare(
    `DELETE FROM traces WHERE event > ? AND event <= ? AND at < ? AND ${isSettled("traces.event")}`,
  );
  const countExpired = db.prepare<{ expired: number }>(
    "SELECT count(*) AS expired FROM (SELECT 1 FROM records WHERE expires_at <= ? LIMIT ?)",
  );
  const dropRecords = db.prepare(
    "DELETE FROM records WHERE key IN (SELECT key FROM records WHERE expires_at <= ? LIMIT ?)",
  );

  return {
    pruneEvents({ after, before, keep, limit }) {
      const ages = readAges.all(after, limit);
      const last = ages.at(-1);
      if (last === undefined) return { next: undefined };
      if (remembered() > keep || ages.some((row) => row.received_at < before)) {
        const dropped = transact((next) => {
          const old = dropOld.all(after, last.id, before);
          const tooMany = Math.min(limit, next.remembered - old.length - keep);
          const oldest = tooMany > 0 ? dropOldest.all(after, last.id, tooMany) : [];
          next.remembered -= old.length + oldest.length;
          return [...old, ...oldest];
        });
        for (const { fingerprint, id } of dropped) keys.remove(fingerprint, id);
      }
      // Ids grow with arrival, so all rows after a young one are young.
      const isEnd = ages.length < limit || (last.received_at >= before && remembered() <= keep);
      return { next: isEnd ? undefined : last.id };
    },
    pruneTraces({ after, before, limit }) {
      const ages = readTraceAges.all(after, limit);
      const last = ages.at(-1);
      // All rows after a page without old rows are young. Unsettled events keep their traces.
      if (last === undefined || ages.every((row) => row.at >= before)) return { next: undefined };
      transact(() => dropTraces.run(after, last.event, before));
      return { next: ages.length < limit ? undefined : last.event };
    },
    pruneRecords({ now, limit }) {
      if (countExpired.get(now, limit)?.expired === 0) return 0;
      return transact(() => Number(dropRecords.run(now, limit).changes));
    },
  };
}
