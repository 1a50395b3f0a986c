import { Readable } from "node:stream";
import { createButtonKeys } from "../../../src/core/cards/button-keys";
import { ButtonSigner } from "../../../src/core/cards/button-signer";
import type { ActionContext, Context } from "../../../src/core/contract/context";
import { ApiError, CardError, ContextClosedError, UnsupportedError } from "../../../src/core/contract/errors";
import type { BotEvent } from "../../../src/core/contract/event";
import { silentLogger } from "../../../src/core/contract/logger";
import type { Capabilities, Card } from "../../../src/core/contract/platform";
import { HandlerContext } from "../../../src/core/reply/handler-context";
import { Journal } from "../../../src/core/reply/journal";
import { Outbox } from "../../../src/core/reply/outbox";
import { PostedMessages } from "../../../src/core/reply/posted-messages";
import { PendingWrites } from "../../../src/core/state/pending-writes";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform } from "../in-memory-platform";
import { leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

let chat: InMemoryPlatform;
let isOpen: boolean;
beforeEach(() => {
  chat = new InMemoryPlatform();
  isOpen = true;
});

/** The context of a message by Ada, unless another event is given. */
async function contextOf(notice = chat.says("ping")): Promise<HandlerContext> {
  return contextFor(await chat.fetch(notice, new AbortController().signal));
}

function contextFor(event: BotEvent): HandlerContext {
  const { signal } = new AbortController();
  const journal = new Journal(leaseInMemory(event.notice), "at-least-once");
  const seal = new ButtonSigner(
    createButtonKeys(chat, new RecordsInMemory(), silentLogger),
    { key: event.notice.key, person: event.person, receivedAt: 0 },
    new PendingWrites(),
  );
  return new HandlerContext(event, "test", {
    platform: chat,
    cards: {
      names: ["approval"],
      fromJson: cardOfJson,
      render(name, data): Card {
        if (name !== "approval") throw new CardError("card-unknown", `there is no card "${name}"`);
        return { kind: "card", name, content: data, fallbackText: "An approval" };
      },
    },
    files: {},
    attempt: 2,
    isLastAttempt: true,
    desk: createButtonKeys(chat, new RecordsInMemory(), silentLogger),
    asking: undefined,
    steps: new Set<string>(),
    signal,
    log: silentLogger,
    journal,
    outbox: new Outbox({
      platform: chat,
      posted: new PostedMessages(chat),
      journal,
      seal,
      trace: [],
      signal,
      isOpen: () => isOpen,
    }),
    trace: [],
    isOpen: () => isOpen,
  });
}

function onPlatform(can: Partial<Capabilities>): void {
  chat = new InMemoryPlatform({ can });
}

describe("a context", () => {
  it("knows where it is", async () => {
    const ctx = await contextOf();
    expect(ctx).toMatchObject({
      platform: "memory",
      account: "default",
      bot: "test",
      person: { id: "ada" },
      room: { id: "room-1" },
      message: { text: "ping" },
      inputs: undefined,
      attempt: 2,
      isLastAttempt: true,
    });
    expect(await contextOf(chat.clicks({ action: "approve" }))).toMatchObject({
      message: undefined,
      inputs: { action: "approve" },
    });
  });

  it("fills cards with data as JSON has it", async () => {
    const ctx = await contextOf();
    const card = ctx.card("approval", { at: new Date(0), missing: undefined, by: "Ada" });
    expect(card.content).toEqual({ at: "1970-01-01T00:00:00.000Z", by: "Ada" });
    expect(() => ctx.card("nothing")).toThrow(CardError);
  });

  it("looks up who did it, or somebody else", async () => {
    chat.people.set("ada", { id: "ada", displayName: "Ada" });
    chat.people.set("bob", { id: "bob", displayName: "Bob" });
    const ctx = await contextOf();
    await expect(ctx.getPerson()).resolves.toMatchObject({ displayName: "Ada" });
    await expect(ctx.getPerson("bob")).resolves.toMatchObject({ displayName: "Bob" });
    const nobody = contextFor({ kind: "other", notice: chat.happens({ name: "x.y" }), resource: {} });
    await expect(nobody.getPerson()).rejects.toThrow(UnsupportedError);
  });

  it.each([400, 403, 404, 410, 501])(
    "getPerson gives what the event says when the platform answers %d",
    async (status) => {
      const refused = new ApiError({ call: "memory GET /people", status, reason: "no" });
      chat.failures.person = [refused, refused];
      const ctx = await contextOf();
      await expect(ctx.getPerson()).resolves.toEqual({ id: "ada", email: "ada@example.com" });
      await expect(ctx.getPerson("bob")).rejects.toThrow(ApiError);
    },
  );

  it.each([400, 403, 405, 501])(
    "a click is answered in no thread when the look-up of its card is answered %d",
    async (status) => {
      chat.failures.positionOf = [new ApiError({ call: "memory GET /messages", status, reason: "no" })];
      await (await contextOf(chat.clicks({ action: "approve" }))).reply("done");
      expect(chat.posts.map(({ to }) => to)).toEqual([{ roomId: "room-1" }]);
    },
  );

  it("getPerson fails with the event when the platform is busy", async () => {
    chat.failures.person = [new ApiError({ call: "memory GET /people", status: 503, reason: "busy" })];
    await expect((await contextOf()).getPerson()).rejects.toThrow(ApiError);
  });
});

describe("reply", () => {
  it("answers in the thread it was asked in, or in none", async () => {
    const ctx = await contextOf();
    await ctx.reply("in it");
    await ctx.reply("beside it", { thread: false });
    expect(chat.posts.map(({ to }) => to)).toEqual([
      { roomId: "room-1", threadId: "message-1" },
      { roomId: "room-1" },
    ]);
  });

  it.each([
    ["in a thread", { kind: "thread", rootId: "root-1" }, { roomId: "room-1", threadId: "root-1" }],
    ["in none", { kind: "top" }, { roomId: "room-1", threadId: "message-1" }],
    ["that is gone", { kind: "gone" }, { roomId: "room-1" }],
  ] as const)("answers a click on a card %s", async (_where, place, to) => {
    chat.places.set("message-1", place);
    const ctx = await contextOf(chat.clicks({ action: "approve" }));
    await ctx.reply("done");
    expect(chat.posts).toMatchObject([{ to }]);
  });

  it("asks for no thread where the platform has none", async () => {
    onPlatform({ threads: false });
    const ctx = await contextOf(chat.clicks({ action: "approve" }));
    await ctx.reply("done");
    expect(chat.posts).toMatchObject([{ to: { roomId: "room-1" } }]);
    expect(chat.calls).not.toContain("positionOf");
  });

  it("takes Markdown, a card, or parts of a message", async () => {
    const ctx = await contextOf();
    const card = ctx.card("approval", { by: "Ada" });
    await ctx.reply("**bold**");
    await ctx.reply(card);
    await ctx.reply({ text: "look", card });
    expect(chat.posts).toMatchObject([{ markdown: "**bold**" }, { card }, { text: "look", card }]);
  });

  it("splits what is too long, with the card on the last part, all in one place", async () => {
    const ctx = await contextOf();
    const card = ctx.card("approval");
    const line = "a line of thirty characters...\n";
    const sent = await ctx.reply({ markdown: line.repeat(15).trim(), card });
    expect(chat.posts.length).toBeGreaterThan(2);
    expect(chat.posts.map((post) => post.card?.name)).toEqual([
      ...Array(chat.posts.length - 1).fill(undefined),
      "approval",
    ]);
    expect(chat.posts.map((post) => post.markdown).join("\n")).toBe(line.repeat(15).trim());
    expect(new Set(chat.posts.map(({ to }) => JSON.stringify(to))).size).toBe(1);
    expect(sent.id).toBe(chat.posts[0]?.id);
  });

  it("splits plain text as plain text", async () => {
    await (await contextOf()).reply({ text: "word ".repeat(60) });
    expect(chat.posts.map((post) => Object.keys(post))).toEqual([
      ["id", "to", "text"],
      ["id", "to", "text"],
    ]);
  });

  it("posts no further part once the handler's time is up", async () => {
    const ctx = await contextOf();
    const send = chat.send.bind(chat);
    chat.send = (...given) => {
      isOpen = false;
      return send(...given);
    };
    await expect(ctx.reply("word ".repeat(60))).rejects.toThrow(ContextClosedError);
    expect(chat.posts).toHaveLength(1);
  });

  it("is refused for an event that belongs to no room", async () => {
    const ctx = contextFor({ kind: "other", notice: chat.happens({ name: "x.y" }), resource: {} });
    await expect(ctx.reply("hello?")).rejects.toThrow(
      "memory cannot answer an event that belongs to no room; use replyPrivately",
    );
  });
});

describe("replyPrivately", () => {
  it("writes to the person, and keeps the parts together", async () => {
    await (await contextOf()).replyPrivately("word ".repeat(60));
    expect(chat.posts.map(({ to }) => to)).toEqual([{ personId: "ada" }, { roomId: "direct-ada" }]);
  });

  it("is refused where the platform has nothing of the kind", async () => {
    onPlatform({ direct: false });
    const ctx = await contextOf();
    expect(ctx.can.replyPrivately).toBe(false);
    await expect(ctx.replyPrivately("psst")).rejects.toThrow(/look at ctx.can.replyPrivately first/);
  });

  it("replies in a direct room where the platform cannot write to one person", async () => {
    onPlatform({ direct: false });
    const room = { id: "conversation-1", kind: "direct" } as const;
    const ada = { id: "ada" };
    for (const notice of [
      chat.says("ping", ada, room),
      chat.clicks({}, ada, { messageId: "message-1", room }),
    ]) {
      const ctx = await contextOf(notice);
      expect(ctx.can.replyPrivately).toBe(true);
      await ctx.replyPrivately("psst");
    }
    expect(chat.posts.map(({ to }) => to)).toEqual([
      { roomId: "conversation-1" },
      { roomId: "conversation-1" },
    ]);
  });

  it("is refused for an event whose person is perhaps not the reader of the direct room", async () => {
    onPlatform({ direct: false });
    const ctx = await contextOf(chat.joins({ id: "teammate" }, { id: "conversation-1", kind: "direct" }));
    expect(ctx.can.replyPrivately).toBe(false);
    await expect(ctx.replyPrivately("psst")).rejects.toThrow(UnsupportedError);
    expect(chat.posts).toEqual([]);
  });
});

describe("edit and delete", () => {
  it("change what the bot wrote", async () => {
    const ctx = await contextOf();
    const sent = await ctx.reply("wrogn");
    await ctx.edit(sent, "wrong");
    expect(chat.posts).toMatchObject([{ markdown: "wrong" }]);
    await ctx.delete(sent);
    expect(chat.posts).toEqual([]);
  });

  it("are refused where the platform cannot", async () => {
    onPlatform({ edit: false, delete: false });
    const ctx = await contextOf();
    const sent = await ctx.reply("stone");
    await expect(ctx.edit(sent, "sand")).rejects.toThrow(UnsupportedError);
    await expect(ctx.delete(sent)).rejects.toThrow(UnsupportedError);
    expect(chat.posts).toMatchObject([{ markdown: "stone" }]);
  });
});

describe("replaceCard", () => {
  async function click(): Promise<Pick<ActionContext, "replaceCard">> {
    chat.posts.push({ id: "message-1", to: { roomId: "room-1" }, text: "the card" });
    return contextOf(chat.clicks({ action: "approve" }));
  }

  it("posts anew in the same thread and deletes the old, where cards cannot be changed", async () => {
    chat.places.set("message-1", { kind: "thread", rootId: "root-1" });
    await (await click()).replaceCard("approved");
    expect(chat.posts).toMatchObject([
      { to: { roomId: "room-1", threadId: "root-1" }, markdown: "approved" },
    ]);
    expect(chat.calls.slice(-2)).toEqual(["send", "remove"]);
  });

  it("changes the card where the platform can", async () => {
    onPlatform({ editCards: true });
    await (await click()).replaceCard("approved");
    expect(chat.posts).toMatchObject([{ id: "message-1", markdown: "approved" }]);
  });

  it.each([true, false])("posts anew when the card is gone (editCards: %s)", async (editCards) => {
    onPlatform({ editCards });
    chat.places.set("message-1", { kind: "gone" });
    await (await click()).replaceCard("approved");
    expect(chat.calls.slice(-2)).toEqual(["positionOf", "send"]);
  });

  it("shows two cards rather than none when the old one cannot be deleted", async () => {
    chat.failures.remove = [new ApiError({ call: "memory DELETE", status: 500, reason: "no" })];
    await expect((await click()).replaceCard("approved")).rejects.toThrow(ApiError);
    expect(chat.posts).toHaveLength(2);
  });

  it("is refused where nothing was clicked", async () => {
    await expect((await contextOf()).replaceCard("x")).rejects.toThrow(UnsupportedError);
  });
});

describe("after the handler has ended", () => {
  it.each<[string, (ctx: Context) => Promise<unknown>]>([
    ["reply", (ctx) => ctx.reply("late")],
    ["replyPrivately", (ctx) => ctx.replyPrivately("late")],
    ["edit", (ctx) => ctx.edit({ id: "1", roomId: "2" }, "late")],
    ["delete", (ctx) => ctx.delete({ id: "1", roomId: "2" })],
    ["getPerson", (ctx) => ctx.getPerson()],
  ])("%s is refused, and says what is missing", async (call, late) => {
    const ctx = await contextOf();
    isOpen = false;
    await expect(late(ctx)).rejects.toThrow(
      `ctx.${call} was called after the handler had ended: is an await missing?`,
    );
    expect(chat.calls).toEqual(["fetch"]);
  });
});

describe("a direct message", () => {
  it.each([{ email: "grace@example.com" }, { personId: "grace" }])("goes to %j", async (to) => {
    const ctx = await contextOf();
    await ctx.direct(to, "Psst.");
    expect(chat.posts).toMatchObject([{ to, markdown: "Psst." }]);
  });

  it("is refused where the platform has none", async () => {
    onPlatform({ direct: false });
    const ctx = await contextOf();
    await expect(ctx.direct({ personId: "grace" }, "Psst.")).rejects.toThrow(UnsupportedError);
  });
});

describe("a reply with files", () => {
  it("is refused where the platform takes none, and nothing is posted", async () => {
    onPlatform({ files: false });
    const ctx = await contextOf();
    await expect(ctx.reply({ text: "Here", files: ["a.txt"] })).rejects.toThrow(UnsupportedError);
    expect(chat.posts).toEqual([]);
  });

  it("refuses a stream that was sent before", async () => {
    const ctx = await contextOf();
    const stream = Readable.from([Buffer.from("once")]);
    await ctx.reply({ files: [{ stream, name: "once.txt" }] });
    await expect(ctx.reply({ files: [{ stream, name: "once.txt" }] })).rejects.toMatchObject({
      code: "file-stream-used",
    });
    expect(chat.posts).toHaveLength(1);
  });

  it("cannot be the new words of a message", async () => {
    const ctx = await contextOf();
    const sent = await ctx.reply("Soon.");
    await expect(ctx.edit(sent, { files: ["a.txt"] })).rejects.toThrow(UnsupportedError);
  });
});
