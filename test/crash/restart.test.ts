import { type PostgresServer, postgresIsMissing, startPostgres } from "../inbox/postgres-server";
import { rollingRestarts } from "./harness/rolling-restarts";

const seed = Number(process.env.CRASH_SEED ?? 1);
const restarts = process.env.SLOW_TESTS === undefined ? 2 : 40;
const TIMEOUT_MS = 20 * 60_000;

describe("restarted with SIGTERM while people write", () => {
  it(
    "on a file the next program waits for the last one; nothing is lost, repeated or reordered",
    async () => {
      const report = await rollingRestarts({ seed, restarts });
      expect(report.text).toBe("");
      expect(report.events).toBeGreaterThan(restarts);
    },
    TIMEOUT_MS,
  );

  const missing = postgresIsMissing();
  if (missing !== undefined && process.env.CI) throw new Error(missing);
  if (missing !== undefined) process.stderr.write(`\nSKIPPED restarts on a database: ${missing}\n`);

  (missing === undefined ? describe : describe.skip)("on a database", () => {
    let postgres: PostgresServer;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(() => postgres.remove());

    it(
      "the next program works before the last one ends, and no delivery is refused",
      async () => {
        const report = await rollingRestarts({ seed, restarts, databaseUrl: postgres.newDatabase() });
        expect(report.text).toBe("");
        expect(report.refusals).toBe(0);
      },
      TIMEOUT_MS,
    );
  });
});
