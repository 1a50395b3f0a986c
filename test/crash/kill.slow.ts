import { type PostgresServer, startPostgres } from "../inbox/postgres-server";
import { CONDITIONS } from "./harness/conditions";
import { type CrashOptions, crashRun } from "./harness/crash-run";
import { takeOverRun } from "./harness/take-overs";

const KILLS = 200;
const HARDER_KILLS = 60;
const PAUSES = 20;
const TIMEOUT_MS = 60 * 60_000;
const seed = Number(process.env.CRASH_SEED ?? 1);

const WAYS: [string, Pick<CrashOptions, "copies" | "replies">][] = [
  ["", {}],
  [", when each delivery comes up to five times", { copies: 5 }],
  [", when replies are sent at most once", { replies: "at-most-once" }],
];

it.each(WAYS)(
  "killed at every point and at random%s, nothing is lost, repeated or reordered",
  async (_, how) => {
    const report = await crashRun({ seed, kills: KILLS, ...how });
    expect(report.text).toBe("");
    expect(report.neverReached).toEqual([]);
  },
  TIMEOUT_MS,
);

it.each(CONDITIONS)(
  "killed with %s, nothing is lost, repeated or reordered",
  async (condition) => {
    const report = await crashRun({ seed, kills: HARDER_KILLS, conditions: [condition] });
    expect(report.text).toBe("");
  },
  TIMEOUT_MS,
);

it(
  "stopped by SIGSTOP while the next program waits for the file, nothing is lost, repeated or reordered",
  async () => {
    const report = await takeOverRun({ seed, pauses: PAUSES });
    expect(report.text).toBe("");
  },
  TIMEOUT_MS,
);

describe("on a database too", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  it.each([1, 5])(
    "with deliveries that come up to %d times",
    async (copies) => {
      const databaseUrl = postgres.newDatabase();
      const report = await crashRun({ seed, kills: KILLS, copies, databaseUrl });
      expect(report.text).toBe("");
      expect(report.neverReached).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.each(CONDITIONS)(
    "killed with %s",
    async (condition) => {
      const databaseUrl = postgres.newDatabase();
      const report = await crashRun({ seed, kills: HARDER_KILLS, conditions: [condition], databaseUrl });
      expect(report.text).toBe("");
    },
    TIMEOUT_MS,
  );

  it(
    "stopped by SIGSTOP until another program has taken its events over",
    async () => {
      const report = await takeOverRun({ seed, pauses: PAUSES, databaseUrl: postgres.newDatabase() });
      expect(report.text).toBe("");
    },
    TIMEOUT_MS,
  );
});
