import { InboxError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import { createDatabase, type Database } from "./database";
import { loadPackages, type PgModule } from "./packages";
import { toInboxError } from "./postgres-errors";
import type { Tuning } from "./tuning";
import { createTurnQueue, type TurnQueue } from "./turn-queue";

/** The open connections. */
export interface Connected {
  readonly pg: PgModule;
  readonly database: Database;
  /** Not started by `connect`. */
  readonly turnQueue: TurnQueue;
}

export interface ConnectOptions {
  readonly url: string;
  readonly tuning: Tuning;
  /** Whether the tables of pg-boss are created and migrated. Otherwise they must exist. */
  readonly makesTables: boolean;
}

/**
 * Loads the packages, creates the connections and runs `work` with them.
 *
 * @returns the connections. Close them with `disconnect`
 * @throws InboxError if a package is missing, the URL is invalid or `work` rejects; then all connections are closed
 */
export async function connect(
  { url, tuning, makesTables }: ConnectOptions,
  log: Logger,
  work: (connected: Connected) => Promise<void>,
): Promise<Connected> {
  const { connectMs, statementMs, connections, heartbeatSeconds } = tuning;
  const { pg, pgBoss } = await loadPackages(tuning.importers);
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new InboxError(
      "inbox-failed",
      "DATABASE_URL is not a valid PostgreSQL URL. Expected postgres://user:password@host:5432/database. Percent-encode special characters in the password, for example / as %2F",
    );
  }
  const turnQueue = createTurnQueue(pgBoss, { url, connectMs, heartbeatSeconds, makesTables }, log);
  const database = createDatabase(pg, { url, connections, connectMs, statementMs }, log);
  const connected: Connected = { pg, database, turnQueue };
  try {
    await work(connected);
  } catch (error) {
    await disconnect(connected);
    throw toInboxError("opening", error);
  }
  return connected;
}

/** Closes the connections. Never rejects. */
export async function disconnect({ turnQueue, database }: Connected): Promise<void> {
  await Promise.allSettled([turnQueue.stop(), database.close()]);
}
