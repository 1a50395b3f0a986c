import { InboxError, RecordConflictError } from "../../core/contract/errors";
import type { Claim, Lease, Settlement } from "../../core/contract/inbox";
import type { Logger } from "../../core/contract/logger";
import type { JsonValue, Notice } from "../../core/contract/notice";
import type { RecordChange } from "../../core/contract/records";
import { clampDelay } from "../../core/util/clamp-delay";
import { sleep } from "../../core/util/sleep";
import { createBatchWriter } from "./batch-writer";
import type { Database } from "./database";
import { formatId } from "./event-ids";
import { type Note, writeNotes } from "./journal-writes";
import { writeChange, writeClaim } from "./lease-writes";
import { isAway, toInboxError } from "./postgres-errors";
import { type SettlementResult, type SettlementWrite, writeSettlements } from "./settlements";
import { type Instant, instantNow, TurnLease } from "./turn-lease";
import type { TakenTurn, TurnQueue } from "./turn-queue";

/** The leases of this process. */
export interface Leases {
  /** Leases at most `max` events, of the conversations that have waited longest. */
  take(max: number): Promise<readonly Lease[]>;
  /** Renews the turns of all leases. Rejects with the error of the database. */
  renew(): Promise<void>;
  /** Returns leases that will not be settled. Their events are ready at once. */
  giveBack(leases: readonly Lease[]): Promise<void>;
  /** Rejects later settlements, waits for the running ones and returns the other leases. */
  close(reason: InboxError): Promise<void>;
}

export interface LeaseParts {
  readonly database: Database;
  readonly turnQueue: TurnQueue;
  readonly log: Logger;
  readonly clock: () => number;
  /** Most settlements of one transaction. */
  readonly maxGroup: number;
  /** Time for which a settlement is repeated while the database cannot be reached, in milliseconds. */
  readonly settleForMs: number;
  /** Time after which a turn that was not renewed is leased again, in milliseconds. */
  readonly leaseMs: number;
  /** Delay of a claim, in milliseconds. */
  readonly claimAfterMs: number;
  /** Called when a settlement leaves an event that is ready in `afterMs` milliseconds. */
  readonly onMore: (afterMs: number) => void;
}

/** Time between two attempts to settle while the database cannot be reached, in milliseconds. */
const AWAY_PAUSE_MS = 250;

/** The oldest event of a conversation. The driver returns 64-bit numbers as digits. */
interface Head {
  readonly conversation: string;
  readonly id: string;
  readonly notice: string;
  readonly attempts: number;
  readonly received_at: string;
  readonly blocked_times: number;
  readonly blocked_where: string | null;
  readonly failing_since: string;
  readonly aside_from: string | null;
  /** Its journal: places, and the entries as JSON. */
  readonly places: readonly string[] | null;
  readonly entries: readonly string[] | null;
}

