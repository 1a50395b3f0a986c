import { hash } from "node:crypto";
import { FingerprintTable } from "./fingerprint-table";
import type { Database } from "./sqlite";

/** An event that has a key. */
export interface KnownEvent {
  readonly id: number;
  /** In milliseconds since 1970. */
  readonly receivedAt: number;
}

/**
 * The keys that are remembered, so that what comes again is recognised. They come in no order: in an index on the disk each
 * would change a page of its own, and all these pages being copied back from the log is what senders would wait for.
 * So they are found in memory, by a fingerprint that is kept with each event; the key itself is compared where a fingerprint is found.
 */
export interface DedupIndex {
  /** Reads some of what the file remembers. @returns whether that was all */
  loadNext(): boolean;
  /** The event that has the key; of several, the one that came last. */
  find(key: string, fingerprint: number): KnownEvent | undefined;
  /** An event has come that has this fingerprint. */
  add(fingerprint: number, id: number): void;
  /** It has not come after all, or is forgotten. */
  remove(fingerprint: number, id: number): void;
}

/** Where a key stands in the table: 48 bits of its SHA-256. */
export function fingerprintOf(key: string): number {
  return hash("sha256", key, "buffer").readUIntBE(0, 6);
}

/** Events read at once, in about a millisecond: what is asked for meanwhile waits for it. */
const STEP = 2_000;

/** @param db with its tables up to date */
export function openDedupIndex(db: Database): DedupIndex {
  const readFingerprints = db.prepare<{ id: number; fingerprint: number }>(
    "SELECT id, key_fingerprint AS fingerprint FROM events WHERE id > ? ORDER BY id LIMIT ?",
  );
  const readEvent = db.prepare<{ key: string; receivedAt: number }>(
    "SELECT key, received_at AS receivedAt FROM events WHERE id = ?",
  );
  const table = new FingerprintTable();
  let loadedTo = 0;
  let isLoaded = false;

  function loadNext(): boolean {
    if (isLoaded) return true;
    const rows = readFingerprints.all(loadedTo, STEP);
    for (const { fingerprint, id } of rows) table.add(fingerprint, id);
    loadedTo = rows.at(-1)?.id ?? loadedTo;
    isLoaded = rows.length < STEP;
    return isLoaded;
  }

  /** What is still unread could be what is asked for, or would be read a second time. */
  function loadAll(): FingerprintTable {
    while (!loadNext());
    return table;
  }

  return {
    loadNext: loadNext,
    find(key, fingerprint) {
      let latest: KnownEvent | undefined;
      for (const id of loadAll().find(fingerprint)) {
        const event = readEvent.get(id);
        if (event?.key === key && id > (latest?.id ?? 0)) latest = { id, receivedAt: event.receivedAt };
      }
      return latest;
    },
    add: (fingerprint, id) => loadAll().add(fingerprint, id),
    remove: (fingerprint, id) => loadAll().delete(fingerprint, id),
  };
}
