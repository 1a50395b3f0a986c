import type { Db, PgBoss } from "pg-boss" with { "resolution-mode": "import" };
import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { Statements } from "./database";
import type { PgBossModule } from "./packages";

/**
 * The turns of conversations, kept by pg-boss: a conversation with something to do has one job, never two.
 *
 * A job rather than an event is what is fetched, held, given back when its process dies, and woken when a retry is
 * due. Which event it is for is in our own tables: pg-boss orders by the server's clock, takes delays in whole seconds
 * that are fixed when a job is sent, and reads everything that waits at each fetch when it keeps the order itself.
 */
export interface TurnQueue {
  start(): Promise<void>;
  /** Gives conversations a turn; those that have one keep it. Earlier turns come first. */
  insert(turns: readonly Turn[], within: Statements): Promise<void>;
  /**
   * Lets the turn of a conversation come after so many milliseconds, sooner or later than it was to come. Until the end of
   * the transaction no worker takes it.
   * @returns `false` if it is held, or there is none
   */
  move(turn: Turn, within: Statements): Promise<boolean>;
  /** Takes turns that are due, the longest waiting first. */
  fetch(max: number, within: Statements): Promise<readonly TakenTurn[]>;
  /** Ends turns. @returns whether all of them were still held; then they are not any more */
  end(held: readonly TakenTurn[], within: Statements): Promise<boolean>;
  /** Says that the turns are still held. @returns those of them that are, by the id of the job */
  touch(held: readonly TakenTurn[], within: Statements): Promise<ReadonlySet<string>>;
  /** Gives turns back for others to take at once. Those that are not held any more are left alone. */
  giveBack(held: readonly TakenTurn[], within: Statements): Promise<void>;
  /** Gives back the turns of processes that were not heard of for too long. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

/** A conversation that has something to do. */
export interface Turn {
  readonly conversation: string;
  /** In milliseconds from now. @default 0 */
  readonly afterMs?: number | undefined;
}

/** A turn that was taken. */
export interface TakenTurn {
  readonly conversation: string;
  /** What pg-boss knows it by; the count tells this holder from the one before. */
  readonly job: { readonly id: string; readonly retryCount: number };
}

export interface TurnQueueOptions {
  readonly url: string;
  readonly connectMs: number;
  readonly heartbeatSeconds: number;
  /** Whether `start()` makes the tables and brings them up to date. Otherwise it rejects when it would have to. */
  readonly makesTables: boolean;
}

const QUEUE = "conversations";
/** The longest that pg-boss takes, in seconds: a turn ends with its settlement or with its process, not by itself. */
const DAY_SECONDS = 24 * 60 * 60;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/** Makes the turnQueue; nothing is connected before `start()`. */
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
    // Done by recover(), which knows when the database was away and nobody could be heard.
    supervise: false,
    monitorIntervalSeconds: 1,
  });
  boss.on("error", (error) =>
    log.warn("upkeep of the inbox failed; trying again", { error: describe(error) }),
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
        // A turn never fails for good: what is given up is decided by whoever settles.
        retryLimit: 2 ** 31 - 1,
      });
    },
    async insert(turns, within) {
      if (turns.length === 0) return;
      // Those of one insert share their time of creation, and then come in the order of the array.
      const inOrder = [...turns].sort((a, b) => (a.afterMs ?? 0) - (b.afterMs ?? 0));
      const jobs = inOrder.map(({ conversation, afterMs }) => ({
        singletonKey: conversation,
        // An interval is counted by the server's clock; a date would be read off ours.
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

// In the answer since the version of pg-boss that is required, though the published type is empty.
function parseSettled(answer: unknown): ReadonlySet<string> {
  const ids: unknown = typeof answer === "object" && answer !== null && "settled" in answer && answer.settled;
  if (Array.isArray(ids)) return new Set(ids.map(String));
  throw new Error("pg-boss does not say which jobs it changed");
}

// Documented as { jobs, requested, affected }, though the published type is empty.
function parseAffected(answer: unknown): number {
  if (typeof answer === "object" && answer !== null && "affected" in answer) return Number(answer.affected);
  throw new Error("pg-boss does not say how many jobs it changed");
}
