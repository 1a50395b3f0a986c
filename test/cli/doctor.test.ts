import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { ApiClient } from "../playground/api-client";
import { failUntilSwitchedOff } from "../playground/switch-off";
import {
  type CommandResult,
  freePort,
  type Program,
  runCommand,
  runProcess,
  startProgram,
  untilReady,
} from "../program";

const SECRET = "a secret of thirty-two characters";

let playground: ListeningPlayground;
let folder: string;
let settings: Record<string, string>;
let running: Program | undefined;

beforeEach(async () => {
  playground = await listenPlayground();
  folder = tempDir();
  const port = String(await freePort());
  settings = {
    PORT: port,
    WEBEX_BOT_TOKEN: playground.webex.botToken,
    WEBEX_API_BASE_URL: playground.apiBaseUrl,
    WEBEX_WEBHOOK_SECRET: SECRET,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  write(
    "bots/ping.ts",
    `import { defineBot } from "bellhop";
export default defineBot((bot) => bot.hears("ping", (ctx) => ctx.reply("pong")));\n`,
  );
});
afterEach(async () => {
  running?.child.kill("SIGKILL");
  await running?.ended;
  running = undefined;
  await playground.close();
});

function write(file: string, text: string): void {
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), text);
}

async function serve(env: Readonly<Record<string, string>>): Promise<void> {
  running = startProgram(env, folder);
  await untilReady(running, `http://127.0.0.1:${env.PORT}`);
}

function doctor(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandResult> {
  // A proxy is read from the environment of the process.
  const run = "HTTP_PROXY" in env || "HTTPS_PROXY" in env ? runProcess : runCommand;
  return run(["doctor", ...args], env, folder);
}

/** Findings as `account check: state`, and what they say by that. */
async function findings(
  env: Readonly<Record<string, string>>,
): Promise<{ code: CommandResult["code"]; found: Record<string, string> }> {
  const { code, stdout } = await doctor(env, "--json");
  const found: Record<string, string> = {};
  for (const line of stdout.split("\n").filter((text) => text !== "")) {
    const { account, check, state, says, remedy } = JSON.parse(line) as Record<string, string>; // as documented
    // Whoever is told of a fault is told what to do.
    expect(remedy !== undefined).toBe(state === "fault" || state === "warning");
    found[[account, check].filter((part) => part !== undefined).join(" ")] = `${state}: ${says}`;
  }
  return { code, found };
}

it("looks at the websocket where events come over it, takes no running bot's place, and says what is wrong", async () => {
  const { PORT = "", WEBEX_BOT_TOKEN = "", WEBEX_API_BASE_URL = "" } = settings;
  const env = { PORT, WEBEX_BOT_TOKEN, WEBEX_API_BASE_URL, WEBEX_TRANSPORT: "websocket" };
  const { host } = new URL(playground.url);
  const right = { ...env, WEBEX_WEBSOCKET_CATALOG_URL: playground.webex.catalogUrl };
  await serve(right);
  const well = await findings(right);
  expect(well.code).toBe(0);
  expect(well.found).toMatchObject({
    "webex/default websocket": `well: events can come from ${host}; the device "bellhop default" is registered`,
  });
  expect(Object.keys(well.found).join()).not.toMatch(/webhook|receiver/);
  expect(playground.sockets.connected).toBe(1);

  // Where the API is there is no catalog.
  const wrong = await findings(env);
  expect(wrong.code).toBe(1);
  expect(wrong.found["webex/default websocket"]).toMatch(
    /^fault: webex GET \/u2c\/api\/v1\/catalog answered 404/,
  );
});

it("finds everything well beside a running bot", async () => {
  await serve(settings);
  const { code, found } = await findings(settings);
  expect(found).toEqual({
    settings: "well: accounts: webex/default",
    bots: "well: 1 in bots: ping",
    cards: "well: those in cards can be used",
    inbox: "well: data/inbox.db, held by a running process: 0 wait",
    disk: expect.stringMatching(/^\w+: \d+ MiB are free/),
    server: `well: it runs at ${settings.PUBLIC_URL} and handles events`,
    "webex/default api": expect.stringMatching(/^well: 127\.0\.0\.1:\d+ answers$/),
    "webex/default token": "well: it is that of Bellhop (bellhop@webex.bot)",
    "webex/default clock": "well: it agrees with that of Webex",
    "webex/default webhook messages.created": `well: active, leads to ${settings.PUBLIC_URL}/webhooks/webex`,
    "webex/default receiver": expect.stringMatching(
      /^well: .*\/webhooks\/webex answers with our secret, in \d+ ms$/,
    ),
  });
  expect(code).toBe(0);
});

it("tells people what is wrong and what to do, below the account's name, and shows no secret", async () => {
  const { code, stdout } = await doctor(settings);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ok {4}settings +accounts: webex\/default$/m);
  expect(stdout).toMatch(/^- {5}server +nothing listens at /m);
  expect(stdout).toMatch(
    /^\nwebex\/default\n(.*\n)*BAD {3}webhook messages\.created +it is missing\n +→ bellhop webhooks sync/m,
  );
  expect(stdout).toMatch(
    /^BAD {3}receiver +http:\S+ cannot be reached: .*ECONNREFUSED.*\n +→ start the program/m,
  );
  expect(stdout).toMatch(/\n\n2 faults, 0 warnings\n$/);
  for (const secret of [SECRET, playground.webex.botToken]) expect(stdout).not.toContain(secret);
});

