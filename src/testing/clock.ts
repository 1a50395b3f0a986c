/** A length of time; what is given is added up. A number is milliseconds. */
export type Duration =
  | number
  | {
      readonly days?: number;
      readonly hours?: number;
      readonly minutes?: number;
      readonly seconds?: number;
    };

/** A clock that goes on by itself and can be moved ahead. */
export interface MovableClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves ahead: what waited for a retry, or expires in the meantime, does so. @throws RangeError for a negative duration */
  advance(by: Duration): void;
  /** Moves to a later moment. @throws RangeError for one that has been */
  moveTo(moment: Date): void;
}

export function createClock(): MovableClock {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const advance = (ms: number): void => {
    if (!(ms >= 0)) throw new RangeError(`a clock goes forward only, and this is ${ms} ms`);
    ahead += ms;
  };
  return {
    now,
    advance: (by) => advance(toMs(by)),
    moveTo: (moment) => advance(moment.getTime() - now()),
  };
}

function toMs(duration: Duration): number {
  if (typeof duration === "number") return duration;
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = duration;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}
