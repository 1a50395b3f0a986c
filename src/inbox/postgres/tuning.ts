import { type Importers, importers } from "./importers";

/** Limits and intervals. The defaults are measured. */
export interface Tuning {
  /** Connections of the inbox. pg-boss has two further ones. */
  readonly connections: number;
  /** Longest wait for a connection, in milliseconds. */
  readonly connectMs: number;
  /** Longest time of a statement, in milliseconds. */
  readonly statementMs: number;
  /** Most events of one transaction. It locks the conversation of each event. */
  readonly maxGroup: number;
  /** Time between two polls after an event was found, in milliseconds. Doubles up to `idleMs` while none is found. */
  readonly busyMs: number;
  readonly idleMs: number;
  /** Time for which a settlement is repeated while the database cannot be reached, in milliseconds. */
  readonly settleForMs: number;
  /**
   * Delay of a claim, in milliseconds. If another process posted the message, it has noted that by then.
   */
  readonly claimAfterMs: number;
  /** Time after which an event is leased again if its process did not renew the lease, in seconds. At least 10. */
  readonly heartbeatSeconds: number;
  /** After a start, every retry is due within this time, in milliseconds. */
  readonly restartSpreadMs: number;
  /** Time between two pruning runs, in milliseconds. */
  readonly pruneEveryMs: number;
  /** Rows that one pruning step reads. */
  readonly pruneStep: number;
  /** Loads `pg` and `pg-boss`. */
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

/** Adds the defaults. */
export function withDefaults(tuning: Partial<Tuning>): Tuning {
  return { ...DEFAULTS, ...tuning };
}
