import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPlayground, type Person, type TestPlayground } from "bellhop/testing";
import { defineBot } from "../../src/index";
import { freePort, startProgram, untilReady } from "../program";
import "bellhop/testing/jest";

const CARDS = join(__dirname, "cards");
const HOUR_MS = 3_600_000;

const bot = defineBot((bot) => {
  bot.hears("hello", (ctx) => ctx.reply("Hi."));
  bot.hears("twice", async (ctx) => {
    await ctx.reply("One.");
    await ctx.reply("Two.");
  });
  bot.hears("silence", () => {});
  bot.hears("copy", async (ctx) => {
    const [file] = ctx.message.files;
    if (file === undefined) return;
    await ctx.reply({ text: "Here.", files: [{ data: await file.buffer(), name: "copy.txt" }] });
  });
  bot.hears("form", (ctx) => ctx.reply(ctx.card("form", {}, { expiresAfterMs: HOUR_MS })));
  bot.action("go", (ctx) => ctx.reply("Gone."));
  bot.on("messages.updated", (ctx) => ctx.reply("Something else?"));
  bot.on("messages.deleted", (ctx) => ctx.reply("A pity."));
  bot.hears("private", (ctx) => ctx.replyPrivately("Between us."));
  bot.hears("correct", async (ctx) => {
    const sent = await ctx.reply("Wrogn.");
    await ctx.edit(sent, "Right.");
  });
  bot.hears("hopeless", () => {
    throw new Error("this never works");
  });
});

let playground: TestPlayground;
let ada: Person;

describe("people of a playground", () => {
  beforeAll(async () => {
    playground = await createPlayground();
    await playground.serve({ bots: { test: bot }, cards: CARDS });
  });
  afterAll(() => playground.close());
  beforeEach(() => {
    ada = playground.person("Ada Lovelace");
  });

  it("say something, and read what is answered", async () => {
    const said = await ada.say("hello");
    expect(await said.reply()).toMatchObject({ text: "Hi.", roomId: said.roomId, buttons: [], files: [] });
    expect(ada.messages().map(({ by, text }) => `${by}: ${text}`)).toEqual([
      "Ada Lovelace: hello",
      "Bellhop: Hi.",
    ]);
  });

  it("get every answer, and none that was meant for somebody else", async () => {
    const grace = playground.person("Grace Hopper");
    const turns = await Promise.all([
      ada.say("twice"),
      grace.say("hello"),
      ada.say("hello"),
      grace.say("silence"),
    ]);
    const texts = await Promise.all(
      turns.map(async (turn) => (await turn.replies()).map(({ text }) => text)),
    );
    expect(texts).toEqual([["One.", "Two."], ["Hi."], ["Hi."], []]);
  });

  it("are new to everybody, also when they have the same name", async () => {
    await (await ada.say("hello")).ended();
    const namesake = playground.person("Ada Lovelace");
    expect(namesake.messages()).toEqual([]);
    expect(namesake.email).not.toBe(ada.email);
  });

  it("send files, and get files", async () => {
    const sent = await ada.upload(
      { name: "note.txt", content: "remember", type: "text/plain" },
      { text: "copy" },
    );
    const { files } = await sent.reply();
    expect(files).toEqual([{ name: "copy.txt", type: expect.any(String), bytes: Buffer.from("remember") }]);
  });

  it("edit and take back what they said", async () => {
    const said = await ada.say("hello");
    await expect(ada.edit(said, "hello?")).toHaveReplied("Something else?");
    await expect(ada.remove(said)).toHaveReplied("A pity.");
  });

  it("answer in a thread", async () => {
    const said = await ada.say("hello");
    const first = await said.reply();
    expect(first.threadId).toBe(said.id);
    expect(await (await ada.say("hello", { thread: first })).reply()).toMatchObject({ threadId: said.id });
  });

  it("see what is put in the place of an answer", async () => {
    const replies = await (await ada.say("correct")).replies();
    expect(replies.map(({ text, isEdit }) => [text, isEdit])).toEqual([
      ["Wrogn.", false],
      ["Right.", true],
    ]);
  });

  it("mention the bot in a room, unless they talk among themselves", async () => {
    const room = await ada.open("Plans", [playground.bot]);
    const said = await ada.say("private", { in: room });
    expect(await said.reply()).toMatchObject({
      text: "Between us.",
      roomId: (await ada.say("silence")).roomId,
    });
    expect(await (await ada.say("hello", { in: room, mention: false })).ended()).toEqual({
      kind: "unheard",
      reason: "in a group room a bot is told only of messages that mention it",
    });
  });

  it("click only what is there", async () => {
    const asked = await ada.say("form");
    await expect(ada.click(asked, "Go")).toHaveReplied("Gone.");
    await expect(ada.click(asked, "Stop")).rejects.toThrow('the card has no button "Stop"; it has "Go"');
    await expect(ada.click(await ada.say("hello"), "Go")).rejects.toThrow("has answered without a card");
  });

  it("learn which handlers did not match, and that a handler wrote nothing", async () => {
    const turn = await ada.say("what?");
    await expect(turn).toHaveBeenAnsweredBy("default reply");
    await expect(expect(turn).toHaveReplied("Hello!")).rejects.toThrow(
      /No handler matched:\n.*test: hears "hello": the text does not have it/,
    );
    await expect((await ada.say("silence")).reply()).rejects.toThrow("a handler has run, and wrote nothing");
  });

  it("are told that a handler failed, and a test that expects another answer is told where and why", async () => {
    const turn = await ada.say("hopeless");
    expect((await turn.reply()).text).toMatch(/^Something went wrong .* Reference: \d{12}\.$/);
    const ended = await turn.ended();
    expect(ended).toMatchObject({ kind: "dead", attempts: 3, failure: { name: "Error" } });
    await expect(expect(turn).toHaveReplied("Done.")).rejects.toThrow(
      /failed with Error: .*this never works, at .*playground\.test\.ts:\d+\nError: /,
    );
  });
});

