import type { Db, PgBoss } from "pg-boss" with { "resolution-mode": "import" };
import { describeError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import type { Statements } from "./database";
import type { PgBossModule } from "./packages";

/**
 * The queue of conversations, in pg-boss: a conversation with waiting events has exactly one job, its turn.
 *
 * pg-boss leases the turn, returns it when its process dies, and delays it for a retry. The tables of the inbox have the
 * events, because pg-boss orders by the server's clock, and its ordered queues read all waiting jobs at each fetch.
 */
export interface TurnQueue {
  start(): Promise<void>;
  /** Adds turns. A conversation that has one keeps it. Earlier turns are fetched first. */
  insert(turns: readonly Turn[], within: Statements): Promise<void>;
  /**
   * Changes the delay of a turn. No worker fetches the turn until the end of the transaction.
   * @returns `false` if a process has taken the turn, or if it does not exist
   */
  move(turn: Turn, within: Statements): Promise<boolean>;
  /** Takes due turns, oldest first. */
  fetch(max: number, within: Statements): Promise<readonly TakenTurn[]>;
  /** Ends turns. @returns `false` if one of them was not held any more */
  end(held: readonly TakenTurn[], within: Statements): Promise<boolean>;
  /** Renews turns. @returns the job ids of those that are still held */
  touch(held: readonly TakenTurn[], within: Statements): Promise<ReadonlySet<string>>;
  /** Returns turns, which become due at once. Ignores turns that are not held any more. */
  giveBack(held: readonly TakenTurn[], within: Statements): Promise<void>;
  /** Returns the turns that were not renewed in time. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

/** The turn of a conversation with waiting events. */
export interface Turn {
  readonly conversation: string;
  /** Delay, in milliseconds. @default 0 */
  readonly afterMs?: number | undefined;
}

/** A turn that this process has taken. */
export interface TakenTurn {
  readonly conversation: string;
  /** Id of the job. The count differs for each holder. */
  readonly job: { readonly id: string; readonly retryCount: number };
}

export interface TurnQueueOptions {
  readonly url: string;
  readonly connectMs: number;
  readonly heartbeatSeconds: number;
  /** Whether `start()` creates and migrates the tables. Otherwise it rejects if they are missing or old. */
  readonly makesTables: boolean;
}

const QUEUE = "conversations";
/** The longest expiry of pg-boss, in seconds. A turn ends with its settlement or its process, not by expiry. */
const DAY_SECONDS = 24 * 60 * 60;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/** Creates the queue. It connects at `start()`. */
export function createTurnQueue(
  { PgBoss: Boss, policies }: PgBossModule,
  rules: TurnQueueOptions,
  log: Logger,
): TurnQueue {
  const boss: PgBoss = new Boss({
    connectionString: rules.url,
    schema: "bellhop",
    application_name: "bellhop upkeep",
    max: 2,
    connectionTimeoutMillis: rules.connectMs,
    migrate: rules.makesTables,
    schedule: false,
    registerInstance: false,
    // `recover()` does so, because it must wait after an outage of the database.
    supervise: false,
    monitorIntervalSeconds: 1,
  });
  boss.on("error", (error) =>
    log.warn("the maintenance of the inbox failed. It is repeated", { error: describeError(error) }),
  );
  boss.on("warning", ({ message }) => log.warn("pg-boss warns", { warning: message }));

  const jobsOf = (held: readonly TakenTurn[]) => held.map(({ job }) => job);

  return {
    async start() {
      await boss.start();
      if (!rules.makesTables) return;
      await boss.createQueue(QUEUE, {
        policy: policies.exclusive,
        heartbeatSeconds: rules.heartbeatSeconds,
        expireInSeconds: DAY_SECONDS - 1,
        retentionSeconds: YEAR_SECONDS,
        // A turn never fails permanently. The settlement decides about its event.
        retryLimit: 2 ** 31 - 1,
      });
    },
    async insert(turns, within) {
      if (turns.length === 0) return;
      // Jobs of one insert share their creation time and keep the order of the array.
      const inOrder = [...turns].sort((a, b) => (a.afterMs ?? 0) - (b.afterMs ?? 0));
      const jobs = inOrder.map(({ conversation, afterMs }) => ({
        singletonKey: conversation,
        // An interval uses the clock of the server, a date would use that of this machine.
        ...(afterMs === undefined ? {} : { startAfter: `${Math.max(0, afterMs)} milliseconds` }),
      }));
      await boss.insert(QUEUE, jobs, { db: toDb(within) });
    },
    async move({ conversation, afterMs = 0 }, within) {
      const startAfter = `${Math.max(0, afterMs)} milliseconds`;
      const { updated } = await boss.update(QUEUE, undefined, {
        singletonKey: conversation,
        startAfter,
        db: toDb(within),
      });
      return updated > 0;
    },
    async fetch(max, within) {
      const jobs = await boss.fetch(QUEUE, { batchSize: max, includeMetadata: true, db: toDb(within) });
      return jobs.map(({ id, retryCount, singletonKey }) => ({
        conversation: singletonKey ?? "",
        job: { id, retryCount },
      }));
    },
    async end(held, within) {
      const answer = await boss.deleteJob(QUEUE, jobsOf(held), { db: toDb(within) });
      return parseAffected(answer) === held.length;
    },
    async touch(held, within) {
      if (held.length === 0) return new Set();
      return parseSettled(await boss.touch(QUEUE, jobsOf(held), { db: toDb(within) }));
    },
    async giveBack(held, within) {
      if (held.length > 0) await boss.fail(QUEUE, jobsOf(held), null, { db: toDb(within) });
    },
    recover: () => boss.supervise(QUEUE),
    stop: () => boss.stop({ graceful: false }),
  };
}

function toDb(statements: Statements): Db {
  return {
    executeSql: async (text, values) => ({ rows: [...(await statements.query(text, values))] }),
  };
}

// The required version of pg-boss answers this, although its type is empty.
function parseSettled(answer: unknown): ReadonlySet<string> {
  const ids: unknown = typeof answer === "object" && answer !== null && "settled" in answer && answer.settled;
  if (Array.isArray(ids)) return new Set(ids.map(String));
  throw new Error("pg-boss does not say which jobs it changed");
}

// Documented as { jobs, requested, affected }, although its type is empty.
function parseAffected(answer: unknown): number {
  if (typeof answer === "object" && answer !== null && "affected" in answer) return Number(answer.affected);
  throw new Error("pg-boss does not say how many jobs it changed");
}
