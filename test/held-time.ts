/** Timers of this program that move when a test moves them: how fast the machine is changes nothing. */
export interface HeldTime {
  /** Moves the timers on, and runs those that are due. */
  pass(ms: number): void;
}

/** Stops `setTimeout` until the end of the test. Clocks, intervals and the network go on. */
export function holdTime(): HeldTime {
  jest.useFakeTimers({
    doNotFake: [
      "Date",
      "hrtime",
      "nextTick",
      "performance",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "setInterval",
      "clearInterval",
    ],
  });
  return { pass: (ms) => void jest.advanceTimersByTime(ms) };
}

/** To be called after each test that may have held the time. */
export function releaseTime(): void {
  jest.useRealTimers();
}
