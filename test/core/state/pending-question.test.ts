import type { Bot } from "../../../src/core/contract/bot";
import type { ReplyContent } from "../../../src/core/contract/context";
import type { Person } from "../../../src/core/contract/event";
import { ButtonBench } from "../dispatch-fixture";
import { InMemoryPlatform } from "../in-memory-platform";
import { leaseInMemory } from "../lease-in-memory";

const ada = { id: "ada", displayName: "Ada" };
const grace = { id: "grace", displayName: "Grace" };
const kitchen = { id: "kitchen" };
const lobby = { id: "lobby" };

/** Asks for a size, then for a drink, and says what was ordered. */
function orders(bot: Bot): void {
  bot.command("order", (ctx) => ctx.ask("size", "Which size?"));
  bot.answer("size", async (ctx, next) => {
    if (ctx.message.text === "help") return next();
    if (!/^(small|large)$/.test(ctx.message.text)) return ctx.ask("size", "Small or large?");
    await ctx.ask("drink", "Which drink?", { data: { size: ctx.message.text } });
  });
  bot.answer<{ size: string }>("drink", (ctx) => ctx.reply(`A ${ctx.data.size} ${ctx.message.text}.`));
  bot.command("small", (ctx) => ctx.reply("Small talk."));
  bot.hears("help", (ctx) =>
    ctx.reply(`Helped, knowing ${JSON.stringify((ctx as { data?: object }).data)}.`),
  );
}

/** The default reply of bots whose commands have no help text. */
const UNKNOWN = "The bot does not understand this message.";

let bench: ButtonBench;
beforeEach(() => {
  bench = new ButtonBench(orders);
});

/** Somebody writes; what the bot answers. */
async function write(
  text: string,
  by: Person = ada,
  room = kitchen,
): Promise<readonly (string | undefined)[]> {
  const before = bench.said().length;
  await bench.try(bench.chat.says(text, by, room));
  return bench.said().slice(before);
}

