import type { Database } from "./sqlite";

/** The table `sent`: messages that belong to a call, by fingerprint. */
export interface SentTable {
  add(fingerprint: number, at: number): void;
  /** Claims the first message that belongs to no call. Call it in a transaction. @returns its index, or -1 */
  claim(fingerprints: readonly number[], since: number, at: number): number;
  /** Whether a message was added before a time. */
  hasOlder(before: number): boolean;
  /** Deletes the oldest messages that were added before a time. @returns their number */
  forget(before: number, limit: number): number;
}

/** Rows of a page. */
const PAGE = 2_000;

/**
 * Prepares the statements. Rows are added at the end and deleted at the beginning, so that a reply writes part of one page.
 * The table has no index, because messages are searched only after an unknown outcome, among those of the last minutes.
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
