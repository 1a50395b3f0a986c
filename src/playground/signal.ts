/** How long a test waits for a bot, in milliseconds. A wait that succeeds ends at once, so a busy machine can take its time. */
export const BOT_WAIT_MS = 30_000;

/** Something that several wait for, and that happens again and again. */
export class Bell {
  #waiting: (() => void)[] = [];

  /** Wakes all who wait now. */
  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** What `take` finds, as soon as it finds something; it is asked again at each ring. @throws what `fail` makes, after `timeoutMs` */
  async until<Value>(take: () => Value | undefined, timeoutMs: number, fail: () => Error): Promise<Value> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = take();
      if (found !== undefined) return found;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw fail();
      await this.#next(leftMs);
    }
  }

  #next(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
