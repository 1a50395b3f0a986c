import type { KnownKeys } from "./known-keys";
import type { Database } from "./sqlite";
import type { Transact } from "./totals";
import type { Discarded, Exchanges, Replayed } from "./wire";

/** What is done with dead letters, here and on behalf of other processes. */
export interface Letters {
  replay(request: { id: number }): Replayed | undefined;
  discard(request: { id: number; reason: string }): Discarded | undefined;
  errands(request: { now: number }): Exchanges["errands"]["answer"];
}

/** `outcome` of an errand: what it asked for is not there, or was done; a replay's is the event's new id. */
export const NOT_FOUND = 0;
export const DONE = 1;

interface Errand {
  readonly id: number;
  readonly kind: "replay" | "discard";
  readonly event: number;
  readonly reason: string;
  readonly deadline: number;
}

export function createLetters(
  db: Database,
  transact: Transact,
  keys: Pick<KnownKeys, "add" | "remove">,
): Letters {
  const find = db.prepare<{ conversation: string; holds: number; print: number }>(
    "SELECT conversation, holds, key_print AS print FROM dead JOIN events USING (id) WHERE id = ?",
  );
  const revive = db.prepare(
    `INSERT INTO waiting (id, conversation, received_at, notice)
     SELECT ?, conversation, received_at, notice FROM dead WHERE id = ?`,
  );
  const unbury = db.prepare("DELETE FROM dead WHERE id = ?");
  const renumber = ["events SET id", "journal SET event", "traces SET event"].map((column) =>
    db.prepare(`UPDATE ${column} = ?1 WHERE ${column.split(" ").at(-1)} = ?2`),
  );
  const noteReason = db.prepare("UPDATE events SET discarded_because = ? WHERE id = ?");
  const dropJournal = db.prepare("DELETE FROM journal WHERE event = ?");
  const dataVersion = db.prepare<{ data_version: number }>("PRAGMA data_version");
  const readErrands = db.prepare<Errand>(
    "SELECT id, kind, event, reason, deadline FROM errands WHERE outcome IS NULL ORDER BY id",
  );
  const answerErrand = db.prepare("UPDATE errands SET outcome = ? WHERE id = ?");
  const dropErrands = db.prepare("DELETE FROM errands WHERE deadline < ?");
  /** Changes when another connection has written. */
  let seen: number | undefined;

  function replay({ id }: { id: number }): Replayed | undefined {
    const letter = find.get(id);
    if (letter === undefined) return undefined;
    const { conversation, print } = letter;
    const newId = transact((next) => {
      next.dead--;
      next.waiting++;
      // A new id is a new place: behind what the conversation has waiting. One that holds it has kept its place.
      if (letter.holds === 0) next.lastId++;
      const place = letter.holds === 0 ? next.lastId : id;
      revive.run(place, id);
      unbury.run(id);
      if (place !== id) for (const table of renumber) table.run(place, id);
      return place;
    });
    keys.remove(print, id);
    keys.add(print, newId);
    return { kind: "replayed", was: id, id: newId, conversation };
  }

  function discard({ id, reason }: { id: number; reason: string }): Discarded | undefined {
    if (find.get(id) === undefined) return undefined;
    return transact((next) => {
      next.dead--;
      next.remembered++;
      noteReason.run(reason, id);
      dropJournal.run(id);
      unbury.run(id);
      return { kind: "discarded", was: id };
    });
  }

  return {
    replay,
    discard,
    errands({ now }) {
      const version = dataVersion.get()?.data_version;
      if (version === seen) return [];
      seen = version;
      return readErrands.all().flatMap((errand) => {
        // Whoever asked has been told that it was not done.
        const done = errand.deadline < now ? undefined : carryOut(errand);
        transact(() => {
          answerErrand.run(outcomeOf(done), errand.id);
          dropErrands.run(now);
        });
        return done ?? [];
      });
    },
  };

  function carryOut({ kind, event: id, reason }: Errand): Replayed | Discarded | undefined {
    return kind === "replay" ? replay({ id }) : discard({ id, reason });
  }
}

function outcomeOf(done: Replayed | Discarded | undefined): number {
  if (done === undefined) return NOT_FOUND;
  return done.kind === "replayed" ? done.id : DONE;
}
