import { type Bot, defineBot } from "../../../src/core/contract/bot";
import { ApiError } from "../../../src/core/contract/errors";
import { silentLogger } from "../../../src/core/contract/logger";
import type { JsonValue } from "../../../src/core/contract/notice";
import type { TraceStep } from "../../../src/core/contract/trace";
import { buildBot } from "../../../src/core/handle/build-bot";
import { createDispatch } from "../../../src/core/handle/dispatch";
import { Journal, type ReplyGuarantee } from "../../../src/core/reply/journal";
import { PostedMessages } from "../../../src/core/reply/posted-messages";
import { PendingWrites } from "../../../src/core/state/pending-writes";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform } from "../in-memory-platform";
import { type LeaseInMemory, leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

let chat: InMemoryPlatform;
beforeEach(() => {
  chat = new InMemoryPlatform();
});

const posts = (): unknown[] => chat.posts.map(({ markdown, card }) => markdown ?? card?.content);

/** Runs a bot's handlers on an event, again and again until they end well; returns how the calls came to their answers. */
async function attempt(
  lease: LeaseInMemory,
  setup: (bot: Bot) => void,
  guarantee: ReplyGuarantee = "at-least-once",
): Promise<{ error: unknown; calls: string[] }> {
  const trace: TraceStep[] = [];
  const journal = new Journal(lease, guarantee);
  const cards = {
    names: ["done"],
    fromJson: cardOfJson,
    render: (name: string) => ({ kind: "card" as const, name, content: { name }, fallbackText: name }),
  };
  const bots = [buildBot("test", defineBot(setup))];
  const dispatch = createDispatch({
    platforms: [chat],
    bots,
    records: new RecordsInMemory(),
    cards,
    log: silentLogger,
  });
  const { signal } = new AbortController();
  let error: unknown;
  try {
    await dispatch({
      lease,
      isLast: false,
      journal,
      trace,
      changes: new PendingWrites(),
      signal,
      isOpen: () => true,
    });
  } catch (thrown) {
    error = thrown;
  }
  journal.end();
  const calls = trace.flatMap((step) => (step.step === "call" ? [`${step.call} ${step.outcome}`] : []));
  return { error, calls };
}

/** Fails the first time it is reached. */
function failOnce(): () => void {
  let failed = false;
  return () => {
    if (failed) return;
    failed = true;
    throw new Error("it broke");
  };
}

describe("a handler that is run again", () => {
  it("does not send again what was confirmed, and is given the same answers", async () => {
    const fail = failOnce();
    const ids: string[][] = [[], []];
    let run = -1;
    const setup = (bot: Bot): void =>
      bot.hears("ping", async (ctx) => {
        run++;
        for (const word of ["one", "two"]) ids[run]?.push((await ctx.reply(word)).id);
        fail();
        await ctx.reply("three");
      });
    const lease = leaseInMemory(chat.says("ping"));
    expect((await attempt(lease, setup)).calls).toEqual(["reply sent", "reply sent"]);
    expect((await attempt(lease.again(), setup)).calls).toEqual([
      "reply remembered",
      "reply remembered",
      "reply sent",
    ]);
    expect(posts()).toEqual(["one", "two", "three"]);
    expect(ids[1]).toEqual(ids[0]);
  });

  it("edits and deletes once", async () => {
    const fail = failOnce();
    const setup = (bot: Bot): void =>
      bot.hears("ping", async (ctx) => {
        const first = await ctx.reply("first");
        const second = await ctx.reply("second");
        await ctx.edit(first, "changed");
        await ctx.delete(second);
        fail();
      });
    const lease = leaseInMemory(chat.says("ping"));
    await attempt(lease, setup);
    await attempt(lease.again(), setup);
    expect(chat.calls.filter((call) => call === "edit" || call === "remove")).toEqual(["edit", "remove"]);
    expect(posts()).toEqual(["changed"]);
  });

  it("goes on in the middle of a text that was split", async () => {
    const text = ["a", "b", "c"].map((letter) => letter.repeat(150)).join("\n");
    const setup = (bot: Bot): void => bot.hears("ping", (ctx) => ctx.reply(text));
    const lease = leaseInMemory(chat.says("ping"));
    const refused = new ApiError({ call: "memory POST /messages", status: 503, reason: "busy" });
    const send = chat.send.bind(chat);
    let sends = 0;
    chat.send = (...call) => (++sends === 2 ? Promise.reject(refused) : send(...call));
    await attempt(lease, setup);
    await attempt(lease.again(), setup);
    expect(posts()).toEqual(["a", "b", "c"].map((letter) => letter.repeat(150)));
  });

  it("counts the calls of each handler for itself: an apology is not taken for an answer", async () => {
    const fail = failOnce();
    const setup = (bot: Bot): void => {
      bot.hears("ping", async (ctx) => {
        await ctx.reply("one");
        fail();
        await ctx.reply("two");
      });
      bot.catch(async (error, ctx) => {
        await ctx.reply("sorry");
        throw error;
      });
    };
    const lease = leaseInMemory(chat.says("ping"));
    await attempt(lease, setup);
    await attempt(lease.again(), setup);
    expect(posts()).toEqual(["one", "sorry", "two"]);
  });

  it("that does something else this time makes the call that it makes", async () => {
    const setup = (bot: Bot): void =>
      bot.hears("ping", async (ctx) => {
        if (ctx.attempt > 1) return ctx.replyPrivately("in private");
        await ctx.reply("in public");
        throw new Error("it broke");
      });
    const lease = leaseInMemory(chat.says("ping"));
    await attempt(lease, setup);
    await attempt(lease.again(), setup);
    expect(posts()).toEqual(["in public", "in private"]);
  });

  it("replaces a card once, also when it is cut off between its two calls", async () => {
    const setup = (bot: Bot): void =>
      bot.action("ok", { unsigned: true }, (ctx) => ctx.replaceCard(ctx.card("done")));
    chat.failures.remove = [new ApiError({ call: "memory DELETE", status: 500, reason: "no" })];
    const lease = leaseInMemory(chat.clicks({ action: "ok" }));
    await attempt(lease, setup);
    expect((await attempt(lease.again(), setup)).calls).toEqual([
      "replaceCard remembered",
      "replaceCard sent",
    ]);
    expect(posts()).toEqual([{ name: "done" }]);
  });
});

describe("a post of which no answer came", () => {
  const twice = (bot: Bot): void =>
    bot.hears("ping", async (ctx) => {
      await ctx.reply("same");
      await ctx.reply("same");
    });

  it("is looked for, and not made again when it is found", async () => {
    chat.answersLost = 1;
    const lease = leaseInMemory(chat.says("ping"));
    await attempt(lease, twice);
    expect((await attempt(lease.again(), twice)).calls).toEqual(["reply found", "reply sent"]);
    expect(posts()).toEqual(["same", "same"]);
  });

  it("is made again when it is not there", async () => {
    chat.failures.send = [
      new ApiError({ call: "memory POST /messages", status: 502, reason: "bad gateway" }),
    ];
    const lease = leaseInMemory(chat.says("ping"));
    await attempt(lease, twice);
    expect((await attempt(lease.again(), twice)).calls).toEqual(["reply sent", "reply sent"]);
    expect(posts()).toEqual(["same", "same"]);
  });

  it.each([
    ["at-least-once", undefined, 3],
    ["at-most-once", "outcome-unknown", 1],
  ] as const)("is made %s where the bot may not look", async (guarantee, code, count) => {
    chat.answersLost = 1;
    chat.isReadable = false;
    const lease = leaseInMemory(chat.says("ping"));
    await attempt(lease, twice, guarantee);
    const { error } = await attempt(lease.again(), twice, guarantee);
    expect((error as { cause?: { code?: string } } | undefined)?.cause?.code).toBe(code);
    expect(chat.posts).toHaveLength(count);
  });
});

describe("after a process that was killed", () => {
  const reply = (bot: Bot): void => bot.hears("ping", (ctx) => ctx.reply("pong"));

  it("finds what it had posted and had no time to note", async () => {
    const lease = leaseInMemory(chat.says("ping"));
    const target = { roomId: "room-1", threadId: "message-1" };
    await chat.send(target, { markdown: "pong" }, new AbortController().signal);
    expect((await attempt(lease.again({ crashCount: 1 }), reply)).calls).toEqual(["reply found"]);
    expect(posts()).toEqual(["pong"]);
  });

  it("posts what was not posted, and looks for nothing that was noted", async () => {
    const lease = leaseInMemory(chat.says("ping"));
    expect((await attempt(lease.again({ crashCount: 1 }), reply)).calls).toEqual(["reply sent"]);
    expect((await attempt(lease.again({ crashCount: 2 }), reply)).calls).toEqual(["reply remembered"]);
    expect(chat.calls.filter((call) => call === "findSent")).toHaveLength(1);
  });

  it("at most once, everything is noted before it is posted, and nothing else is in doubt", async () => {
    const notes: JsonValue[] = [];
    const lease = leaseInMemory(chat.says("ping"));
    const watched = {
      ...lease,
      note(place: string, entry: JsonValue) {
        notes.push((entry as { kind: string }).kind, chat.posts.length);
        return lease.note(place, entry);
      },
    };
    await attempt(watched, reply, "at-most-once");
    expect(notes).toEqual(["unknown", 0, "done", 1]);
    const other = leaseInMemory(chat.says("ping")).again({ crashCount: 1 });
    await attempt(other, reply, "at-most-once");
    expect(chat.calls).not.toContain("findSent");
  });
});

it("a post that is cut off by the end of its attempt is in doubt for the next one", async () => {
  const lease = leaseInMemory(chat.says("ping"));
  const journal = new Journal(lease, "at-least-once");
  const never = journal.once("a place", {
    kind: "post",
    act: () => new Promise(() => {}),
    whereabouts: {
      target: { roomId: "room-1" },
      posted: new PostedMessages(chat),
      find: async () => undefined,
    },
  });
  never.catch(() => {});
  await new Promise(setImmediate);
  journal.end();
  expect([...lease.again().journal]).toEqual([["a place", { kind: "unknown", at: expect.any(Number) }]]);
});

it("news that several bots are told is told again only to those who had not finished", async () => {
  const heard: string[] = [];
  const fail = failOnce();
  const bots = ["first", "second"].map((name) =>
    buildBot(
      name,
      defineBot((bot) =>
        bot.on("rooms.updated", () => {
          heard.push(name);
          if (name === "second") fail();
        }),
      ),
    ),
  );
  const cards = {
    names: [],
    fromJson: cardOfJson,
    render: () => {
      throw new Error("no cards here");
    },
  };
  const dispatch = createDispatch({
    platforms: [chat],
    bots,
    records: new RecordsInMemory(),
    cards,
    log: silentLogger,
  });
  const notice = chat.happens({
    name: "rooms.updated",
    event: (about) => ({ kind: "other", notice: about, resource: {} }),
  });
  const lease = leaseInMemory(notice);
  const { signal } = new AbortController();
  for (const next of [() => lease, () => lease.again()]) {
    const one = next();
    const journal = new Journal(one, "at-least-once");
    await dispatch({
      lease: one,
      isLast: false,
      journal,
      trace: [],
      changes: new PendingWrites(),
      signal,
      isOpen: () => true,
    }).catch(() => {});
  }
  expect(heard).toEqual(["first", "second", "second"]);
});
