import { join, resolve } from "node:path";
import {
  createPlayground,
  type IntercomPerson,
  type SpikaPerson,
  type TestPlayground,
} from "bellhop/testing";
import { card, defineBot, inputText, submit, textBlock } from "../../src/index";
import "bellhop/testing/jest";

const ROOT = resolve(__dirname, "../..");

let playground: TestPlayground;
afterEach(() => playground.close());

/** Says something in Spika's kitchen, and reads the next thing that the bot writes there. */
async function inSpika(who: string, text: string, replyId?: number): Promise<{ id: number; text: string }> {
  const { spika } = playground.playground;
  spika.says(who, text, replyId === undefined ? {} : { replyId });
  const { id, body } = await spika.nextMessageFromBot();
  return { id, text: String(body.text) };
}

describe("a card in Spika", () => {
  beforeEach(async () => {
    playground = await createPlayground();
    await playground.serve({ bots: join(ROOT, "bots"), cards: join(ROOT, "cards"), platforms: ["spika"] });
  });

  it("is text with numbered choices; what is chosen is asked for, and done once", async () => {
    const card = await inSpika("Ada", "expense 12.5 chf");
    expect(card.text).toContain("12.50 CHF");
    expect(card.text).toMatch(/\n1\. Approve\n2\. Reject\n\nAnswer with a number, 1 to 2\.$/);

    expect((await inSpika("Grace", "1")).text).toBe("Comment?\n(- to leave it empty)");
    const decided = await inSpika("Grace", "so be it");
    expect(decided.text).toContain("Approved");
    expect(decided.text).toContain("Grace Hopper");
    expect(decided.text).toContain("so be it");

    // Before anything is asked of somebody who comes too late.
    expect((await inSpika("Alan", "Reject", card.id)).text).toMatch(/^Grace Hopper did this already/);
  });

  it("can be left, gone back in, and quoted when it is not the last one", async () => {
    const first = await inSpika("Ada", "expense 1 eur");
    await inSpika("Ada", "expense 2 eur");
    await inSpika("Grace", "approve", first.id);
    expect((await inSpika("Grace", "cancel")).text).toBe("Left: Approve was not sent.");
    await inSpika("Grace", "2");
    expect((await inSpika("Grace", "no")).text).toContain("2.00 EUR");
    await inSpika("Grace", "1", first.id);
    expect((await inSpika("Grace", "-")).text).toContain("1.00 EUR");
  });

  it("leaves everything else to the handlers", async () => {
    await inSpika("Ada", "expense 1 eur");
    expect((await inSpika("Ada", "hello")).text).toMatch(/^Hello!/);
    // Whoever is not asked anything is not taken for somebody who is.
    await inSpika("Grace", "1");
    expect((await inSpika("Ada", "hello")).text).toMatch(/^Hello!/);
  });
});

describe("a card in Intercom", () => {
  beforeEach(async () => {
    playground = await createPlayground();
    await playground.serve({ bots: join(ROOT, "bots"), cards: join(ROOT, "cards"), platforms: ["intercom"] });
  });

  it("has quick replies below the text, and is answered by pressing one", async () => {
    const { intercom } = playground.playground;
    const { conversationId } = intercom.says("Ada", "card");
    const text = await intercom.nextReply();
    expect(text.body).toContain("Hello, Ada Lovelace");
    expect(text.body).toContain("1. Send");
    expect(await intercom.nextReply()).toMatchObject({ type: "quick_reply" });
    intercom.says("Ada", "Send", conversationId);
    expect((await intercom.nextReply()).body).toContain("Your name?");
    intercom.says("Ada", "Countess", conversationId);
    expect((await intercom.nextReply()).body).toContain("Nice to meet you, Countess!");
  });

  it("is meant where its quick reply is pressed, not where the last one is", async () => {
    const ada = playground.intercom.person("Ada Lovelace");
    const first = await ada.say("expense 1 eur");
    await (await ada.say("expense 2 eur")).ended();
    await expect(ada.press(first, "Approve")).toHaveReplied(/^Comment/);
    const [decided] = await (await ada.say("-")).replies();
    expect(decided?.text).toContain("1.00 EUR");
  });
});

