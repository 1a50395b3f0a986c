import type { Bot } from "../../../src/core/contract/bot";
import type { Person } from "../../../src/core/contract/event";
import type { Notice } from "../../../src/core/contract/notice";
import { ButtonBench } from "../dispatch-fixture";
import { InMemoryPlatform } from "../in-memory-platform";
import { leaseInMemory } from "../lease-in-memory";

const [ada, bob] = ["Ada", "Bob"].map((displayName) => ({ id: displayName.toLowerCase(), displayName })) as [
  Person,
  Person,
];

let heard: string[];
let fails: boolean;
beforeEach(() => {
  heard = [];
  fails = false;
});

async function benchWith(setup: (bot: Bot) => void): Promise<ButtonBench> {
  const bench = new ButtonBench((bot) => {
    bot.hears("card", (ctx) =>
      ctx.reply(ctx.card("buttons", { Approve: { action: "approve" }, Reject: { action: "reject" } })),
    );
    setup(bot);
  });
  await bench.try(bench.chat.says("card", ada));
  return bench;
}

/** A click on the first card that was posted. */
function press(bench: ButtonBench, title: string, by: Person): Notice {
  const [post] = bench.chat.posts;
  return bench.chat.presses(title, by, { post });
}

function note({ person }: { person: Person }): void {
  heard.push(person.id);
  if (fails) throw new Error("broken");
}

const once = (bot: Bot): void => bot.action("approve", { once: true }, note);

