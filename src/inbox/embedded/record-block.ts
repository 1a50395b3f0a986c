/** Loaded by the watchdog thread, because the store thread gets its requests from the main thread, which is blocked. */
import { HandlerBlocksError } from "../../core/contract/errors";
import type { RecordBlock } from "../../core/contract/inbox";
import { describeFailure } from "../../core/handle/failures/describe-failure";
import { openDatabase } from "./sqlite";

/** Writes through a separate connection. @param data path of the inbox file */
export const recordBlock: RecordBlock = async (data, event, where) => {
  const db = openDatabase(String(data));
  try {
    // The store thread may be writing a group.
    db.exec("PRAGMA busy_timeout = 2000; PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
    const counted = db
      .prepare<{ times: number; key: string }>(
        `UPDATE waiting SET blocked_times = blocked_times + 1, blocked_where = ? WHERE id = ?
         RETURNING blocked_times AS times, json_extract(notice, '$.key') AS key`,
      )
      .get(where, event);
    if (counted === undefined) return undefined;
    const failure = describeFailure(new HandlerBlocksError(counted.times, where));
    db.prepare("UPDATE waiting SET code = ?, failure = ? WHERE id = ?").run(
      failure.code,
      JSON.stringify(failure),
      event,
    );
    db.exec("COMMIT");
    return { times: counted.times, key: counted.key };
  } finally {
    db.close();
  }
};
