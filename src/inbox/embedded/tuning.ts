/** Numbers that decide how much is in memory and how much is done at once. */
export interface Tuning {
  /** Events whose id is in memory; those beyond stay in the file until it is their turn. */
  readonly maxEvents: number;
  /** Waiting events of which the notice is in memory as well. */
  readonly maxNotices: number;
  /** The same, by their length as JSON. */
  readonly maxNoticeBytes: number;
  /** Events read at once while the file is ahead of the memory. */
  readonly page: number;
  /** Between two rounds of forgetting, in milliseconds. */
  readonly pruneEveryMs: number;
  /** Events looked at in one step of forgetting. */
  readonly pruneStep: number;
  /** Longest time between two looks at the clock while something waits for its retry, in milliseconds. */
  readonly checkClockEveryMs: number;
  /** After a start, retries are due within this time, in milliseconds, however long they were to wait. */
  readonly restartSpreadMs: number;
  /** Longest the file may grow, in pages of SQLite. `undefined`: as long as the disk. */
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

/** Fills in what is not given. */
export function withDefaults(tuning: Partial<Tuning>): Tuning {
  return { ...DEFAULTS, ...tuning };
}
