import { type Apology, type BotDefinition, defineBot } from "bellhop";
import { createPlayground, type Outcome, type TestPlayground } from "bellhop/testing";

const REFERENCE = /^Something went wrong while handling your message\. Reference: \d{12}\.$/;

/** Each way of failing, with the attempts that it is worth. */
const bot = defineBot((bot) => {
  bot.command("hello", (ctx) => ctx.reply("Hello."));
  bot.command("bug", (ctx) => {
    const person = ctx.state.nothing as { name: string }; // as a wrong assumption of a bot's author
    return ctx.reply(person.name);
  });
  bot.command("text", () => {
    throw "a text";
  });
  bot.command("nothing", () => {
    throw undefined;
  });
  bot.command("plain", () => {
    throw new Error("it does not work");
  });
  bot.command("network", () => {
    throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  });
  bot.command("fetch", () => {
    throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
  });
  bot.command("card", (ctx) => ctx.reply(ctx.card("missing")));
  bot.command("undefined", (ctx) => ctx.reply(undefined as unknown as string));
  bot.command("after", async (ctx) => {
    await ctx.reply("Half done.");
    throw new RangeError("after the reply");
  });
});

let playground: TestPlayground;
beforeEach(async () => {
  playground = await createPlayground({ timeoutMs: 100_000 });
});
afterEach(() => playground.close());

const PEOPLE = {
  webex: () => playground.person("Ada Lovelace"),
  spika: () => playground.spika.person("Ada Lovelace"),
  intercom: () => playground.intercom.person("Ada Lovelace"),
} as const;
type Platform = keyof typeof PEOPLE;
const PLATFORMS = Object.keys(PEOPLE) as Platform[]; // Object.keys does not type its keys

async function serve(definition: BotDefinition, platform: Platform): Promise<void> {
  await playground.serve({ bots: { pay: definition }, cards: "none", platforms: [platform] });
}

function deadOf(outcome: Outcome): Extract<Outcome, { kind: "dead" }> {
  if (outcome.kind !== "dead") throw new Error(`the event is ${outcome.kind}, expected dead`);
  return outcome;
}

describe.each(PLATFORMS)("an event that fails, in %s,", (platform) => {
  it.each([
    ["bug", 1, "TypeError"],
    ["text", 3, undefined],
    ["nothing", 3, undefined],
    ["plain", 3, "Error"],
    ["network", 8, "Error"],
    ["fetch", 8, "TypeError"],
    ["card", 1, "CardError"],
    ["undefined", 1, "ArgumentError"],
  ])(
    "%s: is tried %i times, and its person gets one message with a reference",
    async (text, attempts, name) => {
      await serve(bot, platform);
      const turn = await PEOPLE[platform]().say(text);
      const dead = deadOf(await turn.ended());
      expect(dead.attempts).toBe(attempts);
      if (name !== undefined) expect(dead.failure.name).toBe(name);
      const texts = (await turn.replies()).map((reply) => reply.text);
      expect(texts).toEqual([expect.stringMatching(REFERENCE)]);
    },
  );

  it("holds up the next message of its conversation for a bounded time only", async () => {
    await serve(bot, platform);
    const ada = PEOPLE[platform]();
    const [failing, next] = [await ada.say("network"), await ada.say("hello")];
    expect((await next.replies()).map(({ text }) => text)).toEqual(["Hello."]);
    expect(deadOf(await failing.ended()).attempts).toBe(8);
  });

  it("says where in the bot the error was thrown", async () => {
    await serve(bot, platform);
    const { failure } = deadOf(await (await PEOPLE[platform]().say("bug")).ended());
    expect(failure.at).toMatch(/failures\.test\.ts:\d+$/);
    expect(failure.stack).toMatch(/^TypeError: Cannot read properties of undefined/);
  });

  it("keeps what was sent before, and adds the apology", async () => {
    await serve(bot, platform);
    const turn = await PEOPLE[platform]().say("after");
    expect((await turn.replies()).map(({ text }) => text)).toEqual([
      "Half done.",
      expect.stringMatching(REFERENCE),
    ]);
  });
});

describe("a bot", () => {
  it.each<[string, Apology, string[]]>([
    ["a text of its own", "Sorry.", ["Sorry."]],
    ["a function", (_ctx, { reference }) => `Ask for ${reference.length} digits.`, ["Ask for 12 digits."]],
    ["nothing", false, []],
  ])("answers a failure with %s", async (_, apology, texts) => {
    const own = defineBot((bot) => {
      bot.apology(apology);
      bot.command("bug", () => {
        throw new TypeError("no");
      });
    });
    await serve(own, "webex");
    const turn = await PEOPLE.webex().say("bug");
    await turn.ended();
    expect((await turn.replies()).map(({ text }) => text)).toEqual(texts);
  });

  it("that settles a failure with catch sends no apology", async () => {
    const own = defineBot((bot) => {
      bot.catch((_error, ctx) => ctx.reply("Caught."));
      bot.command("bug", () => {
        throw new TypeError("no");
      });
    });
    await serve(own, "webex");
    const turn = await PEOPLE.webex().say("bug");
    expect(await turn.ended()).toMatchObject({ kind: "handled" });
    expect((await turn.replies()).map(({ text }) => text)).toEqual(["Caught."]);
  });

  it("whose catch throws, too, sends one apology", async () => {
    const own = defineBot((bot) => {
      bot.catch(() => {
        throw new TypeError("in catch");
      });
      bot.command("bug", () => {
        throw new TypeError("no");
      });
    });
    await serve(own, "webex");
    const turn = await PEOPLE.webex().say("bug");
    expect((await turn.replies()).map(({ text }) => text)).toEqual([expect.stringMatching(REFERENCE)]);
  });

  it("decides itself how often it is retried", async () => {
    const own = defineBot((bot) => {
      bot.retry((error) => (error instanceof RangeError ? { afterMs: 10 } : "never"));
      bot.command("again", () => {
        throw new RangeError("no");
      });
      bot.command("never", () => {
        throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
      });
    });
    await serve(own, "webex");
    const ada = PEOPLE.webex();
    expect(deadOf(await (await ada.say("again")).ended()).attempts).toBe(8);
    expect(deadOf(await (await ada.say("never")).ended()).attempts).toBe(1);
  });
});
