import { LeaseLostError } from "../../core/contract/errors";
import type { Database, Statements } from "./database";
import { formatId } from "./event-ids";
import { isUnwritable, NotHeldError, toInboxError } from "./postgres-errors";
import { addSent } from "./sent-table";
import type { TakenTurn, TurnQueue } from "./turn-queue";

/** A journal entry to write. */
export interface Note {
  readonly turn: TakenTurn;
  /** Id of the event, as digits. */
  readonly id: string;
  readonly place: string;
  /** JSON. */
  readonly entry: string;
  /** Platform, account and id of the message that the call posted, if it posted one. */
  readonly posted?: string | undefined;
  readonly at: number;
}

/**
 * Writes a group of notes whose leases are still held.
 * @returns for each note `undefined`, or an error if its lease is lost or the database refuses its data
 */
export async function writeNotes(
  group: readonly Note[],
  parts: { readonly database: Database; readonly turnQueue: TurnQueue },
): Promise<readonly (Error | undefined)[]> {
  const turns = new Map(group.map(({ turn }) => [turn.conversation, turn]));
  try {
    await parts.database.transact(turns.keys(), async (transaction) => {
      const held = [...turns.values()];
      if ((await parts.turnQueue.touch(held, transaction)).size !== held.length) throw new NotHeldError();
      await insertNotes(group, transaction);
      const posted = group.flatMap((note) => note.posted ?? []);
      await addSent(posted, group[0]?.at ?? 0, transaction);
    });
    return group.map(() => undefined);
  } catch (error) {
    const isNotHeld = error instanceof NotHeldError;
    if (!isNotHeld && !isUnwritable(error)) throw error;
    if (isNotHeld && turns.size === 1) return group.map(({ id }) => new LeaseLostError(formatId(id)));
    if (group.length === 1) return [toInboxError("noting", error)];
    const results: (Error | undefined)[] = [];
    for (const note of group) results.push(...(await writeNotes([note], parts)));
    return results;
  }
}

/** Inserts entries in a transaction. Of two entries for one place, the later one is stored. */
export async function insertNotes(
  notes: readonly Pick<Note, "id" | "place" | "entry">[],
  transaction: Statements,
): Promise<void> {
  const last = [...new Map(notes.map((note) => [`${note.id}/${note.place}`, note])).values()];
  await transaction.query(NOTE, [
    last.map(({ id }) => id),
    last.map(({ place }) => place),
    last.map(({ entry }) => entry),
  ]);
}

const NOTE = `
  INSERT INTO bellhop.journal (event, place, entry)
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])
  ON CONFLICT (event, place) DO UPDATE SET entry = excluded.entry`;
