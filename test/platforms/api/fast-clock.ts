import type { Clock } from "../../../src/platforms/api/clock";

/** A clock on which waiting takes no time; it tells how long was waited. */
export interface FastClock extends Clock {
  readonly waits: number[];
}

export function createFastClock(start = Date.parse("2026-01-02T03:04:05Z")): FastClock {
  const waits: number[] = [];
  let now = start;
  return {
    waits,
    now: () => now,
    random: () => 0,
    async pause(ms) {
      waits.push(ms);
      now += ms;
      // Others get their turn, as they would while time passes.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
