/** A timer on a clock that never goes back. */
export interface WakeTimer {
  /** The time of this clock, in milliseconds since an arbitrary moment. */
  now(): number;
  /** Calls `onWake` at `moment`, in place of the moment that was set before. `undefined` clears the timer. */
  set(moment: number | undefined): void;
  stop(): void;
}

/**
 * @param clock in milliseconds; may jump
 * @param onWake called from a timer, never from `set`
 * @param checkEveryMs longest time between two readings of the clock, because timers stop while a computer sleeps. If the
 * clock is set back, the wait grows by this much at most
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
