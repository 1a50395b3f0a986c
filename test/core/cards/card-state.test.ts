import type { Bot } from "../../../src/core/contract/bot";
import { ButtonBench } from "../dispatch-fixture";
import { leaseInMemory } from "../lease-in-memory";

const ada = { id: "ada", displayName: "Ada" };
const people = Array.from({ length: 50 }, (_, index) => ({ id: `p${index}` }));
const BUTTONS = { Vote: { action: "vote" }, Drop: { action: "drop" } };

let seen: number[];
let fails: boolean;
beforeEach(() => {
  seen = [];
  fails = false;
});

async function benchWith(setup: (bot: Bot) => void): Promise<ButtonBench> {
  const bench = new ButtonBench((bot) => {
    bot.hears("card", (ctx) => ctx.reply(ctx.card("buttons", BUTTONS)));
    setup(bot);
  });
  await bench.try(bench.chat.says("card", ada));
  return bench;
}

const counting = (bot: Bot): void => {
  bot.action("vote", async (ctx) => {
    const votes = ctx.cardState({ count: 0 });
    seen.push((await votes.update(({ count }) => ({ count: count + 1 }))).count);
    if (fails) throw new Error("broken");
  });
  bot.action("drop", (ctx) => ctx.delete({ id: ctx.event.messageId, roomId: ctx.room.id }));
};

describe("what a card remembers", () => {
  it("is what was kept last, whoever clicks", async () => {
    const bench = await benchWith(counting);
    for (const person of people.slice(0, 3)) await bench.try(bench.chat.presses("Vote", person));
    expect(seen).toEqual([1, 2, 3]);
  });

  it("loses no change of those who click at the same instant", async () => {
    const bench = await benchWith(counting);
    await Promise.all(people.map((person) => bench.try(bench.chat.presses("Vote", person))));
    expect(seen.toSorted((a, b) => a - b)).toEqual(people.map((_, index) => index + 1));
  });

  it("is changed once by a click whose handler is run again", async () => {
    const bench = await benchWith(counting);
    const click = bench.chat.presses("Vote", ada);
    const lease = leaseInMemory(click);
    fails = true;
    await bench.try(click, { lease });
    fails = false;
    await bench.try(click, { lease: lease.again() });
    expect(seen).toEqual([1, 1]);
  });

  it("is each card's own", async () => {
    const bench = await benchWith(counting);
    await bench.try(bench.chat.presses("Vote", ada));
    await bench.try(bench.chat.says("card", ada));
    await bench.try(bench.chat.presses("Vote", ada));
    expect(seen).toEqual([1, 1]);
  });

  it("stays when the card is drawn anew", async () => {
    const bench = await benchWith((bot) =>
      bot.action("vote", async (ctx) => {
        const pages = ctx.cardState({ page: 1 });
        seen.push((await pages.read()).page);
        await pages.update(({ page }) => ({ page: page + 1 }));
        await ctx.replaceCard(ctx.card("buttons", BUTTONS));
      }),
    );
    for (let clicks = 0; clicks < 3; clicks++) await bench.try(bench.chat.presses("Vote", ada));
    expect(seen).toEqual([1, 2, 3]);
  });

  it("goes with a card that a handler of its buttons deletes", async () => {
    const bench = await benchWith(counting);
    await bench.try(bench.chat.presses("Vote", ada));
    const states = (): readonly string[] => bench.records.keys.filter((key) => key.includes("/state/"));
    expect(states()).toHaveLength(1);
    await bench.try(bench.chat.presses("Drop", ada));
    expect(states()).toEqual([]);
  });

  it("goes, with all that is kept of a card, when the card expires", async () => {
    const bench = await benchWith(counting);
    await bench.try(bench.chat.presses("Vote", ada));
    expect(bench.records.keys).not.toEqual([]);
    bench.time += 31 * 86_400_000;
    expect(bench.records.keys).toEqual([]);
  });

  it("is refused when it is large", async () => {
    const bench = await benchWith((bot) =>
      bot.action("vote", (ctx) => ctx.cardState("").update(() => "x".repeat(40_000))),
    );
    const { error } = await bench.try(bench.chat.presses("Vote", ada));
    expect(error).toMatchObject({ cause: { code: "state-too-large" }, retry: "never" });
  });
});

it("a card that is drawn anew expires when it would have", async () => {
  const DAY_MS = 86_400_000;
  const bench = await benchWith((bot) =>
    bot.action("vote", (ctx) => ctx.replaceCard(ctx.card("buttons", BUTTONS))),
  );
  bench.time += 29 * DAY_MS;
  await bench.try(bench.chat.presses("Vote", ada));
  bench.time += 2 * DAY_MS;
  const { verdict } = await bench.try(bench.chat.presses("Vote", ada));
  expect(verdict).toEqual({ kind: "dropped", reason: "the click is refused: expired" });
});
