import { sleep } from "../../core/util/sleep";

/** Time and chance, so that tests need to wait for neither. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, when `signal` is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 to 1. */
  random(): number;
}

export const systemClock: Clock = { now: Date.now, pause: sleep, random: Math.random };
