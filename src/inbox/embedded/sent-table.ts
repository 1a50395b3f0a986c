import type { Database } from "./sqlite";

/** Messages that belong to a call, by the fingerprint of their name. */
export interface SentTable {
  add(fingerprint: number, at: number): void;
  /** To be called within a transaction. @returns index of the first one that belonged to no call; it does now. `-1` when all did */
  claim(fingerprints: readonly number[], since: number, at: number): number;
  /** Whether some were added before a time. */
  hasOlder(before: number): boolean;
  /** Removes the oldest of those added before a time. @returns how many */
  forget(before: number, limit: number): number;
}

/** Rows read at once. */
const PAGE = 2_000;

/**
 * Rows are only added at the end and removed at the beginning, so that a reply costs part of one page. They have no index:
 * a message is looked for only after an unknown outcome, among those of the last minutes.
 */
export function createSentTable(db: Database): SentTable {
  const insert = db.prepare("INSERT INTO sent (fingerprint, at) VALUES (?, ?)");
  const readBack = db.prepare<{ seq: number; fingerprint: number; at: number }>(
    "SELECT seq, fingerprint, at FROM sent WHERE seq < ? ORDER BY seq DESC LIMIT ?",
  );
  const readOldest = db.prepare<{ at: number }>("SELECT at FROM sent ORDER BY seq LIMIT 1");
  const drop = db.prepare(
    "DELETE FROM sent WHERE at < ? AND seq IN (SELECT seq FROM sent ORDER BY seq LIMIT ?)",
  );

  function claimedOf(fingerprints: readonly number[], since: number): ReadonlySet<number> {
    const wanted = new Set(fingerprints);
    const claimed = new Set<number>();
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const page = readBack.all(before, PAGE);
      for (const { fingerprint } of page) if (wanted.has(fingerprint)) claimed.add(fingerprint);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE || last.at < since) return claimed;
      before = last.seq;
    }
  }

  return {
    add: (fingerprint, at) => void insert.run(fingerprint, at),
    claim(fingerprints, since, at) {
      const claimed = claimedOf(fingerprints, since);
      const index = fingerprints.findIndex((fingerprint) => !claimed.has(fingerprint));
      const fingerprint = fingerprints[index];
      if (fingerprint !== undefined) insert.run(fingerprint, at);
      return index;
    },
    hasOlder: (before) => (readOldest.get()?.at ?? before) < before,
    forget: (before, limit) => Number(drop.run(before, limit).changes),
  };
}