/** Creates an empty set of leases. */
export function createLeases(parts: LeaseParts): Leases {
  const { database, turnQueue, log, clock, onMore } = parts;
  const held = new Map<Lease, TurnLease>();
  const settlements = createBatchWriter<SettlementWrite, SettlementResult>(settleGroup, parts.maxGroup);
  const notes = createBatchWriter<Note, Error | undefined>(
    (group) => writeNotes(group, { database, turnQueue }),
    parts.maxGroup,
  );
  const closing = new AbortController();
  const holding = {
    database,
    turnQueue,
    // The other half is for calls that start shortly before a renewal is too old.
    certainMs: parts.leaseMs / 2,
    renewForMs: parts.settleForMs,
    closing: closing.signal,
  };

  async function take(max: number): Promise<readonly Lease[]> {
    const asked = instantNow();
    const turns = await turnQueue.fetch(max, database);
    if (turns.length === 0) return [];
    const rows = await database.query<Head>(HEADS, [turns.map(({ conversation }) => conversation)]);
    const heads = new Map(rows.map((head) => [head.conversation, head]));
    const leases: Lease[] = [];
    for (const turn of turns) {
      const head = heads.get(turn.conversation);
      if (head === undefined) passOver(turn);
      else leases.push(toLease(turn, head, asked));
    }
    return leases.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  function toLease(turn: TakenTurn, head: Head, taken: Instant): Lease {
    const attempt = head.attempts + 1;
    const hold = new TurnLease(turn, head.id, taken, holding);
    let isOver = false;
    /** Running notes. The settlement waits for them. */
    const noting = new Set<Promise<unknown>>();
    /** Notes that could not be written, for example during an outage. The settlement writes them. */
    const unwritten = new Map<string, Note>();
    const writing = <T>(write: () => Promise<T>): Promise<T> => {
      closing.signal.throwIfAborted();
      if (isOver) throw settledBefore(lease);
      const written = write();
      noting.add(written);
      const ended = (): void => void noting.delete(written);
      written.then(ended, ended);
      return written;
    };
    const callAt = (place: string) => ({ turn, id: head.id, place, at: clock() });
    const lease: Lease = {
      id: formatId(head.id),
      // Asserted, as below: the inbox wrote it.
      notice: JSON.parse(head.notice) as Notice,
      attempt,
      // pg-boss counts how often it returned the turn of a process that did not renew it.
      crashCount: turn.job.retryCount,
      blocked:
        head.blocked_times > 0 ? { times: head.blocked_times, where: head.blocked_where ?? "" } : undefined,
      // The clocks of two machines differ.
      failingForMs:
        head.failing_since === "0" ? undefined : Math.max(0, clock() - Number(head.failing_since)),
      isAside: head.aside_from !== null,
      receivedAt: Number(head.received_at),
      journal: new Map(
        head.places?.map((place, index) => [place, JSON.parse(head.entries?.[index] ?? "null") as JsonValue]),
      ),
      async note(place, entry, posted) {
        const note: Note = { ...callAt(place), entry: JSON.stringify(entry), posted };
        await writing(async () => {
          let refused: Error | undefined;
          try {
            refused = await notes.add(note);
          } catch (error) {
            unwritten.set(place, note);
            throw toInboxError("noting", error);
          }
          if (refused !== undefined) throw toInboxError("noting", refused);
          unwritten.delete(place);
        });
      },
      claim: async (place, candidates: readonly Claim[]) =>
        writing(async () => {
          await sleep(parts.claimAfterMs, closing.signal);
          return writeClaim(callAt(place), candidates, { database, turnQueue });
        }),
      change: async (records: readonly RecordChange[], place, entry) =>
        writing(() => writeChange(callAt(place), records, JSON.stringify(entry), { database, turnQueue })),
      isHeld: () => !isOver && hold.isCertain(),
      async renew() {
        closing.signal.throwIfAborted();
        if (isOver) throw settledBefore(lease);
        await hold.renew();
      },
      async settle(settlement, { trace, records } = {}) {
        closing.signal.throwIfAborted();
        if (isOver) throw settledBefore(lease);
        isOver = true;
        await Promise.allSettled(noting);
        const isMoving = settlement.kind === "retry" && settlement.aside === true && head.aside_from === null;
        const movesTo = isMoving ? asideKey(head) : undefined;
        const ending = {
          turn,
          id: head.id,
          attempts: attempt,
          settlement,
          movesTo,
          at: clock(),
          records,
          unwritten: [...unwritten.values()],
        };
        try {
          await settle(lease, { ...ending, trace: trace && JSON.stringify(trace) });
        } catch (error) {
          if (error instanceof RecordConflictError) {
            isOver = false;
            held.set(lease, hold);
          }
          throw error;
        }
      },
    };
    held.set(lease, hold);
    return lease;
  }

  async function renew(): Promise<void> {
    const holds = [...held.values()];
    const asked = instantNow();
    const renewed = await turnQueue.touch(
      holds.map(({ turn }) => turn),
      database,
    );
    for (const hold of holds) {
      if (renewed.has(hold.turn.job.id)) hold.renewed(asked);
      else hold.lost();
    }
  }

  async function settle(lease: Lease, ending: SettlementWrite): Promise<void> {
    try {
      const ended = await settlements.add(ending);
      if (ended instanceof Error) throw ended;
      const { settlement } = ending;
      if (settlement.kind === "retry") onMore(clampDelay(settlement.afterMs));
      if (ended.hasMore) onMore(0);
    } finally {
      // Without renewal, an event that was not settled is leased again when the turn expires.
      held.delete(lease);
    }
  }

  /** Ends a turn without an event: its events were discarded, or deleted by hand. */
  function passOver(turn: TakenTurn): void {
    const nothing: SettlementWrite = { turn, id: "0", attempts: 0, settlement: HANDLED, at: clock() };
    settlements.add(nothing).catch((error: Error) => {
      log.debug("a turn without an event could not be ended", { error: error.message });
    });
  }

  async function settleGroup(group: readonly SettlementWrite[]): Promise<readonly SettlementResult[]> {
    const until = performance.now() + parts.settleForMs;
    for (let tried = 1; ; tried++) {
      try {
        return await writeSettlements(group, { database, turnQueue }, tried > 1);
      } catch (error) {
        // The handlers have run. Without the settlement they would run again.
        if (!isAway(error) || closing.signal.aborted || performance.now() > until) {
          throw toInboxError("settling", error);
        }
        await sleep(AWAY_PAUSE_MS, closing.signal);
      }
    }
  }

  async function giveBack(leases: readonly Lease[]): Promise<void> {
    const turns = leases.flatMap((lease) => held.get(lease)?.turn ?? []);
    for (const lease of leases) held.delete(lease);
    await turnQueue.giveBack(turns, database);
  }

  return {
    take,
    renew,
    giveBack,
    async close(reason) {
      closing.abort(reason);
      await Promise.all([settlements.drained(), notes.drained()]);
      await giveBack([...held.keys()]);
    },
  };
}

const HANDLED: Settlement = { kind: "handled" };

/** Name of the separate conversation that an event moves to when it loses its place. */
function asideKey({ conversation, id }: Head): string {
  return `${conversation} aside ${formatId(id)}`;
}

function settledBefore({ id }: Lease): InboxError {
  return new InboxError(
    "inbox-failed",
    `inbox in PostgreSQL: event ${id} was already settled. Settle each lease once`,
  );
}

const HEADS = `
  SELECT head.*, noted.places, noted.entries FROM unnest($1::text[]) AS given (name)
  CROSS JOIN LATERAL (
    SELECT conversation, id, notice, attempts, received_at, blocked_times, blocked_where, failing_since, aside_from
    FROM bellhop.waiting
    WHERE waiting.conversation = given.name ORDER BY id LIMIT 1
  ) AS head
  LEFT JOIN LATERAL (
    SELECT array_agg(place) AS places, array_agg(entry) AS entries FROM bellhop.journal
    WHERE journal.event = head.id
  ) AS noted ON true
  WHERE NOT EXISTS (SELECT 1 FROM bellhop.dead WHERE dead.holds AND dead.conversation = given.name)`;
