import { createHash } from "node:crypto";
import { reached } from "../../core/fault-points";
import type { Logger } from "../../core/logger";
import type { PgModule } from "./packages";
import { isCollision } from "./postgres-errors";

/** Where statements are sent: the pool, or one transaction. */
export interface Statements {
  // Rows are what the statement next to the call selects; the driver's own types say `any`.
  query<Row = unknown>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** The database, behind a pool of connections that come back by themselves. */
export interface Database extends Statements {
  /**
   * All of `work` or nothing; done again when others were in its way. The conversations are locked against every
   * other receiver and worker until its end.
   */
  transact<T>(conversations: Iterable<string>, work: (transaction: Statements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly connections: number;
  /** How long to wait for a connection, in milliseconds. */
  readonly connectMs: number;
  /** How long one statement may take, in milliseconds; the server's limit, and a little later ours. */
  readonly statementMs: number;
}

/** How often a transaction is done in all when others are in its way. */
const TRIES = 4;
/** By which the server may be late with its answer that a statement took too long, in milliseconds. */
const ANSWER_MS = 1_000;

/** Opens nothing yet: connections are made when they are needed. */
export function createDatabase(pg: PgModule, rules: DatabaseOptions, log: Logger): Database {
  const pool = new pg.Pool({
    connectionString: rules.url,
    application_name: "bellhop",
    max: rules.connections,
    connectionTimeoutMillis: rules.connectMs,
    statement_timeout: rules.statementMs,
    query_timeout: rules.statementMs + ANSWER_MS,
    // A process that is stopped in the middle must not keep its locks for ever.
    idle_in_transaction_session_timeout: rules.statementMs,
    keepAlive: true,
  });
  // Of a connection that nobody uses at the moment. The next one who needs it gets a new one, or the error.
  pool.on("error", (error) => log.debug("a connection to the database was lost", { error: error.message }));

  async function transactOnce<T>(
    locks: readonly string[],
    work: (transaction: Statements) => Promise<T>,
  ): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    // Heard by the statement as well; without a listener it would end the process.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on("error", onError);
    try {
      await client.query("BEGIN");
      if (locks.length > 0) await client.query(LOCK, [locks]);
      reached("inbox.group-begun");
      const result = await work({
        query: async (text, values) => (await client.query(text, values && [...values])).rows,
      });
      reached("inbox.group-written");
      await client.query("COMMIT");
      reached("inbox.group-committed");
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

// Advisory locks need no row, end with their transaction and are taken in the order of the array.
const LOCK = "SELECT pg_advisory_xact_lock(lock) FROM unnest($1::bigint[]) AS lock";

/** 64 bits of each conversation's name, in ascending order so that no two transactions wait for each other. */
function toLocks(conversations: Iterable<string>): string[] {
  const locks = new Set<bigint>();
  for (const name of conversations) locks.add(createHash("sha256").update(name).digest().readBigInt64BE());
  return [...locks].sort((a, b) => (a < b ? -1 : 1)).map(String);
}
