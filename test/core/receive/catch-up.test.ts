import fc from "fast-check";
import { silentLogger } from "../../../src/core/contract/logger";
import { noMetrics } from "../../../src/core/contract/metrics";
import { createNotice, type JsonValue, type Notice } from "../../../src/core/contract/notice";
import type { EventHistory, Platform } from "../../../src/core/contract/platform";
import type { Records } from "../../../src/core/contract/records";
import { createCatchUp } from "../../../src/core/receive/catch-up/catch-up";
import { type AcceptNotice, createInboxWriter } from "../../../src/core/receive/receive";
import { openEmbedded } from "../../../src/inbox/embedded";
import { tempDir } from "../../inbox/temp-dir";
import { InMemoryPlatform } from "../in-memory-platform";

/** A message as deliveries and the platform's own memory tell of it. */
function message(room: string, number: number): Notice {
  return createNotice(
    { name: "memory", account: "default" },
    { name: "messages.created", key: `${room}-${number}`, conversation: room, room: { id: room }, data: {} },
  );
}

function withMemory(missed: EventHistory): Platform {
  return Object.assign(new InMemoryPlatform(), { name: "memory", history: missed });
}

/** A memory of one room each, with so many messages. */
function memoryOf(
  rooms: Readonly<Record<string, number>>,
  before: () => Promise<void> = async () => {},
): EventHistory {
  return {
    async *rooms() {
      yield* Object.keys(rooms);
    },
    async notices(room) {
      await before();
      return Array.from({ length: rooms[room] ?? 0 }, (_, index) => message(room, index + 1));
    },
  };
}

async function openParts() {
  const inbox = await openEmbedded({ dataDir: tempDir() });
  const kept: string[] = [];
  const accept = createInboxWriter({
    async add(notice) {
      const outcome = await inbox.add(notice);
      if (outcome === "added") kept.push(notice.key.replace("memory/default/", ""));
      return outcome;
    },
  });
  return { inbox, kept, accept, records: inbox.records, log: silentLogger, metrics: noMetrics };
}

const { signal } = new AbortController();

it("takes in what is not known yet, and counts", async () => {
  const parts = await openParts();
  await parts.accept(message("a", 2));
  const catchUp = createCatchUp(parts);
  const report = await catchUp.since(withMemory(memoryOf({ a: 3, b: 1 })), Date.now() - 1_000, signal);
  expect(report).toMatchObject({ rooms: 2, found: 4, added: 3, isComplete: true });
  expect(parts.kept).toEqual(["a-2", "a-1", "a-3", "b-1"]);
  await parts.inbox.close();
});

it("stops at the number of rooms it may look into, and says so", async () => {
  const parts = await openParts();
  const catchUp = createCatchUp(parts, { maxRooms: 2 });
  const report = await catchUp.since(withMemory(memoryOf({ a: 1, b: 1, c: 1 })), 0, signal);
  expect(report).toMatchObject({ rooms: 2, isComplete: false });
  await parts.inbox.close();
});

it("goes no further back than it may", async () => {
  const parts = await openParts();
  const asked: number[] = [];
  const missed: EventHistory = {
    async *rooms(since) {
      asked.push(since);
      yield* [];
    },
    notices: async () => [],
  };
  const catchUp = createCatchUp(parts, { maxAgeMs: 1_000, now: () => 50_000 });
  await catchUp.since(withMemory(missed), 10, signal);
  expect(asked).toEqual([49_000]);
  await parts.inbox.close();
});

it("looks again after a failure, and lets what arrives meanwhile pass after a while", async () => {
  const parts = await openParts();
  let fails = true;
  const missed = memoryOf({ a: 1 }, async () => {
    if (fails) throw new Error("the platform is away");
  });
  const platform = withMemory(missed);
  const catchUp = createCatchUp(parts);
  const since = Date.now() - 1_000;
  await expect(catchUp.since(platform, since, signal)).rejects.toThrow("the platform is away");
  fails = false;
  await expect(catchUp.since(platform, since, signal)).resolves.toMatchObject({ added: 1 });
  expect(catchUp.precede(message("a", 9))).toBeUndefined();
  await parts.inbox.close();
});

it("lets everything pass while the platform stays away: nobody waits for a round that does not begin", async () => {
  const parts = await openParts();
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
  try {
    const catchUp = createCatchUp(parts);
    catchUp.expect(withMemory(memoryOf({ a: 1 })));
    const first = catchUp.precede(message("a", 9));
    expect(first).toBeDefined();
    await jest.advanceTimersByTimeAsync(3_001);
    await first;
    expect(catchUp.precede(message("a", 10))).toBeUndefined();
  } finally {
    jest.useRealTimers();
    await parts.inbox.close();
  }
});

