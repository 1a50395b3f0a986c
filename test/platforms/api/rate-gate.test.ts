import { createRateGate } from "../../../src/platforms/api/rate-gate";
import { createFastClock } from "./fast-clock";

const { signal } = new AbortController();

it("holds back for the longest of several waits, counted from when each was asked for", async () => {
  const clock = createFastClock();
  const gate = createRateGate(clock);
  expect(gate.heldForMs()).toBe(0);
  gate.hold(5_000);
  gate.hold(1_000);
  await clock.pause(2_000, signal);
  expect(gate.heldForMs()).toBe(3_000);
  await clock.pause(9_000, signal);
  expect(gate.heldForMs()).toBe(0);
});

it("holds back for an hour at most, whatever it is told", () => {
  const gate = createRateGate(createFastClock());
  gate.hold(Number.MAX_SAFE_INTEGER);
  expect(gate.heldForMs()).toBe(3_600_000);
});
