/** How long work on a text may take before other work has its turn, in milliseconds. */
const LONGEST_MS = 8;

const waiting: (() => void)[] = [];

/** Time of the event loop that long work takes in pieces, so that other work is done between them. */
export class Turn {
  #startedAt = performance.now();

  isOver(): boolean {
    return performance.now() - this.#startedAt > LONGEST_MS;
  }

  /** Waits for a turn of the event loop that no other such work has. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(beginOne);
    });
    this.#startedAt = performance.now();
  }
}

// All immediates that are due run in the same turn: with one for each text, twenty texts would take one turn together.
function beginOne(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(beginOne);
}