it("a quick reply of a card that is forgotten is no choice in another one", async () => {
  playground = await createPlayground();
  await playground.serve({ bots: join(ROOT, "bots"), cards: join(ROOT, "cards"), platforms: ["intercom"] });
  const ada = playground.intercom.person("Ada Lovelace");
  const first = await ada.say("expense 1 eur");
  await first.ended();
  playground.clock.advance({ days: 40 });
  await (await ada.say("expense 2 eur")).ended();
  const pressed = await ada.press(first, "Approve");
  await expect(pressed).toHaveBeenAnsweredBy("default reply");
  await expect(pressed).toHaveReplied("This button no longer works. Ask the bot for a new card.");
});

const form = defineBot((bot) => {
  bot.command("form", (ctx) => ctx.reply(ctx.card("inputs", {}, { expiresAfterMs: 3_600_000 })));
  bot.command("mine", (ctx) => ctx.reply(ctx.card("inputs", {}, { audience: "asker" })));
  bot.action("send", { inputs: { count: "integer", day: "date" } }, async (ctx) => {
    if (ctx.attempt === 1 && ctx.inputs.count === 13) throw new Error("at the first attempt it fails");
    await ctx.reply(JSON.stringify({ ...ctx.inputs, rest: ctx.event.inputs }));
  });
});

describe("what a card asks for", () => {
  beforeEach(async () => {
    playground = await createPlayground();
    await playground.serve({
      bots: { form },
      cards: join(__dirname, "choices"),
      platforms: ["spika"],
    });
  });

  async function fill(...answers: readonly string[]): Promise<string[]> {
    const said: string[] = [];
    for (const answer of answers) said.push((await inSpika("Ada", answer)).text);
    return said;
  }

  it("is asked one thing after the other, and read as a client would have sent it", async () => {
    const said = await fill("form", "1", "12", "2026-02-28", "2", "1, 3", "yes", "09:30");
    expect(said).toEqual([
      "Fill in\n\n1. Send\n\nAnswer 1 to choose it.",
      "How many?\n(a number, 1 to 99)",
      "Which day?\n(a date such as 2026-01-31)",
      "Size?\n1. Small\n2. Large\n(a number, or the name; - for Small)",
      "Extras?\n1. Milk\n2. Sugar\n3. Ice\n(one or several numbers, separated by commas; - to leave it empty)",
      "Urgent?\n(yes or no; - for no)",
      "When?\n(a time such as 14:30; - to leave it empty)",
      expect.any(String),
    ]);
    expect(JSON.parse(said.at(-1) ?? "")).toMatchObject({
      count: 12,
      day: "2026-02-28T00:00:00.000Z",
      rest: { size: "L", extras: "m,i", urgent: "yes!", when: "09:30", source: "desk", action: "send" },
    });
  });

  it("is asked again when it does not fit", async () => {
    const [, , ...said] = await fill("form", "1", "many", "200", "-", "12", "2026-02-30", "back", "13");
    expect(said).toEqual([
      expect.stringMatching(
        /^How many is not a number such as 12\.50; expected 1 to 99\. Say cancel to leave it\.\n\nHow many\?/,
      ),
      expect.stringMatching(/^How many is more than 99; expected 1 to 99\. /),
      expect.stringMatching(/^How many is empty; expected 1 to 99\. /),
      expect.stringMatching(/^Which day\?/),
      expect.stringMatching(/^Which day is not a date such as 2026-01-31\. /),
      expect.stringMatching(/^How many\?/),
      expect.stringMatching(/^Which day\?/),
    ]);
  });

  it("is asked again when the handler's own types do not fit", async () => {
    const said = await fill("form", "1", "1.5", "2026-02-28", "-", "-", "-", "-");
    expect(said.at(-1)).toMatch(/How many is not a whole number[\s\S]*How many\?\n\(a number, 1 to 99\)$/);
    expect(JSON.parse((await fill("2")).at(-1) ?? "")).toMatchObject({ count: 2, rest: { when: "" } });
  });

  it("is not asked again when the handler fails and is tried again", async () => {
    const said = await fill("form", "1", "13", "2026-02-28", "-", "-", "-", "-");
    expect(JSON.parse(said.at(-1) ?? "")).toMatchObject({ count: 13 });
  });

  it("is not asked for, and refused like a click, when the card has expired", async () => {
    await fill("form");
    playground.clock.advance({ minutes: 61 });
    expect(await fill("1")).toEqual(["That card has expired. Please ask for a new one."]);
  });

  it("is refused like a click when the card expires while it is filled in", async () => {
    await fill("form");
    playground.clock.advance({ minutes: 59 });
    await fill("1", "12", "2026-02-28", "-", "-", "-");
    playground.clock.advance({ minutes: 2 });
    expect(await fill("-")).toEqual(["That card has expired. Please ask for a new one."]);
  });

  it("is not asked of somebody whom the card is not for", async () => {
    await fill("mine");
    expect((await inSpika("Grace", "1")).text).toBe("That card is meant for somebody else.");
    expect((await fill("1"))[0]).toMatch(/^How many/);
  });

  it("is forgotten when nobody goes on for an hour", async () => {
    await fill("form", "1");
    playground.clock.advance({ minutes: 61 });
    expect((await fill("form"))[0]).toMatch(/^Fill in/);
  });
});

