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
 * Finds duplicates by the keys of stored events.
 *
 * The index is in memory. Keys arrive in random order, so that an index in the file would change one page for each event,
 * and senders would wait while the checkpoint copies these pages. The file has a fingerprint of each key. If a fingerprint
 * matches, the key itself is compared.
 */
export interface DedupIndex {
  /** Loads the next part of the file. @returns whether all is loaded */
  loadNext(): boolean;
  /** @returns the newest event with this key */
  find(key: string, fingerprint: number): KnownEvent | undefined;
  /** Adds an event. */
  add(fingerprint: number, id: number): void;
  /** Removes an event that was rolled back or pruned. */
  remove(fingerprint: number, id: number): void;
}

/** @returns 48 bits of the SHA-256 digest of a key */
export function fingerprintOf(key: string): number {
  return hash("sha256", key, "buffer").readUIntBE(0, 6);
}

/** Events of one step, which takes about a millisecond. Requests wait for it. */
const STEP = 2_000;

/** Opens the index, empty. @param db with current tables */
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

  /** Loads the rest: an unread row may be the duplicate, or would be loaded twice. */
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
