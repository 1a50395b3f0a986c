import { createHash } from "node:crypto";
import type { Logger } from "../../core/contract/logger";
import { failpoint } from "../../core/util/failpoints";
import type { PgModule } from "./packages";
import { isCollision } from "./postgres-errors";

/** Runs statements: the pool, or one transaction. */
export interface Statements {
  // The caller's statement decides the type of the rows.
  query<Row = unknown>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** The database, with a pool of connections. */
export interface Database extends Statements {
  /**
   * Runs `work` in a transaction, and repeats it if another transaction prevented it. Locks the conversations against all
   * other receivers and workers until the end.
   */
  transact<T>(conversations: Iterable<string>, work: (transaction: Statements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly connections: number;
  /** Longest wait for a connection, in milliseconds. */
  readonly connectMs: number;
  /** Longest time of a statement, in milliseconds. The client waits a little longer than the server. */
  readonly statementMs: number;
}

/** Most attempts of a transaction. */
const TRIES = 4;
/** Time for the answer that a statement took too long, in milliseconds. */
const ANSWER_MS = 1_000;

/** Creates the pool. It connects when a statement needs a connection. */
export function createDatabase(pg: PgModule, rules: DatabaseOptions, log: Logger): Database {
  const pool = new pg.Pool({
    connectionString: rules.url,
    application_name: "bellhop",
    max: rules.connections,
    connectionTimeoutMillis: rules.connectMs,
    statement_timeout: rules.statementMs,
    query_timeout: rules.statementMs + ANSWER_MS,
    // A process that is suspended during a transaction must not keep its locks.
    idle_in_transaction_session_timeout: rules.statementMs,
    keepAlive: true,
  });
  // An idle connection was lost. The next statement gets a new one, or the error.
  pool.on("error", (error) => log.debug("a connection to the database was lost", { error: error.message }));

  async function transactOnce<T>(
    locks: readonly string[],
    work: (transaction: Statements) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    // The statement rejects as well. Without a listener the event would end the process.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on("error", onError);
    try {
      await client.query("BEGIN");
      if (locks.length > 0) await client.query(LOCK, [locks]);
      failpoint("inbox.group-begun");
      const result = await work({
        query: async (text, values) => (await client.query(text, values && [...values])).rows,
      });
      failpoint("inbox.group-written");
      await client.query("COMMIT");
      failpoint("inbox.group-committed");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch((failed: Error) => {
        broken = failed;
      });
      throw error;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }

  return {
    query: async (text, values) => (await pool.query(text, values && [...values])).rows,
    async transact(conversations, work) {
      const locks = toLocks(conversations);
      for (let tried = 1; ; tried++) {
        try {
          return await transactOnce(locks, work);
        } catch (error) {
          if (tried === TRIES || !isCollision(error)) throw error;
        }
      }
    },
    close: () => pool.end(),
  };
}

// Advisory locks need no row and end with the transaction.
const LOCK = "SELECT pg_advisory_xact_lock(lock) FROM unnest($1::bigint[]) AS lock";

/** @returns 64 bits of the digest of each name, in ascending order to avoid deadlocks */
function toLocks(conversations: Iterable<string>): string[] {
  const locks = new Set<bigint>();
  for (const name of conversations) locks.add(createHash("sha256").update(name).digest().readBigInt64BE());
  return [...locks].sort((a, b) => (a < b ? -1 : 1)).map(String);
}