describe("a button that works once", () => {
  it("works for the first, and tells the others who it was and when", async () => {
    const bench = await benchWith(once);
    await bench.try(press(bench, "Approve", ada));
    bench.time += 5 * 60_000;
    await bench.try(press(bench, "Approve", bob));
    await bench.try(press(bench, "Approve", ada));
    expect(heard).toEqual(["ada"]);
    expect(bench.said()).toEqual([
      "Ada did this already, 5 minutes ago.",
      "You did this already, 5 minutes ago.",
    ]);
  });

  it("works for one of 200 who click at the same time", async () => {
    const bench = await benchWith(once);
    const people = Array.from({ length: 200 }, (_, index) => ({ id: `p${index}` }));
    await Promise.all(people.map((person) => bench.try(press(bench, "Approve", person))));
    expect(heard).toHaveLength(1);
    expect(bench.said()).toHaveLength(199);
  });

  it("works again for the same click when its handler failed, and for no other meanwhile", async () => {
    const bench = await benchWith(once);
    const click = press(bench, "Approve", ada);
    const lease = leaseInMemory(click);
    fails = true;
    await bench.try(click, { lease });
    await bench.try(press(bench, "Approve", bob));
    fails = false;
    expect((await bench.try(click, { lease: lease.again() })).verdict?.kind).toBe("handled");
    expect(heard).toEqual(["ada", "ada"]);
    expect(bench.said()).toEqual(["Ada clicked this just now; it is being handled."]);
  });

  it("works again for the same click when the process died in the middle of it", async () => {
    const bench = await benchWith(once);
    const click = press(bench, "Approve", ada);
    const lease = leaseInMemory(click);
    await bench.tryAndDie(click, lease);
    expect((await bench.try(click, { lease: lease.again({ crashCount: 1 }) })).verdict?.kind).toBe("handled");
    await bench.try(press(bench, "Approve", bob));
    expect(heard).toEqual(["ada", "ada"]);
  });

  it("is free again when the click is given up", async () => {
    const bench = await benchWith(once);
    fails = true;
    await bench.try(press(bench, "Approve", ada), { failure: "dead" });
    fails = false;
    await bench.try(press(bench, "Approve", bob));
    expect(heard).toEqual(["ada", "bob"]);
  });

  it("is free again when the bot's catch has answered", async () => {
    const bench = await benchWith((bot) => {
      once(bot);
      bot.catch((_error, ctx) => ctx.reply("Sorry, try again."));
    });
    fails = true;
    await bench.try(press(bench, "Approve", ada));
    fails = false;
    await bench.try(press(bench, "Approve", ada));
    expect([heard, bench.said()]).toEqual([["ada", "ada"], ["Sorry, try again."]]);
  });

  it("is free again when the click was never tried again; should it be after all, it finds somebody else", async () => {
    const bench = await benchWith(once);
    const click = press(bench, "Approve", ada);
    const lease = leaseInMemory(click);
    fails = true;
    await bench.try(click, { lease });
    fails = false;
    bench.time += 2 * 3_600_000;
    await bench.try(press(bench, "Approve", bob));
    await bench.try(click, { lease: lease.again() });
    expect(heard).toEqual(["ada", "bob"]);
  });

  it("does not work again for a click that is delivered again long after it was handled", async () => {
    const bench = await benchWith(once);
    const click = press(bench, "Approve", ada);
    for (let deliveries = 0; deliveries < 2; deliveries++) await bench.try(click);
    expect([heard, bench.said()]).toEqual([["ada"], ["You did this already, just now."]]);
  });

  it("is used up on its own card alone", async () => {
    const bench = await benchWith(once);
    await bench.try(press(bench, "Approve", ada));
    await bench.try(bench.chat.says("card", bob));
    await bench.try(bench.chat.presses("Approve", bob));
    expect(heard).toEqual(["ada", "bob"]);
  });

  it("has one use together with the buttons of its group", async () => {
    const bench = await benchWith((bot) => {
      bot.action("approve", { once: true, group: "decision" }, note);
      bot.action("reject", { once: true, group: "decision" }, note);
    });
    await bench.try(press(bench, "Approve", ada));
    await bench.try(press(bench, "Reject", bob));
    expect(heard).toEqual(["ada"]);
  });

  it("works once for each person when it is said so", async () => {
    const bench = await benchWith((bot) => bot.action("approve", { once: "per-person" }, note));
    for (const person of [ada, bob, ada]) await bench.try(press(bench, "Approve", person));
    expect(heard).toEqual(["ada", "bob"]);
  });

  it("works once also without a signature, by its message", async () => {
    const bench = await benchWith((bot) => bot.action("approve", { once: true, unsigned: true }, note));
    for (const person of [ada, bob]) await bench.try(bench.chat.clicks({ action: "approve" }, person));
    expect(heard).toEqual(["ada"]);
  });

  it("turns its card into the form that is done, and tells those who were late by whom", async () => {
    const bench = await benchWith((bot) =>
      bot.action(
        "approve",
        { once: true, done: (ctx) => ctx.card("buttons", { [`Approved by ${ctx.person.displayName}`]: {} }) },
        note,
      ),
    );
    const late = press(bench, "Approve", bob);
    await bench.try(press(bench, "Approve", ada));
    await bench.try(late);
    expect(bench.chat.posts[0]?.card?.content.actions).toMatchObject([{ title: "Approved by Ada" }]);
    expect(bench.said()).toEqual(["Ada did this already, just now."]);
  });

  it("stays used when its card is drawn anew", async () => {
    const bench = await benchWith((bot) =>
      bot.action("approve", { once: "per-person" }, async (ctx) => {
        note(ctx);
        await ctx.replaceCard(ctx.card("buttons", { Approve: { action: "approve" } }));
      }),
    );
    await bench.try(press(bench, "Approve", ada));
    for (const person of [ada, bob])
      await bench.try(
        bench.chat.presses("Approve", person, { post: bench.chat.posts.find(({ card }) => card) }),
      );
    expect(heard).toEqual(["ada", "bob"]);
  });

  it("is drawn in its done form where cards can be edited, too", async () => {
    const chat = new InMemoryPlatform({ can: { editCards: true } });
    const bench = new ButtonBench(
      (bot) => {
        bot.hears("card", (ctx) => ctx.reply(ctx.card("buttons", { Approve: { action: "approve" } })));
        bot.action("approve", { once: true, done: () => "Approved." }, note);
      },
      { chat },
    );
    await bench.try(chat.says("card", ada));
    const late = chat.presses("Approve", bob);
    await bench.try(chat.presses("Approve", ada));
    expect(chat.posts).toMatchObject([{ markdown: "Approved." }]);
    expect((await bench.try(late)).trace).toContainEqual(
      expect.objectContaining({ step: "button", verdict: "replaced" }),
    );
  });
});

it.each([
  ["once: 1", { once: 1 }],
  ["an empty group", { once: true, group: "" }],
  ["a group of a button that works often", { group: "decision" }],
  ["done that is no function", { done: "card" }],
  ["unsigned: 1", { unsigned: 1 }],
  ["a misspelt option", { onec: true }],
])("%s is a fault of the module", (_what, options) => {
  // As a module in JavaScript would write it.
  expect(() => new ButtonBench((bot) => bot.action("x", options as { once: true }, () => {}))).toThrow(
    'action "x"',
  );
});
