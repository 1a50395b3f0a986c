import { accessSync, constants, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "./sqlite";

/** Checks that a write would succeed. */
export interface WriteProbe {
  /** Reports that a group was written, so that the next check need not write. */
  succeeded(): void;
  /** Reports that a group was not written, so that the next check writes. */
  failed(): void;
  /** @throws Error that says why no event can be written */
  check(): void;
}

/** Time after a write in which a check does not write, in milliseconds. Each write costs a sync of the disk. */
const PROOF_MS = 10_000;
/** Free space that a large delivery needs, in bytes. With less, only small deliveries would be accepted. */
const LEAST_FREE_BYTES = 1_048_576;

/** Adds an event and rolls back, which fails if a table is missing or damaged. */
function tryAdding(db: Database): void {
  try {
    db.exec(`BEGIN IMMEDIATE;
      INSERT INTO events (id, key, key_fingerprint, received_at) VALUES (-1, '', 0, 0);
      INSERT INTO waiting (id, conversation, received_at, notice) VALUES (-1, '', 0, '{}');
      ROLLBACK`);
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function rollBack(db: Database): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // The transaction had not begun, or SQLite has ended it.
  }
}

/** @param db with the inbox's tables */
export function createWriteProbe(db: Database, file: string): WriteProbe {
  const write = db.prepare("UPDATE counters SET closed_cleanly = closed_cleanly");
  let provenAt = Number.NEGATIVE_INFINITY;

  return {
    succeeded() {
      provenAt = performance.now();
    },
    failed() {
      provenAt = Number.NEGATIVE_INFINITY;
    },
    check() {
      accessSync(file, constants.W_OK);
      const { bavail, bsize, blocks } = statfsSync(dirname(file));
      // Some network file systems report a size of 0.
      if (blocks > 0 && bavail * bsize < LEAST_FREE_BYTES)
        throw new Error(
          `${bavail * bsize} bytes are free, ${LEAST_FREE_BYTES} are needed. Free space on the disk. The inbox continues by itself`,
        );
      if (performance.now() - provenAt < PROOF_MS) return;
      tryAdding(db);
      write.run();
      provenAt = performance.now();
    },
  };
}
