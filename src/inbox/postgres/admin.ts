import { checkOptions, optionNames } from "../../core/contract/check-options";
import { InboxError } from "../../core/contract/errors";
import type { InboxAdmin } from "../../core/contract/inbox";
import { type Logger, silentLogger } from "../../core/contract/logger";
import { createAdminCalls } from "./admin-calls";
import { connect, disconnect } from "./connect";
import { toInboxError } from "./postgres-errors";
import { checkSchema } from "./schema";
import { type Tuning, withDefaults } from "./tuning";

export interface PostgresAdminOptions {
  /** `postgres://user:password@host:5432/database` */
  readonly databaseUrl: string;
  readonly log?: Logger | undefined;
}

const OPTIONS = optionNames<PostgresAdminOptions>({ databaseUrl: true, log: true });

/** Connections of an admin: one for its query, and a spare one. */
const CONNECTIONS = 2;

/**
 * Opens an inbox in PostgreSQL for an operator, beside its workers. It leases and deletes no events, recovers no leases, and
 * does not create or migrate tables.
 *
 * @param tuning for tests
 * @throws InboxError as `openPostgres` does, and if the database has no inbox or one with a different format
 */
export async function openPostgresAdmin(
  options: PostgresAdminOptions,
  tuning: Partial<Tuning> = {},
): Promise<InboxAdmin> {
  checkOptions("openPostgresAdmin", options, OPTIONS);
  const { databaseUrl: url, log = silentLogger } = options;
  const settings = withDefaults({ connections: CONNECTIONS, ...tuning });
  const connected = await connect(
    { url, tuning: settings, makesTables: false },
    log,
    async ({ database, turnQueue }) => {
      await checkSchema(database);
      await turnQueue.start();
    },
  );
  let closing: Promise<void> | undefined;

  async function ifOpen<T>(doing: string, question: () => Promise<T>): Promise<T> {
    if (closing !== undefined)
      throw new InboxError(
        "inbox-closed",
        "this connection to the inbox in PostgreSQL is closed. Open a new one",
      );
    try {
      return await question();
    } catch (error) {
      throw toInboxError(doing, error);
    }
  }

  return {
    // Workers poll for themselves.
    ...createAdminCalls(connected, ifOpen, () => {}),
    close() {
      closing ??= disconnect(connected);
      return closing;
    },
  };
}
