import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { createSite, type Site } from "./site";

const bot = defineBot((b) => {
  b.hears(/ping/, (ctx) => ctx.reply("pong"));
  b.hears(/the end/, (ctx) => ctx.reply("the end"));
});

let playground: ListeningPlayground;
let folder: string;
let site: Site;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-receipts-"));
  playground = await listenPlayground();
  site = createSite(playground, bot, folder);
});
afterEach(async () => {
  await site.stop();
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});

const POSTING = { on: "call", match: { method: "POST", path: "/messages" }, times: 1 } as const;

/** What the bot writes in a group room when it is asked once, until it has answered the question after that. */
async function answers(): Promise<(string | undefined)[]> {
  const roomId = playground.webex.lobbyId;
  await playground.says("Ada", "ping", { roomId, mention: true });
  await playground.says("Ada", "the end", { roomId, mention: true });
  const heard: (string | undefined)[] = [];
  while (heard.at(-1) !== "the end")
    heard.push((await playground.nextMessageFrom("bot", { roomId, timeoutMs: 30_000 })).text);
  return heard;
}

it.each([
  ["answered 502", { kind: "html", status: 502, when: "after" }],
  ["reset", { kind: "reset", when: "after" }],
] as const)("a post in a group room that is done and %s is there once", async (_, fault) => {
  await site.start();
  playground.faults.add({ ...POSTING, do: fault });
  expect(await answers()).toEqual(["pong", "the end"]);
});

it("a post in a group room that is refused with 502 before it is done is there once", async () => {
  await site.start();
  playground.faults.add({ ...POSTING, do: { kind: "status", status: 502 } });
  expect(await answers()).toEqual(["pong", "the end"]);
});

describe("without the delivery of the bot's own message", () => {
  /** Both questions arrive, and then nothing more. */
  async function loseReceipts(): Promise<void> {
    const { faults, timeline } = playground;
    timeline.listen(({ name }) => {
      if (name === "fault") faults.add({ on: "delivery", do: { kind: "lost" } });
    });
    faults.add({ ...POSTING, do: { kind: "reset", when: "after" } });
  }

  it("REPLIES=at-least-once posts it again", async () => {
    await site.start();
    await loseReceipts();
    const roomId = playground.webex.lobbyId;
    await playground.says("Ada", "ping", { roomId, mention: true });
    for (let copy = 1; copy <= 2; copy++)
      expect(await playground.nextMessageFrom("bot", { roomId, timeoutMs: 30_000 })).toMatchObject({
        text: "pong",
      });
  });
});
