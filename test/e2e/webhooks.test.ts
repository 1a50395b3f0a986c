import { mkdirSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { createBellhop } from "../../src/bellhop";
import { silentLogger } from "../../src/core/contract/logger";
import { defineBot } from "../../src/for-bots";
import { listen } from "../../src/http/server";
import { createWebex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { createSteppedClock } from "../platforms/api/stepped-clock";
import { ApiClient } from "../playground/api-client";
import { failUntilSwitchedOff } from "../playground/switch-off";
import { freePort, type Program, runCommand, startProgram, untilReady } from "../program";

let playground: ListeningPlayground;
let api: ApiClient;
let folder: string;
let settings: Record<string, string>;
const programs: Program[] = [];

beforeEach(async () => {
  playground = await listenPlayground();
  api = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
  folder = tempDir();
  const port = String(await freePort());
  settings = {
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    WEBEX_BOT_TOKEN: playground.webex.botToken,
    WEBEX_API_BASE_URL: playground.apiBaseUrl,
    WEBEX_WEBHOOK_SECRET: "a secret that is long enough",
  };
  mkdirSync(join(folder, "bots"));
  const bot = `import { defineBot } from "bellhop";
export default defineBot((bot) => bot.hears("ping", (ctx) => ctx.reply("pong")));\n`;
  writeFileSync(join(folder, "bots/ping.ts"), bot);
});
afterEach(async () => {
  for (const { child } of programs) child.kill("SIGKILL");
  await Promise.all(programs.splice(0).map(({ ended }) => ended));
  await playground.close();
});

async function serve(env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const program = startProgram({ ...settings, ...env }, folder);
  programs.push(program);
  await untilReady(program, settings.PUBLIC_URL ?? "");
  return program;
}

async function statuses(): Promise<string[]> {
  const { items } = (await api.get("/webhooks")).body;
  return items.map(({ resource, event, status }: Record<string, string>) => `${resource}.${event} ${status}`);
}

it("a webhook that Webex switched off while nothing ran delivers again after a start, and the command sees the receiver", async () => {
  const first = await serve();
  first.child.kill("SIGTERM");
  // Whoever looks after the webhooks does not keep the program from ending.
  expect(await first.ended).toEqual({ code: 0, signal: null });
  await failUntilSwitchedOff(playground);
  expect(await statuses()).toEqual(["messages.created inactive"]);
  // Nobody answers: it is left asleep.
  expect((await runCommand(["webhooks", "sync"], settings, folder)).stdout).toMatch(
    /^waiting +bellhop:default:messages\.created:\S+ +Webex has switched it off, and the receiver cannot be reached/m,
  );
  expect(await statuses()).toEqual(["messages.created inactive"]);

  await serve();
  expect(await statuses()).toEqual(["messages.created active"]);
  expect((await runCommand(["webhooks", "ping"], settings, folder)).code).toBe(0);
  await playground.says("ada", "ping");
  // The bot first answers the messages that it has missed, and does not know their words.
  let answer = await playground.nextMessageFrom("bot");
  while (answer.text === "The bot does not understand this message.")
    answer = await playground.nextMessageFrom("bot");
  expect(answer).toMatchObject({ text: "pong" });
});

it("WEBHOOKS=check says what it would do and starts all the same", async () => {
  const program = await serve({ WEBHOOKS: "check", LOG_FORMAT: "json" });
  expect(await statuses()).toEqual([]);
  expect(program.output()).toMatch(/"would":"create",.*webhook is not as it should be/);
});

it("what people wrote while the webhooks were off is answered once they are woken, with the program running", async () => {
  const clock = createSteppedClock(Date.now());
  let isBroken = false;
  let serving: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = await listen(
    (request, response) => {
      if (isBroken) response.writeHead(502).end();
      else serving(request, response);
    },
    "127.0.0.1",
    0,
  );
  const webex = createWebex({
    token: playground.webex.botToken,
    secrets: ["a secret that is long enough"],
    apiBaseUrl: playground.apiBaseUrl,
    webhooks: { targetUrl: `${server.url}/webhooks/webex` },
    clock,
  });
  const ping = defineBot((bot) => bot.hears("ping", (ctx) => ctx.reply("pong")));
  const bellhop = await createBellhop({
    platforms: [webex],
    bots: { ping },
    cards: join(folder, "cards"),
    inbox: join(folder, "data"),
    log: silentLogger,
  });
  serving = bellhop.receiver.or(bellhop.app);
  try {
    await bellhop.start();
    await clock.step();
    isBroken = true;
    await playground.says("ada", "ping");
    await failUntilSwitchedOff(playground);
    await clock.step();
    expect(await statuses()).toEqual(["messages.created inactive"]);
    isBroken = false;
    await clock.step();
    expect(await statuses()).toEqual(["messages.created active"]);
    expect(await playground.nextMessageFrom("bot")).toMatchObject({ text: "pong" });
  } finally {
    await Promise.all([server.close(), bellhop.close(1_000)]);
  }
});
