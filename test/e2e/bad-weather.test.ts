import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import { listenPlayground } from "../../src/playground/listen";
import { createSite } from "./site";

const bot = defineBot((b) => {
  b.hears(/.*/s, (ctx) => ctx.reply(`heard ${ctx.message.text}`));
});

const PEOPLE = ["Ada", "Grace", "Alan"];
const MESSAGES = 12;

// Deliveries get lost, doubled and broken off, calls fail before and after they were done, and the bot is stopped once.
it.each([1, 2])("in bad weather everything is answered once (seed %i)", async (seed) => {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-weather-"));
  const playground = await listenPlayground();
  const site = createSite(playground, bot, folder);
  const { faults } = playground;
  await site.start();
  faults.add({ on: "delivery", do: { kind: "lost" }, probability: 0.2, seed });
  faults.add({ on: "delivery", do: { kind: "cut" }, probability: 0.1, seed: seed + 10 });
  faults.add({ on: "delivery", do: { kind: "duplicate", copies: 2 }, probability: 0.3, seed: seed + 20 });
  const reading = { method: "GET", path: "/messages/" };
  faults.add({ on: "call", match: reading, do: { kind: "reset", when: "before" }, probability: 0.1, seed });
  faults.add({ on: "call", match: reading, do: { kind: "cut" }, probability: 0.05, seed: seed + 30 });
  faults.add({ on: "call", match: reading, do: { kind: "html" }, probability: 0.05, seed: seed + 40 });
  const posting = { method: "POST", path: "/messages" };
  faults.add({
    on: "call",
    match: posting,
    do: { kind: "reset", when: "after" },
    probability: 0.1,
    seed,
    times: 3,
  });

  for (let number = 1; number <= MESSAGES; number++) {
    await Promise.all(PEOPLE.map((who) => playground.says(who, `${who} ${number}`)));
    if (number === MESSAGES / 2) await site.stop();
  }
  // What was lost on the way is found when the bot starts again.
  await site.start();

  const heard = new Map(PEOPLE.map((who): [string, number[]] => [who, []]));
  for (let count = 0; count < PEOPLE.length * MESSAGES; count++) {
    const { text = "" } = await playground.nextMessageFrom("bot", { timeoutMs: 100_000 });
    const [, who = "", number] = text.split(" ");
    heard.get(who)?.push(Number(number));
  }
  faults.clear();
  await playground.says("Ada", "the end");
  const last = await playground.nextMessageFrom("bot");
  expect(last.text).toBe("heard the end");
  const all = Array.from({ length: MESSAGES }, (_, index) => index + 1);
  for (const who of PEOPLE) expect([...(heard.get(who) ?? [])].sort((a, b) => a - b)).toEqual(all);
  await site.stop();
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});
