// Uses the built matchers with the part of vitest that `expect` is made of, and prints what came of it.
import { fileURLToPath } from "node:url";
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";
import bellhop from "../../dist/index.js";
import testing from "../../dist/testing/index.js";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
const { expect } = chai;
// As vitest's own expect.extend does.
expect.extend(expect, testing.matchers);

const playground = await testing.createPlayground();
const bot = bellhop.defineBot((bot) => {
  bot.hears("hello", (ctx) => ctx.reply("Hello!"));
  bot.hears("form", (ctx) => ctx.reply(ctx.card("form")));
  bot.hears("bye", () => {});
});
await playground.serve({
  bots: { bot },
  cards: fileURLToPath(new URL("cards", import.meta.url)),
});
const ada = playground.person();

const passed = [];
await expect(ada.say("hello")).toHaveReplied("Hello!");
passed.push("toHaveReplied");
await expect(ada.say("bye")).not.toHaveReplied();
passed.push("not.toHaveReplied");
await expect(ada.say("form")).toHaveSentCard(["Ready?", "Go"]);
passed.push("toHaveSentCard");
const failure = await expect(ada.say("hello"))
  .toHaveReplied("Bye")
  .catch(({ message }) => message);
await playground.close();
process.stdout.write(JSON.stringify({ passed, failure }));