it("is done by one process for all that share an inbox", async () => {
  const parts = await openParts();
  const upTo = Date.now() - 3_600_000;
  await parts.records.write([{ key: "catch-up/memory/default", value: { begun: upTo, upTo } }]);
  let rounds = 0;
  let goOn: (() => void) | undefined;
  const busy = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let begun: (() => void) | undefined;
  const isBusy = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const platform = withMemory(
    memoryOf({ a: 1 }, async () => {
      rounds++;
      begun?.();
      await busy;
    }),
  );
  const over = new AbortController();
  const first = createCatchUp(parts).follow(platform, over.signal);
  await isBusy;
  const second = createCatchUp(parts).follow(platform, over.signal);
  goOn?.();
  // The first one's checkpoint tells the second that nothing is missing.
  const checkpoint = async () => (await parts.records.read("catch-up/memory/default"))?.version;
  while ((await checkpoint()) === 1) await new Promise((resolve) => setImmediate(resolve));
  over.abort();
  await Promise.all([first, second]);
  expect(rounds).toBe(1);
  await parts.inbox.close();
});

it("keeps the order of a room and takes in nothing twice, however the round and deliveries interleave", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.constantFrom("a", "b"), { maxLength: 6 }),
      fc.scheduler(),
      async (missedCount, live, scheduler) => {
        const kept: string[] = [];
        const known = new Set<string>();
        const add = async (notice: Notice) => {
          await scheduler.schedule(Promise.resolve(), notice.key);
          if (known.has(notice.key)) return "duplicate" as const;
          known.add(notice.key);
          kept.push(notice.key.replace("memory/default/", ""));
          return "added" as const;
        };
        const memory = memoryOf({ a: missedCount, b: missedCount }, () =>
          scheduler.schedule(Promise.resolve(), "list"),
        );
        const platform = withMemory(memory);
        const records = { read: async () => undefined, write: async () => {} };
        const catchUp = createCatchUp({
          accept: createInboxWriter({ add }),
          records,
          log: silentLogger,
          metrics: noMetrics,
        });
        catchUp.expect(platform);
        const inTurn = createInboxWriter({ add }, { precede: catchUp.precede });
        const work = [
          catchUp.since(platform, Date.now() - 1_000, signal),
          // A room's deliveries come one after the other.
          ...["a", "b"].map(async (room) => {
            let number = missedCount;
            for (const other of live) if (other === room) await inTurn(message(room, ++number));
          }),
        ];
        await scheduler.waitFor(Promise.all(work));
        for (const room of ["a", "b"]) {
          const expected = missedCount + live.filter((other) => other === room).length;
          expect(kept.filter((key) => key.startsWith(room))).toEqual(
            Array.from({ length: expected }, (_, index) => `${room}-${index + 1}`),
          );
        }
      },
    ),
    { numRuns: 100 },
  );
});

/** Parts without a thread or a file, for which timers can be faked. */
function partsInMemory() {
  const kept: string[] = [];
  const written = new Map<string, JsonValue>();
  const records: Records = {
    async read(key) {
      const value = written.get(key);
      return value === undefined ? undefined : { value, version: 1 };
    },
    async write(changes) {
      for (const { key, value } of changes)
        if (value === undefined) written.delete(key);
        else written.set(key, value);
    },
  };
  const accept: AcceptNotice = async ({ key }) => {
    kept.push(key);
    return "added";
  };
  return { kept, accept, records, log: silentLogger, metrics: noMetrics };
}

describe("as time passes", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it("fills a gap from a little earlier on, and tries until it has succeeded", async () => {
    const parts = partsInMemory();
    const memory = memoryOf({ a: 1 });
    const asked: number[] = [];
    const missed: EventHistory = {
      ...memory,
      rooms(since, roundSignal) {
        if (asked.push(since) === 1) throw new Error("the platform is away");
        return memory.rooms(since, roundSignal);
      },
    };
    const now = Date.now();
    const filled = createCatchUp(parts).fill(withMemory(missed), now, signal);
    await jest.advanceTimersByTimeAsync(2_000);
    await filled;
    expect(asked).toEqual([now - 300_000, now - 300_000]);
    expect(parts.kept).toEqual([message("a", 1).key]);
  });

  it("leaves the checkpoint where it is while nothing arrives", async () => {
    const parts = partsInMemory();
    const following = new AbortController();
    let isArriving = true;
    const checkpoint = async () => (await parts.records.read("catch-up/memory/default"))?.value;
    const catchUp = createCatchUp({ ...parts, isArriving: () => isArriving });
    const begun = Date.now();
    const done = catchUp.follow(withMemory(memoryOf({})), following.signal);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await checkpoint()).toEqual({ begun, upTo: begun + 60_000 });
    isArriving = false;
    await jest.advanceTimersByTimeAsync(180_000);
    expect(await checkpoint()).toEqual({ begun, upTo: begun + 60_000 });
    isArriving = true;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await checkpoint()).toEqual({ begun, upTo: begun + 300_000 });
    following.abort();
    await done;
  });
});
