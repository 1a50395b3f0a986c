import fc from "fast-check";
import { createNotice, type Notice } from "../../../src/core/contract/notice";
import type { Platform } from "../../../src/core/contract/platform";
import { createResequencer, type Resequencer } from "../../../src/core/receive/resequencer";
import { InMemoryPlatform } from "../in-memory-platform";

const WITHIN_MS = 250;

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

/** A platform whose deliveries overtake each other. */
function overtaken(account: string): Platform {
  return Object.assign(new InMemoryPlatform({ account }), {
    reorder: {
      numberOf: ({ data }: Notice) => (typeof data.number === "number" ? data.number : undefined),
      withinMs: WITHIN_MS,
    },
  });
}

function numbered(number?: number, account = "default"): Notice {
  return createNotice(
    { name: "memory", account },
    { name: "messages.created", key: `m${number}`, conversation: "room", data: { number } },
  );
}

/** What was let in so far, and when. */
interface Entered {
  readonly number: unknown;
  readonly at: number;
}

function open(accept?: (notice: Notice) => Promise<"added">): { inOrder: Resequencer; entered: Entered[] } {
  const entered: Entered[] = [];
  const inOrder = createResequencer([overtaken("default"), overtaken("second")], async (notice) => {
    entered.push({ number: notice.data.number, at: Date.now() });
    return accept?.(notice) ?? "added";
  });
  return { inOrder, entered };
}

const numbersOf = (entered: readonly Entered[]): unknown[] => entered.map(({ number }) => number);

/** Lets everything arrive when it does, on a clock of its own. @returns what was let in */
function arrive(arrivals: readonly { number: number | undefined; at: number }[]): Entered[] {
  jest.setSystemTime(0);
  const { inOrder, entered } = open();
  for (const { number, at } of arrivals) setTimeout(() => void inOrder.accept(numbered(number)), at);
  jest.runAllTimers();
  return entered;
}

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });

it("keeps the order of all that are on their way for a time that differs by less than the hold", () => {
  const sent = fc.array(
    fc.record({
      skipped: fc.nat({ max: 3 }),
      afterMs: fc.nat({ max: 120 }),
      onItsWayMs: fc.nat({ max: WITHIN_MS - 1 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(sent, (messages) => {
      let [number, at] = [0, 0];
      const arrivals = messages.map(({ skipped, afterMs, onItsWayMs }) => {
        number += 1 + skipped;
        at += afterMs;
        return { number, at: at + onItsWayMs };
      });
      expect(numbersOf(arrive(arrivals))).toEqual(arrivals.map((one) => one.number));
    }),
  );
});

it("lets in everything once, and nothing later than the hold, whatever comes when", () => {
  const arrival = fc.record({
    number: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    at: fc.nat({ max: 1_000 }),
  });
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 30 }), (arrivals) => {
      const entered = arrive(arrivals);
      // Each number may come more than once: what is the earliest that came is the earliest that is let in.
      const by = (list: readonly Entered[], number: unknown): number[] =>
        list
          .filter((one) => one.number === number)
          .map(({ at }) => at)
          .sort((a, b) => a - b);
      expect(entered).toHaveLength(arrivals.length);
      for (const { number } of arrivals) {
        const came = by(arrivals, number);
        by(entered, number).forEach((at, index) => {
          expect(at - (came[index] ?? Number.NaN)).toBeGreaterThanOrEqual(0);
          expect(at - (came[index] ?? Number.NaN)).toBeLessThanOrEqual(number === undefined ? 0 : WITHIN_MS);
        });
      }
    }),
  );
});

it("lets a burst in by number, in whichever order it comes", () => {
  fc.assert(
    fc.property(ids, (numbers) => {
      const entered = arrive(numbers.map((number) => ({ number, at: 0 })));
      expect(numbersOf(entered)).toEqual([...numbers].sort((a, b) => a - b));
    }),
  );
});

it("holds nothing where nothing is missing", () => {
  expect(
    arrive([{ number: 7, at: 0 }, ...[8, 9, 10].map((number) => ({ number, at: 1_000 + number }))]),
  ).toEqual([
    { number: 7, at: WITHIN_MS },
    { number: 8, at: 1_008 },
    { number: 9, at: 1_009 },
    { number: 10, at: 1_010 },
  ]);
});

it("ends the hold with what was missing", () => {
  const arrivals = [
    { number: 7, at: 0 },
    { number: 10, at: 1_000 },
    { number: 9, at: 1_010 },
    { number: 8, at: 1_020 },
  ];
  expect(arrive(arrivals).slice(1)).toEqual([8, 9, 10].map((number) => ({ number, at: 1_020 })));
});

it("waits for nothing twice: what comes too late is let in as it comes", () => {
  const arrivals = [
    { number: 9, at: 0 },
    { number: 7, at: 400 },
    { number: 8, at: 401 },
  ];
  expect(arrive(arrivals)).toEqual([
    { number: 9, at: WITHIN_MS },
    { number: 7, at: 400 },
    { number: 8, at: 401 },
  ]);
});

it("goes on in order when a server begins to count anew", () => {
  const arrivals = [
    { number: 900, at: 0 },
    { number: 1, at: 1_000 },
    { number: 4, at: 2_000 },
    { number: 3, at: 2_100 },
  ];
  expect(numbersOf(arrive(arrivals))).toEqual([900, 1, 3, 4]);
});

it("holds each account for itself", () => {
  const { inOrder, entered } = open();
  void inOrder.accept(numbered(5));
  void inOrder.accept(numbered(6, "second"));
  void inOrder.accept(numbered(4));
  jest.advanceTimersByTime(WITHIN_MS);
  expect(numbersOf(entered)).toEqual([4, 5, 6]);
});

it("answers each with what became of it", async () => {
  const { inOrder } = open(async ({ data }) => {
    if (data.number === 2) throw new Error("the disk is full");
    return "added";
  });
  const outcomes = Promise.allSettled([3, 2, 1].map((number) => inOrder.accept(numbered(number))));
  await jest.advanceTimersByTimeAsync(WITHIN_MS);
  expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

it("lets in at once what is held when the program closes, and holds nothing after that", () => {
  const { inOrder, entered } = open();
  for (const number of [5, 3, 9]) void inOrder.accept(numbered(number));
  inOrder.release();
  void inOrder.accept(numbered(20));
  expect(entered).toEqual([3, 5, 9, 20].map((number) => ({ number, at: 0 })));
  expect(jest.getTimerCount()).toBe(0);
});

it("stands in nobody's way where deliveries do not overtake each other", () => {
  const accept = async (): Promise<"added"> => "added";
  expect(createResequencer([new InMemoryPlatform()], accept).accept).toBe(accept);
});
