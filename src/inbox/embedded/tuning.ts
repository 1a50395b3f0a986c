/** Limits and intervals. The defaults are measured. */
export interface Tuning {
  /** Most event ids in memory. Further events stay in the file until there is room. */
  readonly maxEvents: number;
  /** Most notices in memory. */
  readonly maxNotices: number;
  /** Most notices in memory, by their length as JSON. */
  readonly maxNoticeBytes: number;
  /** Events that one page of the file has. */
  readonly page: number;
  /** Time between two pruning runs, in milliseconds. */
  readonly pruneEveryMs: number;
  /** Rows that one pruning step reads. */
  readonly pruneStep: number;
  /** Longest time between two readings of the clock while a retry is scheduled, in milliseconds. */
  readonly checkClockEveryMs: number;
  /** After a start, every retry is due within this time, in milliseconds. */
  readonly restartSpreadMs: number;
  /** Largest size of the file, in SQLite pages. `undefined`: no limit. */
  readonly maxPages: number | undefined;
}

const DEFAULTS: Tuning = {
  maxEvents: 250_000,
  maxNotices: 2_000,
  maxNoticeBytes: 8 * 1024 * 1024,
  page: 1_000,
  pruneEveryMs: 60_000,
  pruneStep: 500,
  checkClockEveryMs: 1_000,
  restartSpreadMs: 5_000,
  maxPages: undefined,
};

/** Adds the defaults. */
export function withDefaults(tuning: Partial<Tuning>): Tuning {
  return { ...DEFAULTS, ...tuning };
}
