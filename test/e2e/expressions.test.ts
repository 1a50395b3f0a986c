import {
  createPlayground,
  type IntercomPerson,
  type Person,
  type SpikaPerson,
  type TestPlayground,
} from "bellhop/testing";
import { defineBot } from "../../src/index";

/** An expression with backtracking needs longer for it than the test will wait. */
const HOSTILE = `${"a".repeat(60)}!`;

const PEOPLE: readonly [string, (playground: TestPlayground) => Person | SpikaPerson | IntercomPerson][] = [
  ["Webex", (playground) => playground.person("Ada Lovelace")],
  ["Spika", (playground) => playground.spika.person("Ada Lovelace")],
  ["Intercom", (playground) => playground.intercom.person("Ada Lovelace")],
];

let playground: TestPlayground;
beforeEach(async () => {
  playground = await createPlayground();
});
afterEach(() => playground.close());

describe.each(PEOPLE)("a message in %s that an expression cannot be matched with in time", (_name, open) => {
  it("reaches the handlers after it", async () => {
    const bot = defineBot((bot) => {
      bot.hears(/^(a+)+$/, (ctx) => ctx.reply("only a"));
      bot.hears(/!$/, (ctx) => ctx.reply("loud"));
    });
    await playground.serve({ bots: { bot } });
    const person = open(playground);
    expect((await (await person.say(HOSTILE)).reply()).text).toBe("loud");
    expect((await (await person.say("aaa")).reply()).text).toBe("only a");
  });

  it("has the reason in its trace when no handler takes it", async () => {
    const bot = defineBot((bot) => {
      bot.hears(/^(a+)+$/, (ctx) => ctx.reply("only a"));
      bot.hears("other", (ctx) => ctx.reply("other"));
    });
    await playground.serve({ bots: { bot } });
    const turn = await open(playground).say(HOSTILE);
    const outcome = await turn.ended();
    const trace = "trace" in outcome ? outcome.trace : [];
    const verdicts = trace.flatMap((step) =>
      step.step === "matched" ? [`${step.handler}: ${step.verdict}`] : [],
    );
    // The default reply follows, except in the group room of Spika.
    expect(verdicts.slice(0, 2)).toEqual([
      "hears /^(a+)+$/: its expression ran out of time",
      'hears "other": the text does not have it',
    ]);
  });
});
