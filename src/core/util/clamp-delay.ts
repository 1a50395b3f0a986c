const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/**
 * A wait as every store takes it: whole milliseconds, from none to a year. A number that a table refuses would take
 * along all that is written with it.
 */
export function clampDelay(afterMs: number): number {
  return Math.min(YEAR_MS, Math.max(0, Math.ceil(afterMs) || 0));
}
