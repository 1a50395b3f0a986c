import { join } from "node:path";
import { createPlayground, type ExpectedCard, type Person, type TestPlayground } from "bellhop/testing";
import { defineBot } from "../../src/index";
import "bellhop/testing/jest";

const bot = defineBot((bot) => {
  bot.hears("hello", (ctx) => ctx.reply("Hello, **you**!"));
  bot.hears("form", (ctx) => ctx.reply(ctx.card("form")));
  bot.hears("silence", () => {});
});

let playground: TestPlayground;
let ada: Person;
beforeAll(async () => {
  playground = await createPlayground();
  await playground.serve({ bots: { test: bot }, cards: join(__dirname, "cards") });
  ada = playground.person();
});
afterAll(() => playground.close());

describe("toHaveReplied", () => {
  it.each([undefined, "Hello, you!", /^hello/i, /YOU!$/gi])("is content with %s", async (text) => {
    await expect(ada.say("hello")).toHaveReplied(text);
    await expect(await ada.say("hello")).toHaveReplied(text);
  });

  it.each(["Hello", /bye/])("is not content with %s, and shows what was written", async (text) => {
    await expect(ada.say("hello")).not.toHaveReplied(text);
    const failure = expect(ada.say("hello")).toHaveReplied(text);
    await expect(failure).rejects.toThrow(/Expected a reply with .*\nThe bot wrote:\n {2}1\. "Hello, you!"/);
  });

  it("says why nothing was written", async () => {
    await expect(expect(ada.say("silence")).toHaveReplied()).rejects.toThrow(
      "Expected a reply with anything.\nThe bot wrote nothing: a handler has run, and wrote nothing",
    );
  });

  it("shows what was written although nothing should have been", async () => {
    await expect(expect(ada.say("hello")).not.toHaveReplied()).rejects.toThrow(
      /Expected no such thing as a reply with anything\.\nThe bot wrote:\n {2}1\. "Hello, you!"/,
    );
  });
});

describe("toHaveBeenAnsweredBy", () => {
  it.each([
    ["hello", 'hears "hello"'],
    ["hello", /^hears/],
    ["silence", 'hears "silence"'],
    ["what", "default reply"],
  ])("passes if %s was answered by %s", async (text, handler) => {
    await expect(ada.say(text)).toHaveBeenAnsweredBy(handler);
  });

  it("fails with the name of the handler that has answered", async () => {
    await expect(ada.say("hello")).not.toHaveBeenAnsweredBy("default reply");
    await expect(expect(ada.say("hello")).toHaveBeenAnsweredBy("usage")).rejects.toThrow(
      /Expected an answer by "usage"\nIt was answered by hears "hello"\./,
    );
  });
});

describe("toHaveSentCard", () => {
  it.each<[string, ExpectedCard | undefined]>([
    ["any", undefined],
    ["a text on it", "Ready?"],
    ["a part of a text", /^ready/i],
    ["several texts", ["Ready?", /G/]],
    ["a part of its content", { body: [{ text: "Ready?" }], version: "1.3" }],
    ["what jest compares with", { body: expect.any(Array) }],
  ])("is content with %s", async (_what, card) => {
    await expect(ada.say("form")).toHaveSentCard(card);
  });

  it.each<[string, ExpectedCard | undefined]>([
    ["a text that is not on it", "Steady?"],
    ["a text too many", ["Ready?", "Steady?"]],
    ["another content", { body: [{ text: "Steady?" }] }],
    ["an element too many", { body: [{ text: "Ready?" }, {}] }],
  ])("is not content with %s, and shows what is on it", async (_what, card) => {
    await expect(ada.say("form")).not.toHaveSentCard(card);
    await expect(expect(ada.say("form")).toHaveSentCard(card)).rejects.toThrow(
      /Expected a card with .*\nThe bot wrote:\n {2}1\. a card with \["Ready\?", "Go"\]/s,
    );
  });

  it("shows the text that was written in the place of a card", async () => {
    await expect(expect(ada.say("hello")).toHaveSentCard()).rejects.toThrow(
      'Expected a card.\nThe bot wrote:\n  1. no card, but "Hello, you!"',
    );
  });
});

it.each(["hello", undefined, { text: "hello" }])("%j is refused: nobody has done it", async (given) => {
  await expect(expect(given).toHaveReplied()).rejects.toThrow(
    'expect(…).toHaveReplied() takes what somebody did, as `person.say("hello")` gives it',
  );
});
