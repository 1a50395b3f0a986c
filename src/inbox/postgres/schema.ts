import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InboxError } from "../../core/errors";
import type { Statements } from "./database";
import type { PgModule } from "./packages";

const FOLDER = join(__dirname, "migrations");
/** Any number that nobody else uses: whoever holds it makes or changes the tables. */
const LOCK = "4837526116385420";

interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Makes the schema `bellhop` with its tables, or brings those of an older version up to date, one process at a time.
 *
 * @param andThen what else has to be made while nobody else does
 * @throws InboxError when the tables were made by a newer version; they are left as they are
 */
export async function migrate(
  pg: PgModule,
  url: string,
  connectMs: number,
  andThen: () => Promise<void>,
): Promise<void> {
  // A connection of its own: changing a large table may take longer than a statement otherwise may.
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    application_name: "bellhop",
  });
  client.on("error", () => {}); // heard by the statement as well
  try {
    await client.connect();
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS bellhop;
      CREATE TABLE IF NOT EXISTS bellhop.migrations (
        version integer PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`);
    const { rows } = await client.query<{ version: number }>(
      "SELECT coalesce(max(version), 0) AS version FROM bellhop.migrations",
    );
    const found = rows[0]?.version ?? 0;
    const migrations = readMigrations();
    const known = migrations.at(-1)?.version ?? 0;
    if (found > known) throw tooNew(found, known);
    for (const { version, sql } of migrations.filter((migration) => migration.version > found)) {
      await client.query(
        `BEGIN; ${sql}; INSERT INTO bellhop.migrations (version) VALUES (${version}); COMMIT`,
      );
    }
    await andThen();
  } finally {
    await client.end(); // and with it the lock
  }
}

/**
 * Looks whether the tables are there and of this version; changes nothing.
 * @throws InboxError that says what to do when they are not
 */
export async function checkSchema(database: Statements): Promise<void> {
  const [place] = await database.query<{ isThere: boolean }>(
    `SELECT to_regclass('bellhop.migrations') IS NOT NULL AS "isThere"`,
  );
  if (place?.isThere !== true) {
    throw new InboxError(
      "inbox-failed",
      "there is no inbox in the database. It is made when the bot is started, or with bellhop inbox migrate; is DATABASE_URL what it is for the bot?",
    );
  }
  const [row] = await database.query<{ found: number }>(
    "SELECT coalesce(max(version), 0) AS found FROM bellhop.migrations",
  );
  const found = row?.found ?? 0;
  const known = readMigrations().at(-1)?.version ?? 0;
  if (found > known) throw tooNew(found, known);
  if (found < known) {
    throw new InboxError(
      "inbox-failed",
      `the schema bellhop in the database was made by an older version of Bellhop (format ${found}, this one has ${known}). Bring it up to date with bellhop inbox migrate, or by starting the bot`,
    );
  }
}

function tooNew(found: number, known: number): InboxError {
  return new InboxError(
    "inbox-failed",
    `the schema bellhop in the database was made by a newer version of Bellhop (format ${found}, this one knows ${known}). Start the newer version, or choose another DATABASE_URL`,
  );
}

/** `0001-inbox.sql` and its successors. A file that was released is never edited. */
function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({ version: Number(file.slice(0, 4)), sql: readFileSync(join(FOLDER, file), "utf8") }));
}
