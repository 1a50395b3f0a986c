import type { DeliveryFault } from "./fault";

/** What can be done with one thing that is to be sent. */
export interface Sending {
  /** @param isCut it is to break off in the middle @returns when it is over */
  send(isCut: boolean): Promise<unknown>;
  /** It never goes out. */
  lose(): void;
  /** Whoever it was for is to be switched off. */
  deactivate(): void;
}

/** A line to one receiver, on which things get lost, late, doubled and out of order when that is asked for. */
export class UnsteadyLine {
  #held: (() => Promise<unknown>)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Sends it as well as the faults let it. */
  pass(faults: readonly DeliveryFault[], { send, lose, deactivate }: Sending): void {
    let copies = 1;
    let waitMs = 0;
    let isCut = false;
    let isHeld = false;
    for (const fault of faults) {
      switch (fault.kind) {
        case "lost":
          lose();
          return;
        case "deactivate":
          deactivate();
          return;
        case "duplicate":
          copies += fault.copies ?? 1;
          break;
        case "delay":
          waitMs += fault.ms;
          break;
        case "disorder":
          isHeld = true;
          break;
        case "cut":
          isCut = true;
          break;
        default:
          fault satisfies never;
      }
    }
    const go = (): Promise<unknown> => Promise.all(Array.from({ length: copies }, () => send(isCut)));
    if (isHeld) {
      this.#held.push(go);
      return;
    }
    const goWithTheHeld = (): void => {
      const held = this.#held;
      this.#held = [];
      void go().then(() => {
        for (const late of held) void late();
      });
    };
    if (waitMs === 0) goWithTheHeld();
    else this.#later(goWithTheHeld, waitMs);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#held = [];
  }

  #later(work: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}
