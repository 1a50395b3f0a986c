import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BotDefinition, defineBot } from "../../src/core/contract/bot";
import { openEmbedded } from "../../src/inbox/embedded";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { createSite, type Site } from "./site";

let playground: ListeningPlayground;
let folder: string;
let handled: string[];
let site: Site;

const bot: BotDefinition = defineBot((b) => {
  b.hears(/.*/s, (ctx) => {
    handled.push(ctx.message.text);
    return ctx.reply(`heard ${ctx.message.text}`);
  });
  b.on("memberships.created", { self: true }, () => void handled.push("joined"));
});

beforeEach(async () => {
  handled = [];
  folder = await mkdtemp(join(tmpdir(), "bellhop-catch-up-"));
  playground = await listenPlayground();
  site = createSite(playground, bot, folder);
});
afterEach(async () => {
  await site.stop();
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the bot has answered, as soon as it is that many messages. */
async function answers(count: number): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  while (texts.length < count) texts.push((await playground.nextMessageFrom("bot")).text);
  return texts;
}

/** Resolves when the bot has answered Ada, who writes now: everything before it in her room is handled. */
async function untilQuiet(): Promise<void> {
  await playground.says("Ada", "quiet?");
  let text: string | undefined;
  do text = (await playground.nextMessageFrom("bot")).text;
  while (text !== "heard quiet?");
}

async function untilHandled(text: string): Promise<void> {
  while (!handled.includes(text)) await new Promise((resolve) => setTimeout(resolve, 5));
}

function mention(text: string) {
  return { text, options: { roomId: playground.webex.lobbyId, mention: true } } as const;
}

it("answers what was written while the bot was away: once, in order, in direct and in group rooms", async () => {
  await site.start();
  await playground.says("Ada", "before");
  expect(await answers(1)).toEqual(["heard before"]);
  await site.stop();

  await playground.says("Ada", "one");
  await playground.says("Grace", mention("in the lobby").text, mention("").options);
  await playground.says("Ada", "two");
  await playground.says("Grace", "not for the bot", { roomId: playground.webex.lobbyId });
  await site.start();

  expect(new Set(await answers(3))).toEqual(new Set(["heard in the lobby", "heard one", "heard two"]));
  await untilQuiet();
  expect(handled.filter((text) => text !== "in the lobby")).toEqual(["before", "one", "two", "quiet?"]);
});

it("puts what was missed in a room before what is written there while the bot starts", async () => {
  await site.start();
  await untilQuiet();
  await site.stop();
  await playground.says("Ada", "missed");
  const starting = site.start();
  // Sent again and again until the receiver is there, as people do.
  for (let index = 1; index <= 20; index++) await playground.says("Ada", `now ${index}`);
  await starting;
  await untilQuiet();
  expect(handled.slice(1, 22)).toEqual([
    "missed",
    ...Array.from({ length: 20 }, (_, index) => `now ${index + 1}`),
  ]);
});

it("tells the bot that it was added to a room meanwhile", async () => {
  await site.start();
  await untilQuiet();
  await site.stop();
  const { webex, apiBaseUrl } = playground;
  const [ada] = webex.people;
  const headers = { authorization: `Bearer ${ada?.token}`, "content-type": "application/json" };
  const post = async (path: string, body: object): Promise<{ id: string }> => {
    const response = await fetch(`${apiBaseUrl}${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return response.json() as Promise<{ id: string }>; // the playground's answer
  };
  const room = await post("/rooms", { title: "Late" });
  await post("/memberships", { roomId: room.id, personId: webex.bot.id });
  await site.start();
  await untilHandled("joined");
});

it("answers nothing of what was written before the bot ran for the first time", async () => {
  await playground.says("Ada", "long ago");
  await site.start();
  await untilQuiet();
  expect(handled).toEqual(["quiet?"]);
});

it("leaves alone what is too old, and everything when it is switched off", async () => {
  await site.start();
  await untilQuiet();
  await site.stop();
  await playground.says("Ada", "too old");
  await site.start({ catchUp: false });
  await untilQuiet();
  await site.stop();
  await site.start({ catchUp: { maxAgeMs: 1, now: () => Date.now() + 1_000 } });
  await untilQuiet();
  expect(handled).toEqual(["quiet?", "quiet?", "quiet?"]);
});

it("looks only into rooms in which something happened", async () => {
  const { webex, apiBaseUrl, timeline } = playground;
  const headers = { authorization: `Bearer ${webex.botToken}`, "content-type": "application/json" };
  for (let index = 0; index < 300; index++)
    await fetch(`${apiBaseUrl}/rooms`, {
      method: "POST",
      headers,
      body: JSON.stringify({ title: `Room ${index}` }),
    });
  await site.start();
  await untilQuiet();
  await site.stop();
  await playground.says("Ada", "news");
  const inbox = await openEmbedded({ dataDir: folder });
  // As after a longer time than clocks may differ by.
  const upTo = Date.now();
  await inbox.records.write([{ key: "catch-up/webex/default", value: { begun: upTo, upTo } }]);
  await playground.says("Ada", "later news");
  await inbox.close();
  const before = timeline.all("call").length;
  await site.start();
  expect(await answers(1)).toEqual(["heard later news"]);
  const calls = timeline
    .all("call")
    .slice(before)
    .map(({ method, path }) => `${method} ${path}`);
  expect(calls.filter((call) => call.startsWith("GET /rooms?"))).toHaveLength(1);
  expect(calls.filter((call) => call.startsWith("GET /messages?"))).toHaveLength(1);
});
