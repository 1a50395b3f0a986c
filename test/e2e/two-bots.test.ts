import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import { md, mention } from "../../src/core/contract/markdown";
import {
  type ListeningPlayground,
  listenPlayground,
  type PlaygroundPerson,
} from "../../src/playground/listen";
import { ApiClient } from "../playground/api-client";
import { createSite, type Site } from "./site";

/** Answers everything, and mentions the other one each time: two of them would never stop. */
function talkative(other: PlaygroundPerson, answersBots: boolean) {
  return defineBot((b) => {
    b.allow({ bots: answersBots });
    b.hears(/.*/s, (ctx) =>
      ctx.reply(
        md`${mention({ id: other.id, displayName: other.displayName })} heard ${ctx.message.text.slice(-30)}`,
      ),
    );
  });
}

let playground: ListeningPlayground;
let valet: PlaygroundPerson;
let folder: string;
let sites: Site[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-two-bots-"));
  playground = await listenPlayground();
  valet = playground.addBot("Valet");
  const { people, lobbyId } = playground.webex;
  const ada = new ApiClient(playground.apiBaseUrl, people[0]?.token);
  await ada.post("/memberships", { roomId: lobbyId, personId: valet.id });
  sites = [];
});
afterEach(async () => {
  await Promise.all(sites.map((site) => site.stop()));
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(answersBots: boolean): Promise<void> {
  const { bot } = playground.webex;
  sites = [
    createSite(playground, talkative(valet, answersBots), join(folder, "bellhop")),
    createSite(playground, talkative(bot, answersBots), join(folder, "valet"), valet.token),
  ];
  await Promise.all(sites.map((site) => site.start()));
}

async function saysBoth(text: string): Promise<void> {
  const { bot, lobbyId } = playground.webex;
  const markdown = `<@personId:${bot.id}|Bellhop> <@personId:${valet.id}|Valet> ${text}`;
  await playground.says("Ada", { markdown }, { roomId: lobbyId });
}

it("answer people, and not each other", async () => {
  await start(false);
  await saysBoth("hello");
  for (const who of ["bot", "Valet"]) expect((await playground.nextMessageFrom(who)).text).toContain("hello");
  // Had the one answered the other, that would come first.
  await saysBoth("still there?");
  for (const who of ["bot", "Valet"])
    expect((await playground.nextMessageFrom(who)).text).toContain("still there?");
});

it("answer each other when they are told to", async () => {
  await start(true);
  await saysBoth("hello");
  // The first two answer Ada, the rest each other.
  for (let count = 0; count < 3; count++) {
    await playground.nextMessageFrom("bot");
    await playground.nextMessageFrom("Valet");
  }
});
