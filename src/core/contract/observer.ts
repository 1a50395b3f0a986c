import { describeError } from "./errors";
import type { AddOutcome, Settlement } from "./inbox";
import type { Logger } from "./logger";
import type { Notice } from "./notice";
import type { TraceStep } from "./trace";

/** One try at an event, for whoever looks on. */
export interface ObservedAttempt {
  readonly notice: Notice;
  /** 1 for the first try. */
  readonly attempt: number;
}

/**
 * Is told what becomes of events while it happens, in this process: for a timeline, a test that waits for an answer, or
 * spans. It looks on and changes nothing; what it throws is logged.
 */
export interface Observer {
  /** A notice came in and is on disk, or had been there before. */
  accepted?(notice: Notice, outcome: AddOutcome): void;
  began?(attempt: ObservedAttempt): void;
  /** The attempt's end is on disk. `trace` has its whole path. */
  settled?(attempt: ObservedAttempt, settlement: Settlement, trace: readonly TraceStep[]): void;
}

/** The same, but it cannot make anything fail. */
export function guardObserver(observer: Observer, log: Logger): Required<Observer> {
  const guarded =
    <Told extends unknown[]>(tell: ((...told: Told) => void) | undefined) =>
    (...told: Told): void => {
      try {
        tell?.(...told);
      } catch (error) {
        log.error("an observer of events failed; the events are not affected", {
          error: describeError(error),
        });
      }
    };
  return {
    accepted: guarded(observer.accepted?.bind(observer)),
    began: guarded(observer.began?.bind(observer)),
    settled: guarded(observer.settled?.bind(observer)),
  };
}
