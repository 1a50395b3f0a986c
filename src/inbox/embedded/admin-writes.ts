import type { Transact } from "./counters";
import type { KnownKeys } from "./dedup-index";
import type { Database } from "./sqlite";
import type { Discarded, Errand, Exchanges, Replayed } from "./thread-protocol";

type LetterKind = "find" | "hurry" | "replay" | "discard" | "errands" | "answerErrand";

/** What an operator does with events that wait or are dead, and what other processes ask for. */
export type Letters = { [K in LetterKind]: (request: Exchanges[K]["with"]) => Exchanges[K]["answer"] };

/** `outcome` of an errand: there is no such event, it was done, or the event is being handled; a replay's is the event's new id. */
export const NOT_FOUND = 0;
export const DONE = 1;
export const LEASED = -1;

export function createLetters(
  db: Database,
  transact: Transact,
  keys: Pick<KnownKeys, "add" | "remove">,
): Letters {
  const findDead = db.prepare<{ conversation: string; holds: number; print: number }>(
    "SELECT conversation, holds, key_print AS print FROM dead JOIN events USING (id) WHERE id = ?",
  );
  const revive = db.prepare(
    `INSERT INTO waiting (id, conversation, received_at, notice)
     SELECT ?, conversation, received_at, notice FROM dead WHERE id = ?`,
  );
  const findWaiting = db.prepare<{ conversation: string }>("SELECT conversation FROM waiting WHERE id = ?");
  const hurry = db.prepare("UPDATE waiting SET due_at = 0, wait_ms = 0 WHERE id = ?");
  const dropWaiting = db.prepare("DELETE FROM waiting WHERE id = ?");
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
    const letter = findDead.get(id);
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

  function find({ id }: { id: number }): Exchanges["find"]["answer"] {
    const waits = findWaiting.get(id);
    if (waits !== undefined) return { state: "waiting", conversation: waits.conversation };
    const dead = findDead.get(id);
    return dead && { state: "dead", conversation: dead.conversation };
  }

  function discard({ id, reason }: { id: number; reason: string }): Discarded | undefined {
    const found = find({ id });
    if (found === undefined) return undefined;
    return transact((next) => {
      next[found.state]--;
      next.remembered++;
      noteReason.run(reason, id);
      dropJournal.run(id);
      const table = found.state === "dead" ? unbury : dropWaiting;
      table.run(id);
      return { kind: "discarded", was: id };
    });
  }

  return {
    find,
    replay,
    discard,
    hurry({ id }) {
      transact(() => void hurry.run(id));
      return undefined;
    },
    errands() {
      const version = dataVersion.get()?.data_version;
      if (version === seen) return [];
      seen = version;
      return readErrands.all();
    },
    answerErrand({ id, outcome, now }) {
      transact(() => {
        answerErrand.run(outcome, id);
        dropErrands.run(now);
      });
      return undefined;
    },
  };
}
