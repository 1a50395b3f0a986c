import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import { createIntercom } from "../../src/platforms/intercom";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { type Served, serve } from "./serve";

let playground: ListeningPlayground;
let served: Served;
let folder: string;
let heard: string[];

const bot = defineBot((b) => {
  b.on("intercom:conversation.user.replied", (ctx, next) => {
    heard.push(`${ctx.event.notice.alias} ${ctx.message?.text}`);
    return next();
  });
  b.on("intercom:ping", () => void heard.push("ping"));
  b.on("intercom:contact.user.created", (ctx) => void heard.push(String(ctx.event.resource.id)));
  b.command("add <a:number> <b:number>", (ctx) => ctx.reply(`${ctx.args.a + ctx.args.b}`));
  b.hears("hello", (ctx) => ctx.reply(`Hello, ${ctx.person.displayName}!`));
});

beforeEach(async () => {
  heard = [];
  folder = await mkdtemp(join(tmpdir(), "bellhop-intercom-"));
  playground = await listenPlayground();
  const { intercom, url } = playground;
  served = await serve(
    (at) => {
      intercom.connect(`${at}/webhooks/intercom`);
      return [
        createIntercom({
          token: intercom.token,
          secrets: [intercom.clientSecret],
          apiBaseUrl: url + intercom.path,
        }),
      ];
    },
    { bots: { test: bot }, inbox: folder },
  );
});
afterEach(async () => {
  await served.close();
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});

it.each(["html", "text"] as const)("a bot answers in a conversation, bodies being %s", async (bodies) => {
  const { intercom } = playground;
  intercom.bodies = bodies;
  const { conversationId } = intercom.says("Grace", "hello");
  expect(await intercom.nextReply()).toMatchObject({ conversationId, body: "<p>Hello, Grace Hopper!</p>" });
  intercom.says("Grace", "add 2 3", conversationId);
  expect(await intercom.nextReply()).toMatchObject({ conversationId, body: "<p>5</p>" });
  expect(intercom.replies).toHaveLength(2);
  intercom.says("Grace", "how are you", conversationId);
  while (heard.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(heard).toEqual(["intercom:conversation.user.replied how are you"]);
});

it("answers the question whether anybody is there, and nothing else but POST", async () => {
  const address = `${served.server.url}/webhooks/intercom`;
  expect((await fetch(address, { method: "HEAD" })).status).toBe(200);
  expect((await fetch(address)).status).toBe(405);
});

it("hands pings and every other topic to who listens", async () => {
  await playground.intercom.notify("ping", { type: "ping", message: "x" });
  await playground.intercom.notify("contact.user.created", { type: "contact", id: "c42" });
  while (heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(new Set(heard)).toEqual(new Set(["ping", "c42"]));
});
