import fc from "fast-check";
import { type Failure, parseRetryAfter, waitBeforeRetry } from "../../../src/platforms/api/retry";

const now = Date.parse("2026-01-02T03:04:05Z");

it.each([
  ["0", undefined],
  ["1", 1_000],
  ["3600", 3_600_000],
  [" 12 ", 12_000],
  ["0.5", 500],
  ["Fri, 02 Jan 2026 03:04:15 GMT", 10_000],
  ["Fri, 02 Jan 2026 03:04:05 GMT", undefined],
  ["Thu, 01 Jan 2026 03:04:05 GMT", undefined],
  ["-1", undefined],
  ["", undefined],
  ["soon", undefined],
  ["1e3", undefined],
  ["2026", 2_026_000],
  ["2027-01-01", undefined],
  ["99999999999999999999", undefined],
  [undefined, undefined],
])("reads Retry-After %j as %j ms", (value, ms) => {
  expect(parseRetryAfter(value, now)).toBe(ms);
});

it("makes nothing but a positive number of milliseconds of whatever Retry-After says", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (value) => {
      const ms = parseRetryAfter(value, now);
      expect(ms === undefined || (Number.isInteger(ms) && ms > 0)).toBe(true);
    }),
  );
});

const busy: Failure = { kind: "busy", retryAfterMs: undefined };

it.each<[Failure, "GET" | "POST", number, number | undefined]>([
  [busy, "POST", 1, 1_000],
  [busy, "POST", 4, 8_000],
  [{ kind: "busy", retryAfterMs: 300 }, "GET", 1, 1_000],
  [{ kind: "busy", retryAfterMs: 5_000 }, "GET", 1, 5_000],
  [{ kind: "busy", retryAfterMs: 1_000 }, "GET", 4, 8_000],
  [{ kind: "server-error" }, "GET", 1, 500],
  [{ kind: "server-error" }, "GET", 3, 2_000],
  [{ kind: "server-error" }, "GET", 4, undefined],
  [{ kind: "server-error" }, "POST", 1, undefined],
  [{ kind: "lost" }, "GET", 2, 1_000],
  [{ kind: "lost" }, "POST", 1, undefined],
  [{ kind: "unsent" }, "POST", 1, 500],
  [{ kind: "unsent" }, "POST", 4, undefined],
  [{ kind: "final" }, "GET", 1, undefined],
])("after %j a %s waits at try %i for %j ms", (failure, method, attempt, ms) => {
  expect(waitBeforeRetry(failure, method, attempt, 0)).toBe(ms);
});

it("spreads short waits by up to a quarter", () => {
  expect(waitBeforeRetry({ kind: "unsent" }, "POST", 2, 1)).toBe(1_250);
});
