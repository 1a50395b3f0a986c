import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { type PostgresServer, postgresIsMissing, startPostgres } from "../inbox/postgres-server";
import { tempDir } from "../inbox/temp-dir";
import { freePort, type Program, startProgram, untilReady } from "../program";

const missing = postgresIsMissing();
if (missing !== undefined && process.env.CI) throw new Error(missing);

(missing === undefined ? describe : describe.skip)(
  "of two programs on one database, one that is paused",
  () => {
    let postgres: PostgresServer;
    let playground: ListeningPlayground;
    const programs: Program[] = [];
    const runs = join(tempDir(), "runs");

    beforeAll(async () => {
      postgres = await startPostgres();
      playground = await listenPlayground();
    });
    afterAll(async () => {
      for (const { child } of programs) child.kill("SIGKILL");
      await Promise.all(programs.map(({ ended }) => ended));
      await playground.close();
      postgres.remove();
    });

    const begun = (): string[] => (existsSync(runs) ? readFileSync(runs, "utf8").trim().split("\n") : []);
    async function until(isSo: () => boolean): Promise<void> {
      while (!isSo()) await pause(100);
    }

    async function start(databaseUrl: string, webhooks: "sync" | "off"): Promise<Program> {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const program = startProgram({
        PORT: String(port),
        PUBLIC_URL: url,
        WEBHOOKS: webhooks,
        WEBEX_BOT_TOKEN: playground.webex.botToken,
        WEBEX_WEBHOOK_SECRET: "known only to these processes",
        WEBEX_API_BASE_URL: playground.apiBaseUrl,
        BOTS_DIR: join(__dirname, "paused/bots"),
        CARDS_DIR: join(__dirname, "cards"),
        DATABASE_URL: databaseUrl,
        CATCH_UP: "off",
        RUNS: runs,
      });
      programs.push(program);
      await untilReady(program, url);
      return program;
    }

    it("in the middle of a handler, and continued after the other has answered, answers nothing", async () => {
      const databaseUrl = postgres.newDatabase();
      const paused = await start(databaseUrl, "sync");
      await playground.says("Ada", "work");
      await until(() => begun().length === 1);
      paused.child.kill("SIGSTOP");
      await start(databaseUrl, "off");
      expect((await playground.nextMessageFrom("bot", { timeoutMs: 90_000 })).text).toBe("Done.");
      paused.child.kill("SIGCONT");
      await until(() => paused.output().includes("lease-lost"));
      expect(begun()).toHaveLength(2);
      await expect(playground.nextMessageFrom("bot", { timeoutMs: 500 })).rejects.toThrow();
    }, 120_000);
  },
);
