import { createWakeTimer, type WakeTimer } from "../../src/inbox/embedded/wake-timer";

const HOUR_MS = 3_600_000;

let clock: number;
let rung: number;
let alarm: WakeTimer;

beforeEach(() => {
  jest.useFakeTimers();
  clock = 1_000;
  rung = 0;
  alarm = createWakeTimer(
    () => clock,
    () => rung++,
  );
});
afterEach(() => {
  alarm.stop();
  jest.useRealTimers();
});

/** Time passes, for the timers and for the clock. */
function pass(ms: number): void {
  for (let left = ms; left > 0; left -= 100) {
    clock += Math.min(100, left);
    jest.advanceTimersByTime(Math.min(100, left));
  }
}

it("rings once it is late enough, and once only", () => {
  alarm.set(alarm.now() + 500);
  pass(400);
  expect(rung).toBe(0);
  pass(200);
  expect(rung).toBe(1);
  pass(10_000);
  expect(rung).toBe(1);
});

it("rings for the moment that was set last, and not at all when that is none", () => {
  alarm.set(alarm.now() + 500);
  alarm.set(alarm.now() + 5_000);
  pass(1_000);
  expect(rung).toBe(0);
  alarm.set(undefined);
  pass(10_000);
  expect(rung).toBe(0);
});

it("rings soon after the clock was set forward past the moment", () => {
  alarm.set(alarm.now() + HOUR_MS);
  pass(1_000);
  clock += 2 * HOUR_MS;
  pass(1_100);
  expect(rung).toBe(1);
});

it("rings in time although the clock was set back", () => {
  alarm.set(alarm.now() + 10_000);
  pass(2_000);
  clock -= HOUR_MS;
  pass(7_000);
  expect(rung).toBe(0);
  pass(2_200);
  expect(rung).toBe(1);
});

it("tells a time that never goes back", () => {
  const before = alarm.now();
  clock -= HOUR_MS;
  expect(alarm.now()).toBe(before);
  clock += 5;
  expect(alarm.now()).toBe(before + 5);
});