describe("what somebody writes after a question", () => {
  it("is its answer, before any command, and brings what was given along", async () => {
    expect(await write("order")).toEqual(["Which size?"]);
    expect(await write("small")).toEqual(["Which drink?"]);
    expect(await write("tea")).toEqual(["A small tea."]);
    expect(await write("small")).toEqual(["Small talk."]);
  });

  it("can be asked for again", async () => {
    await write("order");
    expect(await write("huge")).toEqual(["Small or large?"]);
    expect(await write("large")).toEqual(["Which drink?"]);
  });

  it("goes with next() to whoever would have answered otherwise, and is the answer all the same", async () => {
    await write("order");
    expect(await write("help")).toEqual(["Helped, knowing {}."]);
    expect(await write("small")).toEqual(["Small talk."]);
  });

  it("is no answer of somebody else, nor in another room", async () => {
    await write("order");
    expect(await write("small", grace)).toEqual(["Small talk."]);
    expect(await write("small", ada, lobby)).toEqual(["Small talk."]);
    expect(await write("small")).toEqual(["Which drink?"]);
  });

  it("is none any more after an hour, or when it was said", async () => {
    await write("order");
    bench.time += 3_600_001;
    expect(await write("small")).toEqual(["Small talk."]);

    bench = new ButtonBench((bot) => {
      bot.command("order", (ctx) => ctx.ask("size", "Which size?", { expiresAfterMs: 1_000 }));
      bot.answer("size", (ctx) => ctx.reply("answered"));
    });
    await write("order");
    bench.time += 1_001;
    expect(await write("small")).toEqual([UNKNOWN]);
  });

  it("is the answer to what was asked last", async () => {
    bench = new ButtonBench((bot) => {
      bot.command("both", async (ctx) => {
        await ctx.ask("one", "One?");
        await ctx.ask("two", "Two?");
      });
      for (const step of ["one", "two"]) bot.answer(step, (ctx) => ctx.reply(step));
    });
    await write("both");
    expect(await write("well")).toEqual(["two"]);
    expect(await write("well")).toEqual([UNKNOWN]);
  });

  it("is the answer again when the handler fails, and no answer once it is given up", async () => {
    let fails = true;
    bench = new ButtonBench((bot) => {
      bot.command("order", (ctx) => ctx.ask("size", "Which size?"));
      bot.answer("size", (ctx) => {
        if (fails) throw new Error("broken");
        return ctx.reply("answered");
      });
    });
    await write("order");
    const answer = bench.chat.says("small", ada, kitchen);
    const lease = leaseInMemory(answer);
    expect((await bench.try(answer, { lease })).error).toMatchObject({ code: "handler-failed" });
    fails = false;
    expect(await write("small")).toEqual(["answered"]);

    fails = true;
    await write("order");
    await bench.try(bench.chat.says("small", ada, kitchen), { failure: "dead" });
    fails = false;
    expect(await write("small")).toEqual([UNKNOWN]);
  });

  it("is asked for once by a handler that is run again", async () => {
    let fails = true;
    bench = new ButtonBench((bot) => {
      bot.command("order", async (ctx) => {
        await ctx.ask("size", "Which size?");
        if (fails) throw new Error("broken");
      });
      bot.answer("size", (ctx) => ctx.reply("answered"));
    });
    const order = bench.chat.says("order", ada, kitchen);
    const lease = leaseInMemory(order);
    await bench.try(order, { lease });
    fails = false;
    await bench.try(order, { lease: lease.again() });
    expect(bench.said()).toEqual(["Which size?"]);
    expect(await write("small")).toEqual(["answered"]);
  });

  it("says in the trace that it was an answer, and whose", async () => {
    await write("order");
    const { trace, verdict } = await bench.try(bench.chat.says("small", ada, kitchen));
    expect(verdict).toEqual({ kind: "handled", by: 'test: answer "size"' });
    expect(trace).toContainEqual(
      expect.objectContaining({ step: "matched", handler: 'answer "size"', verdict: "answered" }),
    );
    bench = new ButtonBench((bot) => bot.answer("size", () => {}));
    const unheard = await bench.try(bench.chat.says("small", ada, kitchen));
    expect(unheard.trace).toContainEqual(
      expect.objectContaining({ step: "matched", handler: 'answer "size"', verdict: "it was not asked" }),
    );
  });
});

describe("several bots", () => {
  const greets = (bot: Bot): void => {
    bot.hears(/./, (ctx) => ctx.reply("Hello."));
  };

  it("leave the answer to the one that has asked", async () => {
    bench = new ButtonBench([
      greets,
      (bot) => {
        bot.on("memberships.created", (ctx) => ctx.ask("name", "Your name?"));
        bot.answer("name", (ctx, next) => (ctx.message.text === "?" ? next() : ctx.reply("Noted.")));
      },
    ]);
    await bench.try(bench.chat.joins(ada, kitchen));
    expect(await write("Ada")).toEqual(["Noted."]);
    expect(await write("Ada")).toEqual(["Hello."]);
    await bench.try(bench.chat.joins(ada, kitchen));
    expect(await write("?")).toEqual(["Hello."]);
  });

  it("do not get an answer past the policy of the one that has asked", async () => {
    bench = new ButtonBench([
      (bot) => bot.hears("hello", (ctx) => ctx.reply("Hello.")),
      (bot) => {
        bot.allow({ emailDomains: ["example.com"] });
        bot.command("vault", (ctx) => ctx.ask("pin", "Your PIN?"));
        bot.answer("pin", (ctx) => ctx.reply("Let in."));
      },
    ]);
    const within = { id: "ada", email: "ada@example.com" };
    const left = { id: "ada", email: "ada@elsewhere.org" };
    expect(await write("vault", within)).toEqual(["Your PIN?"]);
    expect(await write("hello", left)).toEqual(["Hello."]);
    expect(await write("1234", left)).toEqual([UNKNOWN]);
    expect(await write("1234", within)).toEqual(["Let in."]);
  });
});

