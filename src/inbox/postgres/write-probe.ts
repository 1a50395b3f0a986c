import { randomBytes } from "node:crypto";
import type { Database } from "./database";

/** More than what is free in the pages that the tables have, in bytes, so that a full disk shows. */
const BYTES = 256 * 1_024;

const ADD = "INSERT INTO bellhop.waiting (id, conversation, received_at, notice) VALUES (-1, '', 0, $1)";

/** Undoes the transaction in which it is thrown. */
class UndoError extends Error {
  override readonly name = "UndoError";
}

/**
 * Adds an event and takes it back.
 * @throws the database's error if it cannot store one, for example because its disk is full
 */
export async function tryStoring(database: Database): Promise<void> {
  try {
    await database.transact([], async (transaction) => {
      await transaction.query(ADD, [randomBytes(BYTES / 2).toString("hex")]);
      throw new UndoError();
    });
  } catch (error) {
    if (!(error instanceof UndoError)) throw error;
  }
}