describe("the clock", () => {
  it("lets buttons expire", async () => {
    playground = await createPlayground();
    await playground.serve({ bots: { test: bot }, cards: CARDS });
    ada = playground.person();
    const asked = await ada.say("form");
    await asked.ended();
    playground.clock.advance({ minutes: 59 });
    await expect(ada.click(asked, "Go")).toHaveReplied("Gone.");
    playground.clock.advance({ minutes: 2 });
    await expect(ada.click(asked, "Go")).not.toHaveReplied("Gone.");
    await playground.close();
  });

  it("brings the next attempt, when waits are not skipped", async () => {
    playground = await createPlayground({ skipsWaits: false });
    let attempts = 0;
    const failing = defineBot((bot) => {
      bot.hears("try", async (ctx) => {
        attempts = ctx.attempt;
        if (ctx.attempt < 3) throw new Error("not yet");
        await ctx.reply("There.");
      });
    });
    await playground.serve({ bots: { failing }, cards: CARDS });
    const tried = await playground.person().say("try");
    const timer = setInterval(() => playground.clock.advance({ seconds: 10 }), 20);
    await expect(tried).toHaveReplied("There.");
    clearInterval(timer);
    expect(attempts).toBe(3);
    await playground.close();
  });

  it("goes forward only", async () => {
    playground = await createPlayground();
    expect(() => playground.clock.moveTo(new Date(0))).toThrow(RangeError);
    playground.clock.moveTo(new Date("2100-01-01"));
    expect(new Date(playground.clock.now()).getUTCFullYear()).toBe(2100);
    await playground.close();
  });
});

it("a program that is stopped and started answers what was said meanwhile, once", async () => {
  playground = await createPlayground();
  const program = await playground.serve({ bots: { test: bot }, cards: CARDS });
  ada = playground.person();
  await expect(ada.say("hello")).toHaveReplied("Hi.");
  await program.stop();
  const missed = await ada.say("hello");
  await program.start();
  await expect(missed).toHaveReplied("Hi.");
  expect(ada.messages().filter(({ by }) => by === "Bellhop")).toHaveLength(2);
  await playground.close();
});

it("faults happen to the bots, which answer all the same", async () => {
  playground = await createPlayground();
  await playground.serve({ bots: { test: bot }, cards: CARDS });
  const fault = playground.faults.add({
    on: "call",
    do: { kind: "status", status: 503 },
    match: { method: "POST", path: "/messages" },
    times: 1,
  });
  await expect(playground.person().say("hello")).toHaveReplied("Hi.");
  expect(fault.happened).toBe(1);
  await playground.close();
});

it("bots in another process are heard as well", async () => {
  playground = await createPlayground();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = await mkdtemp(join(tmpdir(), "bellhop-elsewhere-"));
  const program = startProgram({
    ...playground.connect(url),
    ...{ PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: "warn" },
  });
  try {
    await untilReady(program, url);
    ada = playground.person();
    await expect(ada.say("hello")).toHaveReplied(/^Hello/);
    await expect(ada.say("nothing that a bot knows")).toHaveReplied(/does not understand/);
    const aside = await playground.spika.person("Ada Lovelace").say("among people of a group room");
    await expect(aside.reply()).rejects.toThrow("in another process, and were quiet");
  } finally {
    program.child.kill();
    await program.ended;
    await playground.close();
    await rm(dataDir, { recursive: true });
  }
});
