import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { freePort, type Program, runCommand, startProgram, untilReady } from "../program";

const BOT = `import { setTimeout as sleep } from "node:timers/promises";
import { defineBot } from "bellhop";
export default defineBot((bot) => {
  bot.hears("ping", (ctx) => ctx.reply("pong"));
  bot.hears("wait", async (ctx) => {
    await sleep(3_000);
    await ctx.reply("waited");
  });
  bot.hears("hang", async (ctx) => {
    await ctx.reply("one moment");
    await sleep(5);
    for (;;) if (globalThis.neverSet) break;
  });
});
`;
const HANG_LINE = BOT.split("\n").findIndex((line) => line.includes("for (;;)")) + 1;

describe("a handler that blocks", () => {
  let folder: string;
  let playground: ListeningPlayground;
  const programs: Program[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellhop-blocks-"));
    mkdirSync(join(folder, "bots"));
    mkdirSync(join(folder, "cards"));
    writeFileSync(join(folder, "bots/slow.ts"), BOT);
    playground = await listenPlayground();
  });
  afterAll(async () => {
    for (const program of programs) program.child.kill("SIGKILL");
    await Promise.all(programs.map((program) => program.ended));
    await playground.close();
    rmSync(folder, { recursive: true });
  });

  it("ends the process twice, then is a dead letter that says where, and nothing else suffers", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const start = async (): Promise<Program> => {
      const program = startProgram(
        {
          PORT: String(port),
          PUBLIC_URL: url,
          WEBEX_BOT_TOKEN: playground.webex.botToken,
          WEBEX_WEBHOOK_SECRET: "a secret that is long enough",
          WEBEX_API_BASE_URL: playground.apiBaseUrl,
          BLOCKED_MS: "1000",
          LOG_FORMAT: "json",
        },
        folder,
      );
      programs.push(program);
      await untilReady(program, url);
      return program;
    };

    let program = await start();
    await playground.says("Grace", "wait");
    await playground.says("Ada", "hang");
    for (const times of [1, 2]) {
      expect(await program.ended).toEqual({ code: null, signal: "SIGKILL" });
      const [blocks, recorded] = linesOf(program.output(), /blocks the event loop|was recorded/);
      expect(blocks).toMatchObject({
        bot: "slow",
        handler: 'hears "hang"',
        at: `bots/slow.ts:${HANG_LINE}`,
      });
      expect(recorded).toMatchObject({ times, key: expect.stringContaining("webex/") });
      program = await start();
    }

    await playground.says("Ada", "ping");
    const answers: (string | undefined)[] = [];
    while (answers.length < 4) answers.push((await playground.nextMessageFrom("bot")).text);
    expect(answers.sort()).toEqual([
      expect.stringMatching(/^Something went wrong while handling your message/),
      "one moment",
      "pong",
      "waited",
    ]);
    const { stdout } = await runCommand(["inbox", "dead", "--json"], {}, folder);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: "handler-blocks",
        message: expect.stringContaining(
          `2 times; last in hears "hang" of bot "slow", bots/slow.ts:${HANG_LINE}`,
        ),
      },
    });
  }, 60_000);
});

/** Log lines whose sentence matches. */
function linesOf(output: string, sentence: RegExp): Record<string, unknown>[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => sentence.test(String(msg)));
}
