/** How often the clock, which may be moved, is looked at, in milliseconds. */
const LOOK_EVERY_MS = 250;

/** Does things later, by a clock that may be moved ahead. It keeps no process alive. */
export class Later {
  readonly #now: () => number;
  readonly #waiting = new Set<{ readonly at: number; readonly work: () => void }>();
  #timer: NodeJS.Timeout | undefined;

  /** @param now in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  after(ms: number, work: () => void): void {
    this.#waiting.add({ at: this.#now() + ms, work });
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** Forgets what was to be done. */
  clear(): void {
    this.#waiting.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = this.#now();
    for (const waiting of [...this.#waiting]) {
      if (waiting.at > now) continue;
      this.#waiting.delete(waiting);
      waiting.work();
    }
    if (this.#waiting.size === 0) this.clear();
  }
}
