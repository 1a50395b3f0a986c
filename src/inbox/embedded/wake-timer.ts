/** Tells the time by a clock that never goes back, and rings once it is late enough. */
export interface WakeTimer {
  /** In milliseconds, from no particular moment. */
  now(): number;
  /** Rings at `moment`; replaces what was set before. `undefined`: not at all. */
  set(moment: number | undefined): void;
  stop(): void;
}

/**
 * @param clock in milliseconds; may jump
 * @param onWake is called in a turn of its own
 * @param checkEveryMs the longest sleep between two looks at the clock. A timer does not count the time a laptop was shut,
 * and a clock that is set back would otherwise take back the waits with it; by looking, we lose this much.
 */
export function createWakeTimer(clock: () => number, onWake: () => void, checkEveryMs = 1_000): WakeTimer {
  let latest = clock();
  let correctionMs = 0;
  let target: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function now(): number {
    const read = clock();
    if (read < latest) correctionMs += latest - read;
    latest = read;
    return read + correctionMs;
  }

  function arm(): void {
    clearTimeout(timer);
    if (target === undefined) return;
    timer = setTimeout(checkClock, Math.min(checkEveryMs, Math.max(0, target - now())));
  }

  function checkClock(): void {
    if (target !== undefined && now() < target) {
      arm();
      return;
    }
    target = undefined;
    onWake();
  }

  return {
    now,
    set(moment) {
      if (moment === target) return;
      target = moment;
      arm();
    },
    stop() {
      target = undefined;
      clearTimeout(timer);
    },
  };
}
