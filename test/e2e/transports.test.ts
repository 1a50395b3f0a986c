import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import { createWebex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { type Served, serve } from "./serve";

const SECRET = "a secret that is long enough";

let playground: ListeningPlayground;
let folder: string;
let handled: string[];
let running: Set<Served>;

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
  running = new Set();
  folder = await mkdtemp(join(tmpdir(), "bellhop-websocket-"));
});
afterEach(async () => {
  for (const one of running) await one.close();
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the bot on the one inbox, receiving in one of the two ways. */
async function start(transport: "webhooks" | "websocket"): Promise<Served> {
  const { webex, apiBaseUrl } = playground;
  const platformAt = (url: string) =>
    createWebex({
      token: webex.botToken,
      apiBaseUrl,
      ...(transport === "webhooks"
        ? { secrets: [SECRET], webhooks: { targetUrl: `${url}/webhooks/webex` } }
        : { secrets: [], transport, websocket: { catalogUrl: webex.catalogUrl } }),
    });
  const one = await serve((url) => [platformAt(url)], { bots: { test: bot }, inbox: folder });
  running.add(one);
  return {
    ...one,
    async close() {
      running.delete(one);
      await one.close();
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
    await first.close();
    await playground.says("Ada", "two");
    const second = await start("websocket");
    await playground.says("Ada", "three");
    await until(() => handled.length === 3);
    await second.close();
    await playground.says("Ada", "four");
    await start("webhooks");
    await playground.says("Ada", "five");
    await until(() => handled.length === 5);
    expect(handled).toEqual(["one", "two", "three", "four", "five"]);
  });
});