it("needs no account: then the playground is looked for", async () => {
  const env = { PORT: settings.PORT ?? "" };
  const before = await findings(env);
  expect(before.code).toBe(0);
  expect(before.found).toMatchObject({
    settings: "well: no account is set up: bellhop start serves the playground",
    inbox: "well: there is none in data yet; the first start makes it",
    server: expect.stringMatching(/^skipped: nothing listens/),
  });
  await serve(env);
  const { found } = await findings(env);
  expect(found.server).toMatch(/^well: it runs .*; the playground is at http:\S+\/playground\/$/);
});

it("knows a webhook that Webex has switched off, and the receiver that is to blame", async () => {
  await serve(settings);
  running?.child.kill("SIGKILL");
  await running?.ended;
  await failUntilSwitchedOff(playground);
  const { code, found } = await findings(settings);
  expect(code).toBe(1);
  expect(found["webex/default webhook messages.created"]).toMatch(
    /^fault: Webex has switched it off, and the receiver cannot be reached/,
  );
});

it("leaves webhooks of others alone, and tells of one that is off", async () => {
  const api = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
  const theirs = {
    name: "theirs",
    targetUrl: "https://theirs.example.com/in?key=hidden",
    resource: "rooms",
    event: "created",
  };
  await api.post("/webhooks", theirs);
  const { found } = await findings({ ...settings, WEBHOOKS: "off", PUBLIC_URL: "" });
  const known = await findings({ ...settings, WEBHOOKS: "off" });
  expect(known.found).toMatchObject({
    "webex/default receiver": expect.stringMatching(/^fault: .*cannot be reached/),
  });
  expect(Object.keys(known.found)).not.toContain("webex/default webhook messages.created");
  expect(found).toMatchObject({
    "webex/default webhook theirs": "well: active, leads to https://theirs.example.com/in?key=…",
    "webex/default receiver": expect.stringMatching(/^skipped: nobody looks after its webhooks/),
  });
});

it.each<[string, object, string, RegExp]>([
  ["a setting that is missing", { PUBLIC_URL: "" }, "settings", /^fault: PUBLIC_URL is missing/],
  [
    "a token that Webex does not know",
    { WEBEX_BOT_TOKEN: "mistaken" },
    "webex/default token",
    /^fault: Webex does not know it/,
  ],
  [
    "an API that cannot be reached",
    { WEBEX_API_BASE_URL: "http://127.0.0.1:1/v1" },
    "webex/default api",
    /^fault: 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/,
  ],
  [
    "a proxy that cannot be reached, which it names without its password",
    { WEBEX_API_BASE_URL: "http://webex.example.com/v1", HTTP_PROXY: "http://me:hidden@127.0.0.1:1" },
    "webex/default api",
    /^fault: webex\.example\.com cannot be reached through the proxy 127\.0\.0\.1:1: /,
  ],
  [
    "a proxy that is none",
    { WEBEX_API_BASE_URL: "http://webex.example.com/v1", HTTP_PROXY: "proxy" },
    "webex/default settings",
    /HTTP_PROXY is not a URL/,
  ],
  ["no bots", { BOTS_DIR: "nowhere" }, "bots", /^fault: nowhere: there is no such folder/],
  [
    "a folder that cannot be made",
    { DATA_DIR: "bots/ping.ts/data" },
    "inbox",
    /^fault: bots\/ping\.ts is no folder/,
  ],
])("finds %s", async (_, change, check, expected) => {
  const { code, found } = await findings({ ...settings, ...change });
  expect([found[check], code]).toEqual([expect.stringMatching(expected), 1]);
  expect(JSON.stringify(found)).not.toContain("hidden");
});

it("finds a card that cannot be used, an inbox that is damaged, and a person's token", async () => {
  write("cards/broken.json", "{");
  write("data/inbox.db", "no database, and long enough to be read as one".repeat(100));
  const [ada] = playground.webex.people;
  const { found, code } = await findings({ ...settings, WEBEX_BOT_TOKEN: ada?.token ?? "" });
  expect(code).toBe(1);
  expect(found).toMatchObject({
    cards: expect.stringMatching(/^fault: cards\/broken\.json/),
    inbox: expect.stringMatching(/^fault: inbox .*is no SQLite database|^fault: inbox .*not a database/),
    "webex/default token": expect.stringMatching(
      /^warning: it is that of Ada Lovelace .* who is no bot but a person$/,
    ),
  });
});

it("finds dead letters", async () => {
  write(
    "bots/ping.ts",
    `import { defineBot } from "bellhop";
export default defineBot((bot) => bot.hears("ping", () => { throw new Error("broken"); }));\n`,
  );
  await serve({ ...settings, MAX_ATTEMPTS: "1" });
  await playground.says("ada", "ping");
  let dead: string | undefined;
  while (dead === undefined) dead = (await findings(settings)).found["dead letters"];
  expect(dead).toBe("warning: 1 were given up");
});