describe("a card whose regex runs out of time on an answer", () => {
  const HOSTILE = `${"a".repeat(60)}!`;
  const word = defineBot((bot) => {
    const regex = "^(a+)+$";
    bot.command("word", (ctx) =>
      ctx.reply(
        card({
          name: "word",
          body: [textBlock("A word"), inputText("word", { label: "Word", regex })],
          actions: [submit("Send", "sent")],
        }),
      ),
    );
    bot.action("sent", (ctx) => ctx.reply(`Got ${ctx.inputs.word}`));
  });
  const PEOPLE: readonly [string, () => SpikaPerson | IntercomPerson][] = [
    ["Spika", () => playground.spika.person("Ada Lovelace")],
    ["Intercom", () => playground.intercom.person("Ada Lovelace")],
  ];

  it.each(PEOPLE)("refuses it in %s, and takes the next one", async (_name, open) => {
    playground = await createPlayground();
    await playground.serve({ bots: { word } });
    const person = open();
    const say = async (text: string) => (await (await person.say(text)).reply()).text;
    await say("word");
    await say("1");
    expect(await say(HOSTILE)).toMatch(
      /^Word could not be checked\. Send a shorter answer\. Say cancel to leave it\./,
    );
    expect(await say("aaa")).toBe("Got aaa");
  });
});

describe("somebody in the middle of a card", () => {
  it("goes on after the program was stopped", async () => {
    playground = await createPlayground();
    const program = await playground.serve({
      bots: { form },
      cards: join(__dirname, "choices"),
      platforms: ["spika"],
    });
    await inSpika("Ada", "form");
    await inSpika("Ada", "1");
    await program.stop();
    await program.start();
    expect((await inSpika("Ada", "12")).text).toMatch(/^Which day\?/);
  });

  it("is refused by the policy as with everything else", async () => {
    const closed = defineBot((bot) => {
      bot.allow({ personIds: ["1"] });
      bot.command("ask", (ctx) => ctx.reply(ctx.card("question", { title: "Shall we?" })));
      bot.action("answer", (ctx) => ctx.reply("So be it."));
    });
    playground = await createPlayground();
    await playground.serve({ bots: { closed }, cards: join(__dirname, "cards"), platforms: ["spika"] });
    await inSpika("Ada", "ask");
    const { spika } = playground.playground;
    expect(spika.people[0]).toMatchObject({ id: 1, displayName: "Ada Lovelace" });
    spika.says("Grace", "1");
    // One room's messages are handled in order: had Grace been answered, it would come first.
    expect((await inSpika("Ada", "ask")).text).toContain("Shall we?");
  });
});
