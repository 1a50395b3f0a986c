import { Attempts } from "../../../src/playground/auth/attempts";

let now: number;
let attempts: Attempts;

beforeEach(() => {
  now = 1_000_000;
  attempts = new Attempts(() => now);
});

function fail(times: number, address = "a"): void {
  for (let n = 0; n < times; n++) attempts.failed(address);
}

it.each([
  [0, 0],
  [4, 0],
  [5, 1_000],
  [6, 2_000],
  [10, 32_000],
  [14, 300_000],
  [1_100, 300_000],
])("after %d wrong passwords in a row one waits %d ms", (count, waitMs) => {
  fail(count);
  expect(attempts.waitMs("a")).toBe(waitMs);
});

it("lets one try again when the time is over", () => {
  fail(6);
  now += 1_999;
  expect(attempts.waitMs("a")).toBe(1);
  now += 1;
  expect(attempts.waitMs("a")).toBe(0);
});

it("begins to count anew after the right one, and after an hour", () => {
  fail(5);
  attempts.succeeded("a");
  fail(4);
  expect(attempts.waitMs("a")).toBe(0);
  fail(20);
  now += 3_600_001;
  fail(4);
  expect(attempts.waitMs("a")).toBe(0);
});

it("lets others try meanwhile", () => {
  fail(20);
  expect(attempts.waitMs("b")).toBe(0);
});

it("remembers a thousand addresses, and forgets who has not tried for the longest time", () => {
  fail(5, "first");
  fail(5, "second");
  for (let n = 0; n < 998; n++) attempts.failed(`address ${n}`);
  fail(1, "first");
  attempts.failed("one more");
  expect([attempts.waitMs("first"), attempts.waitMs("second")]).toEqual([2_000, 0]);
});
