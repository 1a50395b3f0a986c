import type { Settlement } from "../core/contract/inbox";
import type { Observer } from "../core/contract/observer";
import type { TraceStep } from "../core/contract/trace";
import { Bell } from "../playground/signal";

/** One attempt of a program in this process, from beginning to end. */
export interface SeenAttempt {
  readonly key: string;
  readonly event: string;
  readonly attempt: number;
  readonly settlement: Settlement;
  readonly trace: readonly TraceStep[];
  /** How much bots had written when it began, and when it had ended. */
  readonly from: number;
  readonly to: number;
}

/** What the programs in this process have done. */
export class Progress {
  readonly bell = new Bell();
  readonly #seen: SeenAttempt[] = [];
  readonly #begun = new Map<string, number>();
  readonly observer: Observer;

  /**
   * @param written how much bots have written so far
   * @param onRetry is told how long an event is to wait, in milliseconds
   */
  constructor(written: () => number, onRetry: (afterMs: number) => void) {
    this.observer = {
      began: ({ notice }) => void this.#begun.set(notice.key, written()),
      settled: ({ notice: { key, name }, attempt }, settlement, trace) => {
        const to = written();
        const from = this.#begun.get(key) ?? to;
        this.#begun.delete(key);
        this.#seen.push({ key, event: name, attempt, settlement, trace, from, to });
        this.bell.ring();
        if (settlement.kind === "retry") onRetry(settlement.afterMs);
      },
    };
  }

  /** How many attempts have ended. */
  get position(): number {
    return this.#seen.length;
  }

  /** Those that have ended since then. */
  since(position: number): readonly SeenAttempt[] {
    return this.#seen.slice(position);
  }
}
