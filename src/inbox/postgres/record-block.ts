/** Loaded by the watchdog thread, because the connections of the inbox belong to the main thread, which is blocked. */
import { HandlerBlocksError } from "../../core/contract/errors";
import type { RecordBlock } from "../../core/contract/inbox";
import { describeFailure } from "../../core/handle/failures/describe-failure";
import { importers } from "./importers";
import type { PgModule } from "./packages";

const CONNECT_MS = 1_000;
const STATEMENT_MS = 1_000;

/** Writes through a separate connection. @param data URL of the database */
export const recordBlock: RecordBlock = async (data, event, where) => {
  // Asserted: the inbox was opened with the same package.
  const pg = (await importers.pg()) as PgModule;
  const client = new pg.Client({
    connectionString: String(data),
    application_name: "bellhop watchdog",
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS,
  });
  client.on("error", () => {}); // the statement reports it as well
  try {
    await client.connect();
    const { rows } = await client.query<{ times: number; notice: string }>(COUNT, [event, where]);
    const [counted] = rows;
    if (counted === undefined) return undefined;
    const failure = describeFailure(new HandlerBlocksError(counted.times, where));
    await client.query(KEEP_ERROR, [event, failure.code, JSON.stringify(failure)]);
    const { key } = JSON.parse(counted.notice) as { key: string }; // the inbox wrote it
    return { times: counted.times, key };
  } finally {
    // Not awaited, because the process is about to end.
    client.end().catch(() => {});
  }
};

const COUNT = `
  UPDATE bellhop.waiting SET blocked_times = blocked_times + 1, blocked_where = $2 WHERE id = $1
  RETURNING blocked_times AS times, notice`;

const KEEP_ERROR = "UPDATE bellhop.waiting SET code = $2, failure = $3 WHERE id = $1";
