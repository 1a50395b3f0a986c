import { accessSync, constants, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "./sqlite";

/** Proves that a write would succeed. */
export interface WriteProbe {
  /** A group was written: the next check need not write. */
  succeeded(): void;
  /** A group could not be written: the next check writes. */
  failed(): void;
  /** @throws Error that says why nothing can be written */
  check(): void;
}

/** How long a write proves that the next one succeeds, in milliseconds. Each proof costs a sync of the disk. */
const PROOF_MS = 10_000;
/** What a large delivery needs, in bytes. With less, small ones would be accepted and large ones refused. */
const LEAST_FREE_BYTES = 1_048_576;

/** Adds an event and takes it back: a table that is missing or damaged shows. */
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
    // It had not begun, or SQLite has ended it.
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
      // Some network file systems do not know their size.
      if (blocks > 0 && bavail * bsize < LEAST_FREE_BYTES)
        throw new Error(
          `${bavail * bsize} bytes are free, ${LEAST_FREE_BYTES} are needed. Free space on the disk; the inbox goes on by itself`,
        );
      if (performance.now() - provenAt < PROOF_MS) return;
      tryAdding(db);
      write.run();
      provenAt = performance.now();
    },
  };
}
