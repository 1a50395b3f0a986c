/**
 * How long the event loop has been blocked, counted in the watchdog's own turns: time in which the watchdog did not run
 * either (a stopped process, a laptop asleep, a machine without a free core) counts for nothing.
 */
export interface BlockedTime {
  /**
   * @param now in milliseconds, by a clock that never goes back
   * @param beats grows while the event loop turns
   * @returns how long it has not, in milliseconds
   */
  look(now: number, beats: number): number;
  /** Begins anew. */
  reset(): void;
}

/** @param everyMs between two looks. A turn that comes later than twice that counts as one in time */
export function createBlockedTime(everyMs: number): BlockedTime {
  let lastLook: number | undefined;
  let lastBeats: number | undefined;
  let blockedMs = 0;

  return {
    look(now, beats) {
      const elapsed = lastLook === undefined ? 0 : now - lastLook;
      lastLook = now;
      if (beats === lastBeats) blockedMs += elapsed > 2 * everyMs ? everyMs : elapsed;
      else blockedMs = 0;
      lastBeats = beats;
      return blockedMs;
    },
    reset() {
      lastLook = undefined;
      lastBeats = undefined;
      blockedMs = 0;
    },
  };
}
