import { createHmac, randomUUID } from "node:crypto";
import { join } from "node:path";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { type PostgresServer, postgresIsMissing, startPostgres } from "../inbox/postgres-server";
import { freePort, type Program, runProcess, startProgram, untilReady } from "../program";

const SECRET = "known only to these processes";
const missing = postgresIsMissing();
if (missing !== undefined && process.env.CI) throw new Error(missing);
if (missing !== undefined) process.stderr.write(`\nSKIPPED two programs on one database: ${missing}\n`);

(missing === undefined ? describe : describe.skip)("two programs on one database", () => {
  let postgres: PostgresServer;
  let playground: ListeningPlayground;
  const programs: Program[] = [];
  const urls: string[] = [];
  let databaseUrl: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    playground = await listenPlayground();
    databaseUrl = postgres.newDatabase();
    for (const webhooks of ["sync", "off"]) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const program = startProgram({
        PORT: String(port),
        PUBLIC_URL: url,
        WEBHOOKS: webhooks,
        WEBEX_BOT_TOKEN: playground.webex.botToken,
        WEBEX_WEBHOOK_SECRET: SECRET,
        WEBEX_API_BASE_URL: playground.apiBaseUrl,
        BOTS_DIR: join(__dirname, "../crash/bots"),
        CARDS_DIR: join(__dirname, "cards"),
        DATABASE_URL: databaseUrl,
        LOG_LEVEL: "warn",
      });
      programs.push(program);
      urls.push(url);
      await untilReady(program, url);
    }
  });
  afterAll(async () => {
    for (const program of programs) program.child.kill("SIGKILL");
    await Promise.all(programs.map((program) => program.ended));
    await playground.close();
    postgres.remove();
  });

  it("answer every message once, in order, whichever of them takes it", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const number of numbers) await playground.says("Ada", `number ${number}`);
    const answers: string[] = [];
    while (answers.length < numbers.length)
      answers.push((await playground.nextMessageFrom("bot")).text ?? "");
    expect(answers).toEqual(numbers.map((number) => `${number} counted`));
  });

  it("are looked into by a command beside them", async () => {
    const env = { DATABASE_URL: databaseUrl };
    const { code, stdout } = await runProcess(["inbox", "list", "--state", "handled", "--json"], env);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").length).toBeGreaterThanOrEqual(20);
  });

  it("have commands that make their tables, and that say so where there are none", async () => {
    const env = { DATABASE_URL: postgres.newDatabase() };
    const before = await runProcess(["inbox", "status", "--json"], env);
    expect([before.code, before.stderr]).toEqual([1, expect.stringContaining("bellhop inbox migrate")]);
    expect(await runProcess(["inbox", "migrate"], env)).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await runProcess(["inbox", "status", "--json"], env);
    expect(JSON.parse(stdout)).toMatchObject({ waiting: 0, dead: 0 });
  });

  it("say 503 while the database is away, and go on by themselves when it is back", async () => {
    postgres.stop();
    expect(await deliver(urls[0])).toBe(503);
    postgres.start();
    let status = 0;
    while (status !== 200) status = await deliver(urls[0]);
    await playground.says("Grace", "number 99");
    expect((await playground.nextMessageFrom("bot", { timeoutMs: 100_000 })).text).toBe("99 counted");
  });

  it("end by themselves when they are told to", async () => {
    for (const program of programs) program.child.kill("SIGTERM");
    expect(await Promise.all(programs.map((program) => program.ended))).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
  });
});

/** A delivery that no handler listens to. @returns the status of the answer */
async function deliver(url: string | undefined): Promise<number> {
  const id = randomUUID();
  const body = JSON.stringify({ resource: "rooms", event: "created", data: { id } });
  const signature = createHmac("sha1", SECRET).update(body).digest("hex");
  const response = await fetch(`${url}/webhooks/webex`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-spark-signature": signature },
    body,
  });
  return response.status;
}
