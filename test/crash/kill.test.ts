import { FAULT_POINTS } from "../../src/core/fault-points";
import { type PostgresServer, postgresIsMissing, startPostgres } from "../inbox/postgres-server";
import { type CrashOptions, crashRun } from "./harness/crash-run";

/** Where what is lost, repeated or reordered would be: half of it on disk, half of it at the platform. */
const IMPORTANT_POINTS = [
  "inbox.group-written",
  "inbox.group-committed",
  "receive.kept",
  "call.begun",
  "call.answered",
  "journal.noted",
  "worker.settling",
  "worker.settled",
];
const SLOW_KILLS = 200;
const SLOW_MS = 60 * 60_000;

const seed = Number(process.env.CRASH_SEED ?? 1);
const isSlow = process.env.SLOW_TESTS !== undefined;
const slowly = isSlow ? it : it.skip;

describe("killed while people write, the program loses, repeats and reorders nothing", () => {
  it("at the points that matter, and at random", async () => {
    const kills = IMPORTANT_POINTS.length + 2;
    const report = await crashRun({ seed, kills, points: IMPORTANT_POINTS });
    expect(report.text).toBe("");
    expect(report.missed).toEqual([]);
  }, 90_000);

  it("when each delivery comes up to five times, at once, late and across kills", async () => {
    const report = await crashRun({ seed, kills: 2, points: [], copies: 5, groupRooms: 12 });
    expect(report.text).toBe("");
  }, 90_000);

  it("when replies are sent at most once", async () => {
    const points = ["journal.unknown-noted", "call.answered"];
    const report = await crashRun({ seed, kills: points.length, points, replies: "at-most-once" });
    expect(report.text).toBe("");
    expect(report.missed).toEqual([]);
  }, 90_000);

  slowly(
    "at every point, and at random",
    async () => {
      const report = await crashRun({ seed, kills: SLOW_KILLS });
      expect(report.text).toBe("");
      expect(report.neverReached).toEqual([]);
    },
    SLOW_MS,
  );

  slowly.each<[string, Pick<CrashOptions, "copies" | "replies">]>([
    ["when each delivery comes up to five times", { copies: 5 }],
    ["when replies are sent at most once", { replies: "at-most-once" }],
  ])(
    "at every point and at random, %s",
    async (_, how) => {
      const report = await crashRun({ seed, kills: SLOW_KILLS, ...how });
      expect(report.text).toBe("");
      expect(report.neverReached).toEqual([]);
    },
    SLOW_MS,
  );
});

const missing = postgresIsMissing();
if (isSlow && missing !== undefined) throw new Error(missing);

(isSlow ? describe : describe.skip)("on a database too", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  it.each([1, 5])(
    "at every point and at random, with deliveries that come up to %d times",
    async (copies) => {
      const databaseUrl = postgres.newDatabase();
      const report = await crashRun({ seed, kills: SLOW_KILLS, copies, databaseUrl });
      expect(report.text).toBe("");
      expect(report.neverReached).toEqual([]);
    },
    SLOW_MS,
  );
});

it("the points that matter are points", () => {
  expect(FAULT_POINTS).toEqual(expect.arrayContaining(IMPORTANT_POINTS));
});
