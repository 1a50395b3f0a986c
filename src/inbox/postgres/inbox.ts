import { compiledFile } from "../../core/compiled-file";
import { InboxError } from "../../core/errors";
import { type Inbox, SENT_REMEMBERED_MS } from "../../core/inbox";
import type { Logger } from "../../core/logger";
import { type Added, type Addition, writeAdditions } from "./additions";
import { createAdminCalls } from "./admin-calls";
import { createGroups } from "./batch-writer";
import type { Database } from "./database";
import { startUpkeep } from "./heartbeat";
import { createTakers } from "./lease-queue";
import { createLeases } from "./leases";
import { toInboxError } from "./postgres-errors";
import { tryStoring } from "./probe";
import { createRecords } from "./records";
import { startRetention } from "./retention";
import type { Tuning } from "./tuning";
import type { Engine } from "./turn-queue";

export interface InboxParts {
  readonly databaseUrl: string;
  readonly database: Database;
  /** Started. */
  readonly engine: Engine;
  readonly log: Logger;
  readonly clock: () => number;
  readonly rememberMs: number;
  readonly rememberCount: number;
  readonly tuning: Tuning;
}

/** How long the path of a settled event is kept, in milliseconds. */
const TRACE_MS = 24 * 60 * 60 * 1_000;

/** How long an event that was stored proves that the next one could be, in milliseconds. */
const PROOF_MS = 1_000;

/** Puts the parts together: `additions` and `settlements` write in groups, `takers` look for work, `leases` hold it. */
export function createInbox(parts: InboxParts): Inbox {
  const { database, engine, log, clock, tuning } = parts;
  let over: InboxError | undefined;
  let closing: Promise<void> | undefined;

  const heartbeatMs = tuning.heartbeatSeconds * 1_000;
  /** Whether the last group could not be stored. A full disk answers questions, so only another attempt shows its end. */
  let hasFailed = false;
  const additions = createGroups<Addition, Added>(async (group) => {
    hasFailed = true;
    const added = await writeAdditions(group, { database, engine });
    hasFailed = false;
    return added;
  }, tuning.maxGroup);
  const leases = createLeases({
    database,
    engine,
    log,
    clock,
    maxGroup: tuning.maxGroup,
    settleForMs: tuning.settleForMs,
    leaseMs: heartbeatMs,
    claimAfterMs: tuning.claimAfterMs,
    onMore: (afterMs) => takers.wake(afterMs),
  });
  const takers = createTakers(leases, { busyMs: tuning.busyMs, idleMs: tuning.idleMs }, log);
  const upkeep = startUpkeep({ engine, database, log, renew: leases.renew, heartbeatMs });
  const retention = startRetention(
    database,
    {
      rememberMs: parts.rememberMs,
      rememberCount: parts.rememberCount,
      traceMs: TRACE_MS,
      sentMs: SENT_REMEMBERED_MS,
      everyMs: tuning.forgetEveryMs,
      step: tuning.forgetStep,
    },
    clock,
    log,
  );

  async function ask<T>(doing: string, question: () => Promise<T>): Promise<T> {
    if (over !== undefined) throw over;
    try {
      return await question();
    } catch (error) {
      throw toInboxError(doing, error);
    }
  }

  const admin = createAdminCalls({ database, engine }, ask, () => takers.wake());
  /** When an event was stored last, which proves that the next one could be. */
  let storedAt = Number.NEGATIVE_INFINITY;

  async function check(): Promise<void> {
    // Under load every connection may be in use for longer than a check may take.
    if (performance.now() - storedAt < PROOF_MS) return ask("checking", async () => {});
    if (!hasFailed) return admin.check();
    await ask("trying to store an event", () => tryStoring(database));
    hasFailed = false;
  }

  async function close(reason: InboxError): Promise<void> {
    retention.stop();
    await takers.close(reason);
    await additions.drained();
    try {
      await leases.close(reason);
    } catch (error) {
      log.warn("leases could not be given back; they are handed out again after a while", {
        error: toInboxError("giving back", error).message,
      });
    }
    upkeep.stop();
    await engine.stop();
    await database.close();
  }

  return {
    async add(notice) {
      if (over !== undefined) throw over;
      const added = await additions.add({ notice, json: JSON.stringify(notice), receivedAt: clock() });
      if (added instanceof Error) throw added;
      storedAt = performance.now();
      if (added === "added") takers.wake();
      return added;
    },
    take: takers.take,
    blockRecorder: { module: compiledFile(__dirname, "record-block.js"), data: parts.databaseUrl },
    ...admin,
    check,
    records: createRecords(database, ask, clock),
    close() {
      over ??= new InboxError(
        "inbox-closed",
        "the inbox in PostgreSQL is closed; nothing can be added or taken any more",
      );
      closing ??= close(over);
      return closing;
    },
  };
}
