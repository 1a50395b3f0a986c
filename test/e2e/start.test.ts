import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbedded } from "../../src/inbox/embedded";
import { listenPlayground } from "../../src/playground/listen";
import { freePort, startProgram, untilReady } from "../program";

describe("bellhop start", () => {
  let folder: string;
  const running: ReturnType<typeof startProgram>[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bellhop-start-"));
    mkdirSync(join(folder, "bots"));
    mkdirSync(join(folder, "cards"));
    writeFileSync(
      join(folder, "bots/ping.mjs"),
      `import { defineBot } from "bellhop";\nexport default defineBot((bot) => bot.hears("ping", (ctx) => ctx.reply("pong")));\n`,
    );
  });
  afterEach(async () => {
    for (const program of running.splice(0)) {
      program.child.kill("SIGKILL");
      await program.ended;
    }
    rmSync(folder, { recursive: true });
  });

  /** Runs in the folder, so that its .env, bots, cards and data are the program's. */
  function start(env: Readonly<Record<string, string>>) {
    const program = startProgram(env, folder);
    running.push(program);
    return program;
  }

  it("lists every missing and malformed setting in one message and ends with 2", async () => {
    writeFileSync(join(folder, ".env"), "WEBEX_BOT_TOKEN=token\nPORT=80a\n");
    const program = start({});
    expect(await program.ended).toEqual({ code: 2, signal: null });
    expect(program.output()).toMatch(/WEBEX_WEBHOOK_SECRET is missing.*PUBLIC_URL is missing.*PORT is "80a"/);
    expect(program.output()).not.toContain("token\n");
  });

  it("lists what is wrong with bots and cards together, with file and line, and ends with 2", async () => {
    writeFileSync(join(folder, "bots/broken.ts"), "export default { hello: 1 };\n");
    writeFileSync(join(folder, "cards/broken.json"), '{\n  "type": "AdaptiveCard",,\n}\n');
    const program = start({ PORT: "0" });
    expect(await program.ended).toEqual({ code: 2, signal: null });
    expect(program.output()).toContain("bots/broken.ts");
    expect(program.output()).toContain("cards/broken.json:2");
  });

  it("says that the port is taken, and by which setting it is changed", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    const program = start({ PORT: String(port) });
    expect(await program.ended).toEqual({ code: 2, signal: null });
    expect(program.output()).toMatch(new RegExp(`cannot listen on 127.0.0.1 port ${port}.*set PORT`));
    await new Promise((resolve) => other.close(resolve));
  });

  it("ends when it is told to, though a bot has forgotten a timer", async () => {
    writeFileSync(
      join(folder, "bots/timer.mjs"),
      `import { defineBot } from "bellhop";\nsetInterval(() => {}, 1000);\nexport default defineBot((bot) => bot.hears("x", () => {}));\n`,
    );
    const port = await freePort();
    const program = start({ PORT: String(port) });
    await untilReady(program, `http://127.0.0.1:${port}`);
    program.child.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });

  it("says that the token is wrong, which no waiting mends", async () => {
    const playground = await listenPlayground();
    const program = start({
      PORT: "0",
      WEBHOOKS: "off",
      WEBEX_BOT_TOKEN: "mistaken",
      WEBEX_WEBHOOK_SECRET: "a secret that is long enough",
      WEBEX_API_BASE_URL: playground.apiBaseUrl,
    });
    expect(await program.ended).toEqual({ code: 1, signal: null });
    expect(program.output()).toContain("webex GET /people/me answered 401");
    expect(program.output()).not.toContain("mistaken");
    await playground.close();
  });

  it("waits for the process before it to let go of the inbox, says so, and may be stopped meanwhile", async () => {
    const inbox = await openEmbedded({ dataDir: join(folder, "data") });
    const program = start({ PORT: "0", LOG_LEVEL: "info" });
    await new Promise<void>((resolve) => {
      program.child.stdout?.on("data", () => {
        if (program.output().includes("another process uses the inbox. Waiting")) resolve();
      });
    });
    program.child.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 0, signal: null });
    await inbox.close();
  });

  it("keeps what arrives while the platform is away, and answers it when that is back", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const playgroundPort = await freePort();
    const program = start({
      PORT: String(port),
      PUBLIC_URL: url,
      WEBEX_BOT_TOKEN: "bot",
      WEBEX_WEBHOOK_SECRET: "a secret that is long enough",
      WEBEX_API_BASE_URL: `http://127.0.0.1:${playgroundPort}/playground/webex/v1`,
    });
    await untilServing(url);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);

    const playground = await listenPlayground({ port: playgroundPort, botToken: "bot" });
    await untilReady(program, url);
    await playground.says("Ada", "ping");
    expect((await playground.nextMessageFrom("bot")).text).toBe("pong");
    await playground.close();
  });

  it("goes on when a bot forgets a promise or throws in a timer, and logs the line", async () => {
    writeFileSync(
      join(folder, "bots/forgetful.ts"),
      `import { defineBot } from "bellhop";
export default defineBot((bot) => bot.hears("forget", (ctx) => {
  setTimeout(() => void ctx.reply("too late"), 5);
  setTimeout(() => {
    throw new TypeError("thrown in a timer");
  }, 5);
}));\n`,
    );
    const playground = await listenPlayground();
    const port = await freePort();
    const program = start({
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      WEBEX_BOT_TOKEN: playground.webex.botToken,
      WEBEX_WEBHOOK_SECRET: "a secret that is long enough",
      WEBEX_API_BASE_URL: playground.apiBaseUrl,
    });
    await untilReady(program, `http://127.0.0.1:${port}`);
    await playground.says("Ada", "forget");
    const logged = (text: RegExp): boolean => text.test(program.output());
    while (!logged(/nobody looks at it/) || !logged(/"error":"TypeError".*"at":"bots\/forgetful\.ts:5"/))
      await new Promise((resolve) => setTimeout(resolve, 10));
    // A message may quote what a person wrote: only LOG_ERRORS=full logs it.
    expect(program.output()).not.toContain("thrown in a timer");
    await playground.says("Ada", "ping");
    expect((await playground.nextMessageFrom("bot")).text).toBe("pong");
    await playground.close();
  });

  it("serves the playground when nothing is set, and honours a given secret and tokens", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const program = start({
      PORT: String(port),
      WEBEX_WEBHOOK_SECRET: "known outside",
      PLAYGROUND_WEBEX_BOT_TOKEN: "bot",
      PLAYGROUND_WEBEX_USER_TOKEN: "ada",
    });
    await untilReady(program, url);
    const api = `${url}/playground/webex/v1`;
    const webhooks = await fetch(`${api}/webhooks`, { headers: { authorization: "Bearer bot" } });
    const { items } = (await webhooks.json()) as { items: { secret: string; targetUrl: string }[] };
    expect(items).toEqual([
      expect.objectContaining({ secret: "known outside", targetUrl: `${url}/webhooks/webex` }),
    ]);

    const said = await fetch(`${api}/messages`, {
      method: "POST",
      headers: { authorization: "Bearer ada", "content-type": "application/json" },
      body: JSON.stringify({ toPersonEmail: "bellhop@webex.bot", text: "ping" }),
    });
    const { id } = (await said.json()) as { id: string };
    await expect(answerTo(api, id)).resolves.toBe("pong");

    program.child.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });
});

async function untilServing(url: string): Promise<void> {
  while ((await fetch(`${url}/healthz`).catch(() => undefined))?.status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

async function answerTo(api: string, parentId: string): Promise<string | undefined> {
  for (;;) {
    const response = await fetch(
      `${api}/messages/direct?personEmail=bellhop@webex.bot&parentId=${parentId}`,
      {
        headers: { authorization: "Bearer ada" },
      },
    );
    const { items } = (await response.json()) as { items: { text: string }[] };
    if (items[0] !== undefined) return items[0].text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
