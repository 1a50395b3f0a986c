import type { Clock } from "../../../src/platforms/api/clock";

/** A clock that stands still while somebody pauses, until it is told to go on. */
export interface SteppedClock extends Clock {
  /** How long was paused, in milliseconds; the last one may be under way. */
  readonly waits: number[];
  /** Resolves once somebody pauses. */
  paused(): Promise<void>;
  /** Lets the pause that is under way end, and waits for the next one. */
  step(): Promise<void>;
}

export function createSteppedClock(start = Date.parse("2026-01-02T03:04:05Z")): SteppedClock {
  const waits: number[] = [];
  let now = start;
  let wake: (() => void) | undefined;
  let onPause: (() => void) | undefined;
  const paused = (): Promise<void> =>
    wake === undefined
      ? new Promise((resolve) => {
          onPause = resolve;
        })
      : Promise.resolve();
  return {
    waits,
    now: () => now,
    random: () => 0.5,
    pause(ms, signal) {
      waits.push(ms);
      return new Promise((resolve) => {
        wake = () => {
          wake = undefined;
          resolve();
        };
        if (signal.aborted) wake();
        else signal.addEventListener("abort", () => wake?.());
        onPause?.();
      });
    },
    paused,
    async step() {
      await paused();
      now += waits.at(-1) ?? 0;
      wake?.();
      await paused();
    },
  };
}
