import { type Bot, defineBot } from "../../../src/core/contract/bot";
import { buildBot } from "../../../src/core/handle/build-bot";
import { findConflicts } from "../../../src/core/handle/route-conflicts";
import type { BuiltBot } from "../../../src/core/handle/routes";

const nothing = (): void => {};

function built(name: string, setup: (bot: Bot) => void): BuiltBot {
  return buildBot(name, defineBot(setup));
}

describe("findConflicts", () => {
  it.each<[string, (bot: Bot) => void]>([
    ["a command", (bot) => bot.command("pay <amount:number>", nothing)],
    ["a command whose arguments are called otherwise", (bot) => bot.command("/PAY  <sum:number>", nothing)],
    ["a phrase", (bot) => bot.hears("Good  morning!", nothing)],
    ["an expression", (bot) => bot.hears(/ping/i, nothing)],
    ["an action", (bot) => bot.action("approve", nothing)],
  ])("finds %s that stands twice", (_what, again) => {
    const first = (bot: Bot): void => {
      bot.command("pay <amount:number>", nothing);
      bot.hears("good morning", nothing);
      bot.hears(/ping/i, nothing);
      bot.action("approve", nothing);
    };
    const inOne = findConflicts([
      built("one", (bot) => {
        first(bot);
        again(bot);
      }),
    ]);
    const inTwo = findConflicts([built("one", first), built("two", again)]);
    expect([inOne.length, inTwo.length]).toEqual([1, 1]);
    expect(inTwo[0]?.message).toMatch(
      / of bot "two" is never reached: bot "one" has it at .*conflicts\.test\.ts:\d+$/,
    );
    expect(inTwo[0]?.at).toContain("conflicts.test.ts:");
  });

  it("finds an answer that is taken twice by one bot; two bots ask for themselves", () => {
    const takes = (bot: Bot): void => bot.answer("size", nothing);
    const [conflict, ...more] = findConflicts([
      built("one", (bot) => {
        takes(bot);
        takes(bot);
      }),
    ]);
    expect(conflict?.message).toMatch(/^answer "size" of bot "one" is never reached: bot "one" has it at /);
    expect(more).toEqual([]);
    expect(findConflicts([built("one", takes), built("two", takes)])).toEqual([]);
  });

  it.each<[string, (bot: Bot) => void, (bot: Bot) => void]>([
    [
      "commands of different arguments",
      (bot) => bot.command("pay <a>", nothing),
      (bot) => bot.command("pay <a> <b>", nothing),
    ],
    [
      "a number before a word",
      (bot) => bot.command("pay <a:number>", nothing),
      (bot) => bot.command("pay <a>", nothing),
    ],
    ["a command and a phrase", (bot) => bot.command("pay", nothing), (bot) => bot.hears("pay", nothing)],
    [
      "expressions of different flags",
      (bot) => bot.hears(/pay/, nothing),
      (bot) => bot.hears(/pay/i, nothing),
    ],
    [
      "those who listen to the same event",
      (bot) => bot.on("rooms", nothing),
      (bot) => bot.on("rooms", nothing),
    ],
    [
      "bots for different people",
      (bot) => {
        bot.allow({ roomKinds: ["direct"] });
        bot.hears("pay", nothing);
      },
      (bot) => bot.hears("pay", nothing),
    ],
  ])("lets stand side by side %s", (_what, one, two) => {
    expect(findConflicts([built("one", one), built("two", two)])).toEqual([]);
  });
});
