import { LeaseLostError, RecordConflictError } from "../../core/contract/errors";
import type { Claim } from "../../core/contract/inbox";
import type { RecordChange } from "../../core/contract/records";
import type { Database, Statements } from "./database";
import { formatId } from "./event-ids";
import { insertNotes } from "./journal-writes";
import { toInboxError } from "./postgres-errors";
import { lockOf, writeRecords } from "./records";
import { claimSent } from "./sent-table";
import type { TakenTurn, TurnQueue } from "./turn-queue";

/** The event and the call that a write belongs to. */
export interface CallPosition {
  readonly turn: TakenTurn;
  /** Id of the event, as digits. */
  readonly id: string;
  readonly place: string;
  readonly at: number;
}

interface Parts {
  readonly database: Database;
  readonly turnQueue: TurnQueue;
}

/** Claims the first message that belongs to no call. @returns its index, `undefined` if all belong to calls */
export function writeClaim(
  call: CallPosition,
  candidates: readonly Claim[],
  parts: Parts,
): Promise<number | undefined> {
  return whileHeld(call, [], "claiming a message", parts, async (transaction) => {
    for (const [index, { message, entry }] of candidates.entries()) {
      if (!(await claimSent(message, call.at, transaction))) continue;
      await insertNotes([{ ...call, entry: JSON.stringify(entry) }], transaction);
      return index;
    }
    return undefined;
  });
}

/** Writes records and a journal entry. @throws RecordConflictError if a record had changed; then nothing was written */
export function writeChange(
  call: CallPosition,
  records: readonly RecordChange[],
  entry: string,
  parts: Parts,
): Promise<void> {
  const locks = records.map(({ key }) => lockOf(key));
  return whileHeld(call, locks, "changing records", parts, async (transaction) => {
    const conflicts = await writeRecords(records, call.at, transaction);
    if (conflicts.length > 0) throw new RecordConflictError(conflicts);
    await insertNotes([{ ...call, entry }], transaction);
  });
}

/** Runs a transaction, which is rolled back if the lease is not held any more. */
async function whileHeld<T>(
  { turn, id }: CallPosition,
  locks: readonly string[],
  doing: string,
  { database, turnQueue }: Parts,
  work: (transaction: Statements) => Promise<T>,
): Promise<T> {
  try {
    return await database.transact([turn.conversation, ...locks], async (transaction) => {
      if ((await turnQueue.touch([turn], transaction)).size !== 1) throw new LeaseLostError(formatId(id));
      return work(transaction);
    });
  } catch (error) {
    throw error instanceof RecordConflictError ? error : toInboxError(doing, error);
  }
}
