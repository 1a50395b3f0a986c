import { createWebexClient, defineBot, md, mention, mentionAll, webexOf } from "../../src/index";
import { type Desk, openDesk } from "./playground-fixture";

const bot = defineBot((bot) => {
  bot.hears("ping", (ctx) => ctx.reply("pong"));
  bot.command("quote <text...>", (ctx) => ctx.reply(md`You said: ${ctx.args.text}`));
  bot.command("essay", (ctx) => ctx.reply("A line of some length, with an umlaut: ü.\n".repeat(400)));
  bot.command("ask", (ctx) => ctx.reply(ctx.card("question", { title: "What is it?" })));
  bot.action("answer", (ctx) => ctx.reply(md`It is ${ctx.inputs.answer}`));
  bot.command("swap", (ctx) => ctx.reply(ctx.card("question", { title: "Replace me" })));
  bot.command("whisper", (ctx) => ctx.replyPrivately("Between us."));
  bot.command("call <who:email>", (ctx) =>
    ctx.direct({ email: ctx.args.who }, md`${mention(ctx.person)} calls.`),
  );
  bot.command("all", (ctx) => ctx.reply(md`${mentionAll()} look`));
  bot.command("room", async (ctx) =>
    ctx.reply(`It is ${(await webexOf(ctx)?.rooms.get(ctx.room.id))?.type}.`),
  );
  bot.on("messages.updated", (ctx) => ctx.reply(md`You changed it to: ${ctx.event.message.text}`));
  bot.on("memberships.created", { self: true }, (ctx) => ctx.reply("Hello, all."));
});

describe.each(["webhooks", "websocket"] as const)("a bot that is told by %s", (transport) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk({ bot }, { transport });
  });
  afterAll(() => desk.close());

  it("answers in the thread that the question starts", async () => {
    const question = await desk.playground.says("Ada", "ping");
    const answer = await desk.playground.nextMessageFrom("bot");
    expect(answer).toMatchObject({ text: "pong", parentId: question.id, roomId: question.roomId });
  });

  it("answers at the root of the thread when it is asked within one", async () => {
    const root = await desk.playground.says("Ada", "what a day");
    expect(await desk.playground.nextMessageFrom("bot")).toMatchObject({
      text: "The bot does not understand this message.",
      parentId: root.id,
    });
    await desk.playground.says("Ada", "ping", { parentId: root.id });
    expect(await desk.playground.nextMessageFrom("bot")).toMatchObject({ text: "pong", parentId: root.id });
  });

  it("hears its commands behind a mention in a group room, and nothing without one", async () => {
    const { lobbyId } = desk.playground.webex;
    await desk.playground.says("Grace", "ping", { roomId: lobbyId });
    await desk.playground.says("Grace", "quote a <@all> of *stars*", { roomId: lobbyId, mention: true });
    const answer = await desk.playground.nextMessageFrom("bot", { roomId: lobbyId });
    expect(answer.text).toBe("You said: a <@all> of *stars*");
    expect(answer.mentionedGroups).toBeUndefined();
  });

  it("splits what is too long at line ends and keeps every line, in order, in the thread", async () => {
    const question = await desk.playground.says("Ada", "essay");
    const parts = [];
    for (let lines = 0; lines < 400; ) {
      const part = await desk.playground.nextMessageFrom("bot");
      expect(part.parentId).toBe(question.id);
      expect(Buffer.byteLength(part.markdown ?? "")).toBeLessThanOrEqual(7439);
      lines += part.markdown?.trim().split("\n").length ?? 0;
      parts.push(part);
    }
    expect(parts.length).toBeGreaterThan(1);
  });

  it("sends a card, hears the click and answers with what was entered", async () => {
    await desk.playground.says("Ada", "ask");
    const card = await desk.playground.nextMessageFrom("bot");
    expect(card.attachments?.[0]?.content).toMatchObject({ body: [{ text: "What is it?" }, {}] });
    await desk.playground.presses("Ada", card.id, "Send", { answer: "a <b>bell</b>" });
    const answer = await desk.playground.nextMessageFrom("bot");
    expect(answer.text).toBe("It is a <b>bell</b>");
    expect(answer.parentId).toBe(card.parentId);
  });

  it("writes to somebody by address, and mentions who asked for it", async () => {
    await desk.playground.says("Ada", "call grace@example.com");
    const call = await desk.playground.nextMessageFrom("bot");
    expect(call).toMatchObject({
      roomType: "direct",
      markdown: expect.stringMatching(/^<@personId:.* calls\.$/),
    });
  });

  it("mentions everybody on purpose", async () => {
    const { lobbyId } = desk.playground.webex;
    await desk.playground.says("Grace", "all", { roomId: lobbyId, mention: true });
    expect(await desk.playground.nextMessageFrom("bot")).toMatchObject({ mentionedGroups: ["all"] });
  });

  it("reaches all of Webex from a handler", async () => {
    const { lobbyId } = desk.playground.webex;
    await desk.playground.says("Grace", "room", { roomId: lobbyId, mention: true });
    expect((await desk.playground.nextMessageFrom("bot")).text).toBe("It is group.");
  });

  it("hears of an edit once, and does not take it for a command", async () => {
    const { id, roomId } = await desk.playground.says("Ada", "quote a draft");
    // Edited before the bot has read it, it would simply be what was written.
    expect((await desk.playground.nextMessageFrom("bot")).text).toBe("You said: a draft");
    const { apiBaseUrl, webex } = desk.playground;
    const ada = createWebexClient({ token: webex.people[0]?.token ?? "", baseUrl: apiBaseUrl });
    try {
      await ada.messages.edit(id, { roomId, text: "ping" });
    } finally {
      await ada.close();
    }
    expect((await desk.playground.nextMessageFrom("bot")).text).toBe("You changed it to: ping");
    await desk.playground.says("Ada", "quote the end");
    expect((await desk.playground.nextMessageFrom("bot")).text).toBe("You said: the end");
  });

  it("writes to one person alone", async () => {
    const { lobbyId } = desk.playground.webex;
    await desk.playground.says("Alan", "whisper", { roomId: lobbyId, mention: true });
    const answer = await desk.playground.nextMessageFrom("bot");
    expect(answer).toMatchObject({ text: "Between us.", roomType: "direct" });
  });
});
