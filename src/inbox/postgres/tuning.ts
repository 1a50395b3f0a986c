import { type Importers, importers } from "./importers";

/** Numbers that decide how long something may take and how much is done at once. */
export interface Tuning {
  /** Connections for accepting, handing out and settling; pg-boss has two of its own for its upkeep. */
  readonly connections: number;
  /** How long to wait for a connection, in milliseconds. */
  readonly connectMs: number;
  /** How long one statement may take, in milliseconds. */
  readonly statementMs: number;
  /** Events written in one transaction; each holds the lock of its conversation until the end of it. */
  readonly maxGroup: number;
  /** Between two looks for work after some was found, in milliseconds; doubled up to `idleMs` while there is none. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** How long a settlement is tried while the database is away, in milliseconds. */
  readonly settleForMs: number;
  /**
   * How long a claim to a message waits, in milliseconds: another process that has posted the message has noted it by then.
   */
  readonly claimAfterMs: number;
  /** A lease whose process was not heard of for so long is handed out again, in seconds. pg-boss takes 10 at least. */
  readonly heartbeatSeconds: number;
  /** After a start, retries are due within this time, in milliseconds, however long they were to wait. */
  readonly restartSpreadMs: number;
  /** Between two rounds of forgetting, in milliseconds. */
  readonly pruneEveryMs: number;
  /** Events looked at in one step of forgetting. */
  readonly pruneStep: number;
  /** Where `pg` and `pg-boss` come from. */
  readonly importers: Importers;
}

const DEFAULTS: Tuning = {
  connections: 6,
  connectMs: 2_000,
  statementMs: 4_000,
  maxGroup: 250,
  busyMs: 50,
  idleMs: 500,
  settleForMs: 30_000,
  claimAfterMs: 1_000,
  heartbeatSeconds: 10,
  restartSpreadMs: 5_000,
  pruneEveryMs: 60_000,
  pruneStep: 500,
  importers,
};

/** Fills in what is not given. */
export function withDefaults(tuning: Partial<Tuning>): Tuning {
  return { ...DEFAULTS, ...tuning };
}
