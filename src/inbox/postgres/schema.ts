import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InboxError } from "../../core/contract/errors";
import type { Statements } from "./database";
import type { PgModule } from "./packages";

const FOLDER = join(__dirname, "migrations");
/** An arbitrary number. A process must hold this lock to create or migrate the tables. */
const LOCK = "4837526116385420";

interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Creates the schema `bellhop` or migrates its tables, one process at a time.
 *
 * @param andThen further work under the same lock
 * @throws InboxError if a newer version created the tables, which are not changed then
 */
export async function migrate(
  pg: PgModule,
  url: string,
  connectMs: number,
  andThen: () => Promise<void>,
): Promise<void> {
  // A separate connection without a statement timeout, because changing a large table takes long.
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    application_name: "bellhop",
  });
  client.on("error", () => {}); // the statement rejects as well
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
    await client.end(); // releases the lock
  }
}

/**
 * Checks that the tables exist and have the current format.
 * @throws InboxError with the remedy if they do not
 */
export async function checkSchema(database: Statements): Promise<void> {
  const [place] = await database.query<{ isThere: boolean }>(
    `SELECT to_regclass('bellhop.migrations') IS NOT NULL AS "isThere"`,
  );
  if (place?.isThere !== true) {
    throw new InboxError(
      "inbox-failed",
      "the database has no inbox. The bot creates it at its first start, as does bellhop inbox migrate. If the bot has been started, set DATABASE_URL to the bot's value",
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
      `the schema bellhop in the database was created by an older version of Bellhop (format ${found}, this one has ${known}). Run bellhop inbox migrate, or start the bot`,
    );
  }
}

function tooNew(found: number, known: number): InboxError {
  return new InboxError(
    "inbox-failed",
    `the schema bellhop in the database was created by a newer version of Bellhop (format ${found}, this one knows ${known}). Start the newer version, or choose another DATABASE_URL`,
  );
}

/** Reads `0001-inbox.sql` and its successors. Never edit a released file. */
function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({ version: Number(file.slice(0, 4)), sql: readFileSync(join(FOLDER, file), "utf8") }));
}
