import { checkOptions, optionNames } from "../../core/definition-checks";
import { InboxError } from "../../core/errors";
import type { InboxAdmin } from "../../core/inbox";
import { type Logger, silentLogger } from "../../core/logger";
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

/** Connections of a desk: one question at a time, and one to spare. */
const CONNECTIONS = 2;

/**
 * Looks into an inbox in PostgreSQL, replays and discards, whether others work on it or not. It takes no event, gives
 * back nobody's lease, forgets nothing, and neither makes nor migrates tables.
 *
 * @param tuning for tests
 * @throws InboxError as `openPostgres` does; also when there is no inbox in the database, or one of another version
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
        "the inbox in PostgreSQL is closed here; nothing can be asked any more",
      );
    try {
      return await question();
    } catch (error) {
      throw toInboxError(doing, error);
    }
  }

  return {
    // Workers look for themselves.
    ...createAdminCalls(connected, ifOpen, () => {}),
    close() {
      closing ??= disconnect(connected);
      return closing;
    },
  };
}
