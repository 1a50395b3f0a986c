import type { Database } from "./sqlite";

/**
 * Steps that bring a file up to date, the first one from an empty file. A step that was released is never edited.
 *
 * `events` remembers every key, `waiting` holds what is not settled yet, `dead` what was given up; `journal` and
 * `traces` belong to events. The ids are the same everywhere and grow with arrival. What waits has a table of its own, so that it is found without reading what does not,
 * and so that the pages of long notices are free again as soon as these are settled. Keys have no index: they are found in
 * memory, see `KnownKeys`. The totals are kept because counting reads whole tables. `errands` is what another process, a command say, asks of the one that has the file.
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
  // The print of a key is the beginning of the digest that had an index.
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
  // How often the watchdog found that a handler of the event blocks the process, and where last.
  `
  ALTER TABLE waiting ADD COLUMN blocked_times INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE waiting ADD COLUMN blocked_where TEXT;
  `,
  // Messages that a call has posted, so that no other call takes them for its own.
  `
  CREATE TABLE sent (
    seq INTEGER PRIMARY KEY,
    print INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  `,
  // `failure` is why it failed last, as JSON; `failing_since` is 0 before the first failure. An event that has lost its
  // place waits in a conversation of its own, and `aside_from` is the one it was in.
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
  // The words of the code. The path of an attempt is JSON that names its fields.
  `
  ALTER TABLE errands RENAME TO admin_requests;
  ALTER TABLE totals RENAME TO counters;
  ALTER TABLE waiting RENAME COLUMN interruptions TO crash_count;
  ALTER TABLE events RENAME COLUMN key_print TO key_fingerprint;
  ALTER TABLE sent RENAME COLUMN print TO fingerprint;
  UPDATE traces SET steps = replace(steps, '"interruptions":', '"crashCount":');
  `,
];

/** SQL for the number that the first hexadecimal digits of an expression are. */
function numberOf(hex: string, digits: number): string {
  const values = Array.from({ length: digits }, (_, at) => {
    const digit = `instr('0123456789ABCDEF', substr(${hex}, ${at + 1}, 1)) - 1`;
    return `(${digit}) * ${16 ** (digits - 1 - at)}`;
  });
  return values.join(" + ");
}

/**
 * Makes the tables, or brings those of an older version up to date.
 * @throws Error when the file was written by a newer version, or by another program; it is left as it is
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
      "it is a database of another program and was left as it is. Choose another DATA_DIR, or move the file away",
    );
  }
  steps.slice(version).forEach((step, index) => {
    db.exec(`BEGIN; ${step} PRAGMA user_version = ${version + index + 1}; COMMIT`);
  });
}

function hasTables(db: Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema").get() !== undefined;
}
