import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWebexClient, defineBot } from "../../src/index";
import { listenPlayground } from "../../src/playground/listen";
import { freePort, startProgram, untilReady } from "../program";
import { type Desk, openDesk, SECRET } from "./playground-fixture";

describe("a bot that is told over the websocket", () => {
  let desk: Desk;
  let handled: string[];
  const bot = defineBot((b) => {
    b.hears(/.*/s, (ctx) => {
      handled.push(ctx.message.text);
      return ctx.reply(`heard ${ctx.message.text}`);
    });
  });
  const answer = async () => (await desk.playground.nextMessageFrom("bot")).text;

  beforeEach(async () => {
    handled = [];
    desk = await openDesk({ bot }, { transport: "websocket", secrets: [SECRET] });
  });
  afterEach(() => desk.close());

  it("registers no webhook", async () => {
    await desk.playground.says("Ada", "one");
    expect(await answer()).toBe("heard one");
    const calls = desk.playground.timeline.since(0).map((entry) => JSON.stringify(entry));
    expect(calls.filter((call) => call.includes("/webhooks"))).toEqual([]);
  });

  it("handles once what a webhook tells too, whichever comes first", async () => {
    const { apiBaseUrl, webex } = desk.playground;
    const client = createWebexClient({ token: webex.botToken, baseUrl: apiBaseUrl });
    try {
      await client.webhooks.create({
        ...{ name: "left from before", resource: "messages", event: "created", secret: SECRET },
        targetUrl: `${desk.server.url}/webhooks/webex`,
      });
    } finally {
      await client.close();
    }
    const texts = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    for (const text of texts) {
      await desk.playground.says("Ada", text);
      expect(await answer()).toBe(`heard ${text}`);
    }
    expect(handled).toEqual(texts);
    // Both ways brought each of them, and the answers to them.
    const metrics = await (await fetch(`${desk.server.url}/metrics`)).text();
    const count = (outcome: string): number =>
      Number(new RegExp(`bellhop_deliveries_total{.*outcome="${outcome}"} (\\d+)`).exec(metrics)?.[1]);
    expect(count("accepted")).toBeGreaterThanOrEqual(10);
    expect(count("duplicate")).toBeGreaterThanOrEqual(10);
  });

  it("is not ready while the line is broken, says so, and answers afterwards what was written meanwhile", async () => {
    const connected = async () =>
      /^bellhop_connected{platform="webex",account="default"} ([01])$/m.exec(
        await (await fetch(`${desk.server.url}/metrics`)).text(),
      )?.[1];
    expect([desk.bellhop.isReady(), await connected()]).toEqual([true, "1"]);
    await desk.playground.says("Ada", "before");
    expect(await answer()).toBe("heard before");

    desk.playground.sockets.breakAll();
    while (desk.bellhop.isReady()) await new Promise((resolve) => setImmediate(resolve));
    expect(await connected()).toBe("0");
    expect((await fetch(`${desk.server.url}/readyz`)).status).toBe(503);
    for (const text of ["one", "two", "three"]) await desk.playground.says("Ada", text);

    expect([await answer(), await answer(), await answer()]).toEqual([
      "heard one",
      "heard two",
      "heard three",
    ]);
    expect(desk.bellhop.isReady()).toBe(true);
    expect(handled).toEqual(["before", "one", "two", "three"]);
  });

  it("hears each message once though the line is lost, and frames with it, again and again", async () => {
    desk.playground.faults.add({ on: "socket", do: { kind: "cut" }, probability: 0.3, seed: 7 });
    const texts = Array.from({ length: 6 }, (_, index) => `message ${index}`);
    for (const text of texts) await desk.playground.says("Ada", text);
    const answers: (string | undefined)[] = [];
    while (answers.length < texts.length) answers.push(await answer());
    expect(handled).toEqual(texts);
  });
});

describe("bellhop start with WEBEX_TRANSPORT=websocket", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellhop-websocket-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("needs a token and nothing else, and ends when it is told to", async () => {
    mkdirSync(join(folder, "bots"));
    mkdirSync(join(folder, "cards"));
    writeFileSync(
      join(folder, "bots/ping.mjs"),
      `import { defineBot } from "bellhop";\nexport default defineBot((bot) => bot.hears("ping", (ctx) => ctx.reply("pong")));\n`,
    );
    const playground = await listenPlayground({ botToken: "bot" });
    const port = await freePort();
    const program = startProgram(
      {
        PORT: String(port),
        WEBEX_TRANSPORT: "websocket",
        WEBEX_BOT_TOKEN: "bot",
        WEBEX_API_BASE_URL: playground.apiBaseUrl,
        WEBEX_WEBSOCKET_CATALOG_URL: playground.webex.catalogUrl,
      },
      folder,
    );
    try {
      await untilReady(program, `http://127.0.0.1:${port}`);
      await playground.says("Ada", "ping");
      expect((await playground.nextMessageFrom("bot")).text).toBe("pong");
      program.child.kill("SIGTERM");
      expect(await program.ended).toEqual({ code: 0, signal: null });
      expect(playground.sockets.connected).toBe(0);
    } finally {
      program.child.kill("SIGKILL");
      await playground.close();
    }
  });
});
