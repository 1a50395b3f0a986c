import { hash } from "node:crypto";
import { KeyTable } from "./fingerprint-table";
import type { Database } from "./sqlite";

/** An event that has a key. */
export interface Known {
  readonly id: number;
  /** In milliseconds since 1970. */
  readonly receivedAt: number;
}

/**
 * The keys that are remembered, so that what comes again is recognised. They come in no order: in an index on the disk each
 * would change a page of its own, and all these pages being copied back from the log is what senders would wait for.
 * So they are found in memory, by a print that is kept with each event; the key itself is compared where a print is found.
 */
export interface KnownKeys {
  /** Reads some of what the file remembers. @returns whether that was all */
  learn(): boolean;
  /** The event that has the key; of several, the one that came last. */
  find(key: string, print: number): Known | undefined;
  /** An event has come that has this print. */
  add(print: number, id: number): void;
  /** It has not come after all, or is forgotten. */
  remove(print: number, id: number): void;
}

/** Where a key stands in the table: 48 bits of its SHA-256. */
export function printOf(key: string): number {
  return hash("sha256", key, "buffer").readUIntBE(0, 6);
}

/** Events read at once, in about a millisecond: what is asked for meanwhile waits for it. */
const STEP = 2_000;

/** @param db with its tables up to date */
export function openKnownKeys(db: Database): KnownKeys {
  const readPrints = db.prepare<{ id: number; print: number }>(
    "SELECT id, key_print AS print FROM events WHERE id > ? ORDER BY id LIMIT ?",
  );
  const readEvent = db.prepare<{ key: string; receivedAt: number }>(
    "SELECT key, received_at AS receivedAt FROM events WHERE id = ?",
  );
  const table = new KeyTable();
  let learntTo = 0;
  let hasLearnt = false;

  function learn(): boolean {
    if (hasLearnt) return true;
    const rows = readPrints.all(learntTo, STEP);
    for (const { print, id } of rows) table.add(print, id);
    learntTo = rows.at(-1)?.id ?? learntTo;
    hasLearnt = rows.length < STEP;
    return hasLearnt;
  }

  /** What is still unread could be what is asked for, or would be read a second time. */
  function learnAll(): KeyTable {
    while (!learn());
    return table;
  }

  return {
    learn,
    find(key, print) {
      let latest: Known | undefined;
      for (const id of learnAll().find(print)) {
        const event = readEvent.get(id);
        if (event?.key === key && id > (latest?.id ?? 0)) latest = { id, receivedAt: event.receivedAt };
      }
      return latest;
    },
    add: (print, id) => learnAll().add(print, id),
    remove: (print, id) => learnAll().delete(print, id),
  };
}
