/** So many may be mistyped one after the other. */
const freeAttempts = 5;
const firstWaitMs = 1_000;
const longestWaitMs = 5 * 60_000;
const forgottenAfterMs = 60 * 60_000;
/** Whoever has more addresses than this gets the oldest of them forgotten. */
const most = 1_000;

interface Failures {
  count: number;
  last: number;
}

/** Slows down whoever tries passwords: after five wrong ones, 1 s, 2 s, 4 s, at most five minutes. */
export class Attempts {
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long this address has to wait, in milliseconds; 0: it may try. */
  waitMs(address: string): number {
    const failures = this.#failures.get(address);
    if (failures === undefined || failures.count < freeAttempts) return 0;
    const waitMs = Math.min(firstWaitMs * 2 ** (failures.count - freeAttempts), longestWaitMs);
    return Math.max(0, failures.last + waitMs - this.#now());
  }

  failed(address: string): void {
    const before = this.#failures.get(address);
    const isForgotten = before === undefined || this.#now() - before.last > forgottenAfterMs;
    // Put at the end: the first one is the one that has not tried for the longest time.
    this.#failures.delete(address);
    this.#failures.set(address, { count: isForgotten ? 1 : before.count + 1, last: this.#now() });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > most && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }
}
