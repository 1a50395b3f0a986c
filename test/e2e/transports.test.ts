import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bellhop, createBellhop } from "../../src/bellhop";
import { defineBot } from "../../src/core/bot";
import { silentLogger } from "../../src/core/logger";
import { type Listening, listen } from "../../src/http/server";
import { createWebex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";

const SECRET = "a secret that is long enough";

let playground: ListeningPlayground;
let folder: string;
let handled: string[];
let running: { bellhop: Bellhop; server: Listening | undefined }[];

const bot = defineBot((b) => {
  b.hears(/.*/s, (ctx) => {
    handled.push(ctx.message.text);
    return ctx.reply(`heard ${ctx.message.text}`);
  });
  b.on("messages.deleted", () => void handled.push("deleted"));
  b.on("memberships.created", { self: true }, () => void handled.push("joined"));
});

beforeEach(async () => {
  handled = [];
  running = [];
  folder = await mkdtemp(join(tmpdir(), "bellhop-websocket-"));
});
afterEach(async () => {
  for (const one of running.splice(0)) await stop(one);
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});

async function stop({ bellhop, server }: { bellhop: Bellhop; server: Listening | undefined }): Promise<void> {
  await Promise.all([bellhop.close(1_000), server?.close()]);
}

/** Starts the bot on the one inbox, receiving in one of the two ways. */
async function start(transport: "webhooks" | "websocket") {
  const { webex, apiBaseUrl } = playground;
  let serve: Parameters<typeof listen>[0] = (_request, response) => void response.writeHead(503).end();
  const server =
    transport === "webhooks"
      ? await listen((request, response) => serve(request, response), "127.0.0.1", 0)
      : undefined;
  const bellhop = await createBellhop({
    platforms: [
      createWebex({
        token: webex.botToken,
        secrets: transport === "webhooks" ? [SECRET] : [],
        apiBaseUrl,
        transport,
        websocket: { catalogUrl: webex.catalogUrl },
        webhooks: server && { targetUrl: `${server.url}/webhooks/webex` },
      }),
    ],
    bots: { test: bot },
    cards: join(__dirname, "cards"),
    inbox: folder,
    log: silentLogger,
    buttons: { secrets: ["known to both"] },
  });
  serve = bellhop.receiver.or(bellhop.app);
  await bellhop.start();
  const one = { bellhop, server };
  running.push(one);
  return {
    bellhop,
    async stop() {
      running.splice(running.indexOf(one), 1);
      await stop(one);
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.each(["us", "urn:TEAM:us-west-2_r"])("over the websocket, in the cluster %s", (cluster) => {
  beforeEach(async () => {
    playground = await listenPlayground({ cluster });
  });

  it("a bot answers in direct and group rooms, and takes neither edits nor receipts for messages", async () => {
    await start("websocket");
    const { lobbyId } = playground.webex;
    const asked = await playground.says("Ada", "one");
    expect(await playground.nextMessageFrom("bot")).toMatchObject({ text: "heard one", parentId: asked.id });
    await playground.says("Grace", "two", { roomId: lobbyId, mention: true });
    expect((await playground.nextMessageFrom("bot")).text).toBe("heard two");
    const [ada] = playground.webex.people;
    const headers = { authorization: `Bearer ${ada?.token}`, "content-type": "application/json" };
    const message = `${playground.apiBaseUrl}/messages/${asked.id}`;
    await fetch(message, {
      method: "PUT",
      headers,
      body: JSON.stringify({ roomId: asked.roomId, text: "one, edited" }),
    });
    await playground.says("Ada", "three");
    await until(() => handled.includes("three"));
    await fetch(message, { method: "DELETE", headers });
    await until(() => handled.includes("deleted"));
    expect(handled).toEqual(["one", "two", "three", "deleted"]);
  });

  it("what happens while the line is broken is found when it is back, and handled once", async () => {
    const { bellhop } = await start("websocket");
    await playground.says("Ada", "one");
    await until(() => handled.length === 1);
    playground.sockets.breakAll();
    await until(() => playground.sockets.connected === 0);
    await playground.says("Ada", "two");
    await until(() => handled.length === 2);
    await playground.says("Ada", "three");
    await until(() => handled.length === 3);
    expect(handled).toEqual(["one", "two", "three"]);
    expect(bellhop.isReady()).toBe(true);
  });

  it("changing from one way to the other handles nothing twice, and loses nothing", async () => {
    const first = await start("webhooks");
    await playground.says("Ada", "one");
    await until(() => handled.length === 1);
    await first.stop();
    await playground.says("Ada", "two");
    const second = await start("websocket");
    await playground.says("Ada", "three");
    await until(() => handled.length === 3);
    await second.stop();
    await playground.says("Ada", "four");
    await start("webhooks");
    await playground.says("Ada", "five");
    await until(() => handled.length === 5);
    expect(handled).toEqual(["one", "two", "three", "four", "five"]);
  });
});
