import { checkOptions, optionNames } from "../../core/contract/check-options";
import type { Inbox } from "../../core/contract/inbox";
import { type Logger, silentLogger } from "../../core/contract/logger";
import { connect } from "./connect";
import { createInbox } from "./inbox";
import { makeRetriesDue, repairTurns } from "./repair-turns";
import { migrate } from "./schema";
import { type Tuning, withDefaults } from "./tuning";

export { openPostgresAdmin, type PostgresAdminOptions } from "./admin";
export { type MigrateOptions, migratePostgres } from "./migrate";

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. The inbox uses the schema `bellhop`. */
  readonly databaseUrl: string;
  readonly log?: Logger | undefined;
  /** Time for which a settled event is stored to detect duplicates, in milliseconds. @default 604_800_000, a week */
  readonly rememberMs?: number | undefined;
  /** Largest number of settled events that are stored to detect duplicates. @default 1_000_000 */
  readonly rememberCount?: number | undefined;
  /** Clock, in milliseconds since 1970. It may jump. @default Date.now */
  readonly now?: (() => number) | undefined;
}

const OPTIONS = optionNames<PostgresOptions>({
  databaseUrl: true,
  log: true,
  rememberMs: true,
  rememberCount: true,
  now: true,
});

/**
 * Opens the inbox in a PostgreSQL database, which any number of receivers and workers share.
 *
 * While the database cannot be reached, `add` rejects and `take` waits. Both work again when it is back. If a process
 * crashes, its events are leased again 10 to 25 seconds later.
 *
 * @param tuning for tests
 * @throws InboxError if `pg` or `pg-boss` is not installed, if the database cannot be reached or written, or if a newer
 * version created its tables
 */
export async function openPostgres(options: PostgresOptions, tuning: Partial<Tuning> = {}): Promise<Inbox> {
  checkOptions("openPostgres", options, OPTIONS);
  const log = options.log ?? silentLogger;
  const settings = withDefaults(tuning);
  const { databaseUrl: url, now: clock = Date.now } = options;
  const { database, turnQueue } = await connect(
    { url, tuning: settings, makesTables: true },
    log,
    async (made) => {
      await migrate(made.pg, url, settings.connectMs, () => made.turnQueue.start());
      await repairTurns(made.database, made.turnQueue);
      await makeRetriesDue(made, settings.restartSpreadMs, clock());
    },
  );
  log.info("inbox opened", { in: "PostgreSQL" });
  return createInbox({
    databaseUrl: url,
    database,
    turnQueue,
    log,
    clock,
    rememberMs: options.rememberMs ?? WEEK_MS,
    rememberCount: options.rememberCount ?? 1_000_000,
    tuning: settings,
  });
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;
