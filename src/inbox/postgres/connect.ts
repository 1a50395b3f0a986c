import { InboxError } from "../../core/errors";
import type { Logger } from "../../core/logger";
import { createDatabase, type Database } from "./database";
import { loadPackages, type PgModule } from "./packages";
import { toInboxError } from "./postgres-errors";
import type { Tuning } from "./tuning";
import { createTurnQueue, type TurnQueue } from "./turn-queue";

/** What speaks to the database. */
export interface Connected {
  readonly pg: PgModule;
  readonly database: Database;
  /** Started by `work`, or not at all. */
  readonly turnQueue: TurnQueue;
}

export interface ConnectOptions {
  readonly url: string;
  readonly tuning: Tuning;
  /** Whether the tables of pg-boss are made and brought up to date, or have to be there. */
  readonly makesTables: boolean;
}

/**
 * Loads the packages and does the first work with the database.
 *
 * @returns what `work` was given, for the caller to stop and close
 * @throws InboxError when a package is missing, the address is none, or `work` rejects; then nothing stays open
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
      "DATABASE_URL is no address of a PostgreSQL database; expected postgres://user:password@host:5432/database, with characters such as / and @ in the password written as %2F and %40",
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

/** Never rejects. */
export async function disconnect({ turnQueue, database }: Connected): Promise<void> {
  await Promise.allSettled([turnQueue.stop(), database.close()]);
}
