import { InboxError } from "../../core/contract/errors";
import { type Inbox, SENT_REMEMBERED_MS } from "../../core/contract/inbox";
import type { Logger } from "../../core/contract/logger";
import { compiledFile } from "../../core/util/compiled-file";
import { type Addition, type AdditionResult, writeAdditions } from "./additions";
import { createAdminCalls } from "./admin-calls";
import { createBatchWriter } from "./batch-writer";
import type { Database } from "./database";
import { startHeartbeat } from "./heartbeat";
import { createLeaseQueue } from "./lease-queue";
import { createLeases } from "./leases";
import { toInboxError } from "./postgres-errors";
import { createRecords } from "./records";
import { startRetention } from "./retention";
import type { Tuning } from "./tuning";
import type { TurnQueue } from "./turn-queue";
import { tryStoring } from "./write-probe";

export interface InboxParts {
  readonly databaseUrl: string;
  readonly database: Database;
  /** Started. */
  readonly turnQueue: TurnQueue;
  readonly log: Logger;
  readonly clock: () => number;
  readonly rememberMs: number;
  readonly rememberCount: number;
  readonly tuning: Tuning;
}

/** Time for which the trace of a settled event is stored, in milliseconds. */
const TRACE_MS = 24 * 60 * 60 * 1_000;

/** Time after a successful `add` in which `check` needs no query, in milliseconds. */
const PROOF_MS = 1_000;

/**
 * Connects the parts of the inbox.
 *
 * - `additions.ts` stores notices, `leases.ts` leases events and `settlements.ts` settles them. `batch-writer.ts` groups
 *   these writes, and those of `journal-writes.ts`. `lease-writes.ts` writes while an event is leased.
 * - `lease-queue.ts` holds the waiting `take` calls. `turn-queue.ts` has one pg-boss job for each conversation with events,
 *   `turn-lease.ts` one that this process has taken. `heartbeat.ts` renews the taken ones, `repair-turns.ts` adds missing ones.
 * - `admin-calls.ts`, `admin-writes.ts` and `queries.ts` serve operators. `records.ts` and `sent-table.ts` have two tables.
 * - `retention.ts` deletes old rows. `database.ts`, `connect.ts`, `packages.ts` and `importers.ts` connect, `schema.ts`
 *   migrates, `postgres-errors.ts` explains errors. The watchdog loads `record-block.ts`.
 */
export function createInbox(parts: InboxParts): Inbox {
  const { database, turnQueue, log, clock, tuning } = parts;
  let closedWith: InboxError | undefined;
  let closing: Promise<void> | undefined;

  const heartbeatMs = tuning.heartbeatSeconds * 1_000;
  /** Whether the last group could not be stored. A full disk answers questions, so only another attempt shows its end. */
  let hasFailed = false;
  const additions = createBatchWriter<Addition, AdditionResult>(async (group) => {
    hasFailed = true;
    const added = await writeAdditions(group, { database, turnQueue });
    hasFailed = false;
    return added;
  }, tuning.maxGroup);
  const leases = createLeases({
    database,
    turnQueue,
    log,
    clock,
    maxGroup: tuning.maxGroup,
    settleForMs: tuning.settleForMs,
    leaseMs: heartbeatMs,
    claimAfterMs: tuning.claimAfterMs,
    onMore: (afterMs) => queue.wake(afterMs),
  });
  const queue = createLeaseQueue(leases, { busyMs: tuning.busyMs, idleMs: tuning.idleMs }, log);
  const heartbeat = startHeartbeat({ turnQueue, database, log, renew: leases.renew, leaseMs: heartbeatMs });
  const retention = startRetention(
    database,
    {
      rememberMs: parts.rememberMs,
      rememberCount: parts.rememberCount,
      traceMs: TRACE_MS,
      sentMs: SENT_REMEMBERED_MS,
      everyMs: tuning.pruneEveryMs,
      step: tuning.pruneStep,
    },
    clock,
    log,
  );

  async function ifOpen<T>(doing: string, question: () => Promise<T>): Promise<T> {
    if (closedWith !== undefined) throw closedWith;
    try {
      return await question();
    } catch (error) {
      throw toInboxError(doing, error);
    }
  }

  const admin = createAdminCalls({ database, turnQueue }, ifOpen, () => queue.wake());
  /** When an event was stored last. */
  let storedAt = Number.NEGATIVE_INFINITY;

  async function check(): Promise<void> {
    // Under load every connection may be in use for longer than a check may take.
    if (performance.now() - storedAt < PROOF_MS) return ifOpen("checking", async () => {});
    if (!hasFailed) return admin.check();
    await ifOpen("trying to store an event", () => tryStoring(database));
    hasFailed = false;
  }

  async function close(reason: InboxError): Promise<void> {
    retention.stop();
    await queue.close(reason);
    await additions.drained();
    try {
      await leases.close(reason);
    } catch (error) {
      log.warn("leases could not be returned. Their events are leased again when the leases expire", {
        error: toInboxError("returning leases", error).message,
      });
    }
    heartbeat.stop();
    await turnQueue.stop();
    await database.close();
  }

  return {
    async add(notice) {
      if (closedWith !== undefined) throw closedWith;
      const added = await additions.add({ notice, json: JSON.stringify(notice), receivedAt: clock() });
      if (added instanceof Error) throw added;
      storedAt = performance.now();
      if (added === "added") queue.wake();
      return added;
    },
    take: queue.take,
    blockRecorder: { module: compiledFile(__dirname, "record-block.js"), data: parts.databaseUrl },
    ...admin,
    check,
    records: createRecords(database, ifOpen, clock),
    close() {
      closedWith ??= new InboxError(
        "inbox-closed",
        "the inbox in PostgreSQL is closed. No event can be added or leased",
      );
      closing ??= close(closedWith);
      return closing;
    },
  };
}