describe("asking", () => {
  const asks = (content: ReplyContent): void => {
    bench = new ButtonBench((bot) => {
      bot.command("order", (ctx) => ctx.ask("size", content));
      bot.answer("size", (ctx) => ctx.reply(`answered ${ctx.message.text}`));
      bot.action("small", (ctx) => ctx.reply("clicked small"));
    });
  };
  const card = {
    kind: "card" as const,
    name: "sizes",
    content: {
      type: "AdaptiveCard",
      version: "1.3",
      body: [],
      actions: [{ type: "Action.Submit", title: "Small", data: { action: "small" } }],
    },
    fallbackText: "Sizes",
  };

  it("is over when a button of the card that asked is clicked", async () => {
    asks({ markdown: "Which size?", card });
    await write("order");
    await bench.try(bench.chat.presses("Small", ada));
    expect(bench.said().at(-1)).toBe("clicked small");
    expect(await write("large")).toEqual([UNKNOWN]);
  });

  it("is not over when somebody else clicks, and takes words instead of a click", async () => {
    asks({ markdown: "Which size?", card });
    await write("order");
    await bench.try(bench.chat.presses("Small", grace));
    expect(await write("large")).toEqual(["answered large"]);
  });

  it("knows beforehand whether there is a handler of the answer", async () => {
    bench = new ButtonBench((bot) => {
      bot.command("order", (ctx) => ctx.ask("sise", "Which size?"));
      bot.answer("size", () => {});
      bot.answer("drink", () => {});
    });
    const { error } = await bench.try(bench.chat.says("order", ada, kitchen));
    expect(error).toMatchObject({
      retry: "never",
      cause: {
        code: "step-unknown",
        message:
          'ctx.ask("sise"): bot "test" has no bot.answer("sise") that would be given the answer; it has "size", "drink"',
      },
    });
    expect(bench.said()).toEqual([]);
  });

  it("takes no more along than it can keep, and says so before anything is posted", async () => {
    bench = new ButtonBench((bot) => {
      bot.command("order", (ctx) => ctx.ask("size", "?", { data: { text: "x".repeat(40_000) } }));
      bot.answer("size", () => {});
    });
    const { error } = await bench.try(bench.chat.says("order", ada, kitchen));
    expect(error).toMatchObject({ cause: { code: "state-too-large" } });
    expect(bench.said()).toEqual([]);
  });

  it("needs somebody to ask", async () => {
    bench = new ButtonBench((bot) => {
      bot.on("rooms.created", (ctx) => ctx.ask("size", "?"));
      bot.answer("size", () => {});
    });
    const { error } = await bench.try(bench.chat.hasRoom(kitchen));
    expect(error).toMatchObject({ cause: { code: "unsupported" } });
  });

  describe("where cards are not drawn", () => {
    const onText = (setup: (bot: Bot) => void): void => {
      bench = new ButtonBench(setup, { chat: new InMemoryPlatform({ can: { cards: false } }) });
    };

    it("takes a number for a choice of the card that asked, and anything else for the answer", async () => {
      const setup = (bot: Bot): void => {
        bot.command("order", (ctx) => ctx.ask("size", { markdown: "Which size?", card }));
        bot.answer("size", (ctx) => ctx.reply(`answered ${ctx.message.text}`));
        bot.action("small", (ctx) => ctx.reply("clicked small"));
      };
      onText(setup);
      await write("order");
      expect(await write("1")).toEqual(["clicked small"]);
      expect(await write("large")).toEqual([UNKNOWN]);
      await write("order");
      expect(await write("large")).toEqual(["answered large"]);
    });

    it("takes a number for the answer when the card was posted before", async () => {
      onText((bot) => {
        bot.command("card", (ctx) => ctx.reply({ card }));
        bot.action("small", (ctx) => ctx.reply("clicked small"));
        bot.command("order", (ctx) => ctx.ask("count", "How many?"));
        bot.answer("count", (ctx) => ctx.reply(`${ctx.message.text} of them`));
      });
      await write("card");
      await write("order");
      expect(await write("1")).toEqual(["1 of them"]);
      expect(await write("1")).toEqual(["clicked small"]);
    });
  });
});
