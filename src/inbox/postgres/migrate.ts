import { checkOptions, optionNames } from "../../core/contract/check-options";
import { type Logger, silentLogger } from "../../core/contract/logger";
import { connect, disconnect } from "./connect";
import { migrate } from "./schema";
import { type Tuning, withDefaults } from "./tuning";

export interface MigrateOptions {
  /** `postgres://user:password@host:5432/database` */
  readonly databaseUrl: string;
  readonly log?: Logger | undefined;
}

const OPTIONS = optionNames<MigrateOptions>({ databaseUrl: true, log: true });

/**
 * Creates or migrates the tables of an inbox in PostgreSQL. `openPostgres` does so too. Use this function to migrate before
 * a deployment. Several processes may call it at once.
 *
 * @param tuning for tests
 * @throws InboxError as `openPostgres` does
 */
export async function migratePostgres(options: MigrateOptions, tuning: Partial<Tuning> = {}): Promise<void> {
  checkOptions("migratePostgres", options, OPTIONS);
  const settings = withDefaults(tuning);
  const { databaseUrl: url, log = silentLogger } = options;
  const connected = await connect({ url, tuning: settings, makesTables: true }, log, ({ pg, turnQueue }) =>
    migrate(pg, url, settings.connectMs, () => turnQueue.start()),
  );
  await disconnect(connected);
}
