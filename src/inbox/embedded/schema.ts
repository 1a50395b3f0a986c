import type { Database } from "./sqlite";

/**
 * Migration steps. The first one starts from an empty file. Never edit a released step.
 *
 * - `events`: the key of each stored event. Keys have no index, see `DedupIndex`.
 * - `waiting`: events that are not settled. A table of its own, so that a query for them reads no settled event, and the
 *   pages of long notices are free again once they are settled.
 * - `dead`: dead letters. `journal`, `traces`: entries and traces of events.
 * - `records`: small values by key. `sent`: messages that calls posted.
 * - `counters`: one row, because `count(*)` reads whole tables. `admin_requests`: requests of other processes.
 *
 * The tables share the ids of events, which grow with arrival. `backlog.ts` has the states of an event.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    key_digest BLOB NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    dropped_because TEXT,
    discarded_because TEXT
  ) STRICT;
  CREATE TABLE waiting (
    id INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0,
    wait_ms INTEGER NOT NULL DEFAULT 0,
    interruptions INTEGER NOT NULL DEFAULT 0,
    code TEXT,
    message TEXT,
    notice TEXT NOT NULL
  ) STRICT;
  CREATE TABLE dead (
    id INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    died_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    holds INTEGER NOT NULL,
    notice TEXT NOT NULL
  ) STRICT;
  CREATE INDEX held ON dead (id) WHERE holds = 1;
  CREATE TABLE journal (
    event INTEGER NOT NULL,
    place TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (event, place)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE traces (
    event INTEGER NOT NULL,
    at INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    steps TEXT NOT NULL,
    PRIMARY KEY (event, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE records (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX expiring ON records (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE errands (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    event INTEGER NOT NULL,
    reason TEXT NOT NULL,
    deadline INTEGER NOT NULL,
    outcome INTEGER
  ) STRICT;
  CREATE TABLE totals (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    last_id INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    remembered INTEGER NOT NULL,
    closed_cleanly INTEGER NOT NULL
  ) STRICT;
  INSERT INTO totals VALUES (1, 0, 0, 0, 0, 1);
  `,
  // The print of a key is the first part of its digest, which had an index.
  `
  CREATE TABLE events_by_print (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    key_print INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    dropped_because TEXT,
    discarded_because TEXT
  ) STRICT;
  INSERT INTO events_by_print
    SELECT id, key, ${numberOf("hex(key_digest)", 12)}, received_at, dropped_because, discarded_because FROM events;
  DROP TABLE events;
  ALTER TABLE events_by_print RENAME TO events;
  `,
  // How often a handler of the event blocked the process, and where it did last.
  `
  ALTER TABLE waiting ADD COLUMN blocked_times INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE waiting ADD COLUMN blocked_where TEXT;
  `,
  // Messages that calls posted, so that no other call claims them.
  `
  CREATE TABLE sent (
    seq INTEGER PRIMARY KEY,
    print INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  `,
  // `failure` is the last failure as JSON. `failing_since` is 0 before the first failure. An event that has lost its place
  // waits in a separate conversation, and `aside_from` is its original one.
  `
  ALTER TABLE waiting ADD COLUMN failure TEXT;
  ALTER TABLE waiting ADD COLUMN failing_since INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE waiting ADD COLUMN aside_from TEXT;
  UPDATE waiting SET failure = json_object('code', code, 'message', message) WHERE code IS NOT NULL;
  ALTER TABLE waiting DROP COLUMN message;
  ALTER TABLE dead ADD COLUMN failure TEXT;
  UPDATE dead SET failure = json_object('code', code, 'message', message);
  ALTER TABLE dead DROP COLUMN message;
  `,
  // The names that the code uses. A trace is JSON and contains one of them.
  `
  ALTER TABLE errands RENAME TO admin_requests;
  ALTER TABLE totals RENAME TO counters;
  ALTER TABLE waiting RENAME COLUMN interruptions TO crash_count;
  ALTER TABLE events RENAME COLUMN key_print TO key_fingerprint;
  ALTER TABLE sent RENAME COLUMN print TO fingerprint;
  UPDATE traces SET steps = replace(steps, '"interruptions":', '"crashCount":');
  `,
];

/** @returns SQL that converts the first hexadecimal digits of an expression to a number */
function numberOf(hex: string, digits: number): string {
  const values = Array.from({ length: digits }, (_, at) => {
    const digit = `instr('0123456789ABCDEF', substr(${hex}, ${at + 1}, 1)) - 1`;
    return `(${digit}) * ${16 ** (digits - 1 - at)}`;
  });
  return values.join(" + ");
}

/**
 * Creates or migrates the tables.
 * @throws Error if a newer version or another program wrote the file, which is not changed then
 */
export function migrate(db: Database, steps: readonly string[] = MIGRATIONS): void {
  const version = db.prepare<{ user_version: number }>("PRAGMA user_version").get()?.user_version ?? 0;
  if (version > steps.length) {
    throw new Error(
      `it was written by a newer version of Bellhop (format ${version}, this one knows ${steps.length}). Start the newer version, or choose another DATA_DIR`,
    );
  }
  if (version === 0 && hasTables(db)) {
    throw new Error(
      "it is a database of another program and was not changed. Choose another DATA_DIR, or move the file away",
    );
  }
  steps.slice(version).forEach((step, index) => {
    db.exec(`BEGIN; ${step} PRAGMA user_version = ${version + index + 1}; COMMIT`);
  });
}

function hasTables(db: Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema").get() !== undefined;
}
