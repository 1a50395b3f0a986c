import type { Policy } from "../../../src/core/contract/bot";
import { type Bot, defineBot } from "../../../src/core/contract/bot";
import type { CardSource } from "../../../src/core/contract/card-source";
import {
  ApiError,
  ContentGoneError,
  FileError,
  type FileErrorCode,
  HandlerError,
  UnknownAccountError,
} from "../../../src/core/contract/errors";
import type { Person } from "../../../src/core/contract/event";
import { silentLogger } from "../../../src/core/contract/logger";
import type { Notice } from "../../../src/core/contract/notice";
import type { Card } from "../../../src/core/contract/platform";
import type { TraceStep } from "../../../src/core/contract/trace";
import { buildBot } from "../../../src/core/handle/build-bot";
import { createDispatch, type Dispatch, type Verdict } from "../../../src/core/handle/dispatch";
import { subscribedEventNames } from "../../../src/core/handle/subscribed-events";
import { Journal } from "../../../src/core/reply/journal";
import { PendingWrites } from "../../../src/core/state/pending-writes";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform, messageEvent } from "../in-memory-platform";
import { leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

const noCards: CardSource = {
  names: [],
  fromJson: cardOfJson,
  render: (name) => ({ kind: "card", name, content: {}, fallbackText: name }),
};

let chat: InMemoryPlatform;
let heard: string[];
beforeEach(() => {
  chat = new InMemoryPlatform();
  heard = [];
});

function dispatchTo(...setups: ((bot: Bot) => void)[]): Dispatch {
  const bots = setups.map((setup, index) => buildBot(`bot${index + 1}`, defineBot(setup)));
  return createDispatch({
    platforms: [chat],
    bots,
    records: new RecordsInMemory(),
    cards: noCards,
    log: silentLogger,
  });
}

function tryOnce(
  dispatch: Dispatch,
  notice: Notice,
  { lease = leaseInMemory(notice), trace = [] as TraceStep[] } = {},
): Promise<Verdict> {
  const journal = new Journal(lease, "at-least-once");
  const { signal } = new AbortController();
  return dispatch({
    lease,
    isLast: false,
    journal,
    trace,
    changes: new PendingWrites(),
    signal,
    isOpen: () => true,
  });
}

function joins(by = "ada"): Notice {
  return chat.joins({ id: by });
}

describe("an event", () => {
  it("for an account that is not configured is refused for good", async () => {
    const notice = new InMemoryPlatform({ account: "old" }).says("ping");
    const refused = tryOnce(
      dispatchTo((bot) => bot.on("*", () => {})),
      notice,
    );
    await expect(refused).rejects.toThrow(UnknownAccountError);
    await expect(refused).rejects.toMatchObject({ retry: "never" });
  });

  it("that is the bot's own message is dropped before any call", async () => {
    const verdict = await tryOnce(
      dispatchTo((bot) => bot.on("*", () => {})),
      chat.says("ping", { id: "bot" }),
    );
    expect(verdict).toEqual({ kind: "dropped", reason: "the bot's own message" });
    expect(chat.calls).toEqual([]);
  });

  it("that nobody listens to is dropped before any call", async () => {
    const verdict = await tryOnce(
      dispatchTo((bot) => bot.hears("ping", () => {})),
      joins(),
    );
    expect(verdict).toEqual({ kind: "dropped", reason: "no handler listens to memberships.created" });
    expect(chat.calls).toEqual([]);
  });

  it("that no handler matches is dropped, unless it is a message", async () => {
    const verdict = await tryOnce(
      dispatchTo((bot) => bot.on("memberships", { self: true }, () => {})),
      joins(),
    );
    expect(verdict).toEqual({ kind: "dropped", reason: "no handler matched" });
    expect(chat.posts).toEqual([]);
  });

  it("is fetched once, whoever listens", async () => {
    const listen = (bot: Bot): void => {
      bot.on("memberships", (ctx) => heard.push(ctx.bot));
      bot.on("*", () => heard.push("never"));
    };
    const verdict = await tryOnce(dispatchTo(listen, listen), joins());
    expect(verdict).toEqual({ kind: "handled", by: 'bot1: on "memberships", bot2: on "memberships"' });
    expect(heard).toEqual(["bot1", "bot2"]);
    expect(chat.calls).toEqual(["person", "fetch"]);
  });

  it("whose content cannot be fetched fails as fetching did", async () => {
    chat.failures.fetch = [new ApiError({ call: "memory GET /events", status: 502, reason: "bad" })];
    const dispatch = dispatchTo((bot) => bot.on("*", () => {}));
    await expect(tryOnce(dispatch, chat.says("ping"))).rejects.toThrow(ApiError);
    await expect(tryOnce(dispatch, chat.happens({ name: "rooms.created" }))).rejects.toThrow(
      ContentGoneError,
    );
  });
});

describe("a message", () => {
  it("is answered by the first bot that has a handler for it, in its thread", async () => {
    const dispatch = dispatchTo(
      (bot) => bot.hears("pong", () => heard.push("one")),
      (bot) => bot.hears("ping", (ctx) => ctx.reply(`pong from ${ctx.bot}`)),
      (bot) => bot.hears("ping", () => heard.push("three")),
    );
    const verdict = await tryOnce(dispatch, chat.says("ping"));
    expect(verdict).toEqual({ kind: "handled", by: 'bot2: hears "ping"' });
    expect(heard).toEqual([]);
    expect(chat.posts).toMatchObject([
      { to: { roomId: "room-1", threadId: "message-1" }, markdown: "pong from bot2" },
    ]);
  });

  it("goes to the next bot when the first goes on", async () => {
    const dispatch = dispatchTo(
      (bot) => bot.use((_ctx, next) => next()),
      (bot) => bot.hears("ping", (_ctx, next) => next()),
      (bot) => bot.hears("ping", () => heard.push("three")),
    );
    await tryOnce(dispatch, chat.says("ping"));
    expect(heard).toEqual(["three"]);
  });

  it("that a handler fails at reaches no other bot", async () => {
    const dispatch = dispatchTo(
      (bot) =>
        bot.hears("ping", () => {
          throw new Error("broken");
        }),
      (bot) => bot.hears("ping", () => heard.push("two")),
    );
    await expect(tryOnce(dispatch, chat.says("ping"))).rejects.toThrow(HandlerError);
    expect(heard).toEqual([]);
  });
});

describe("a policy", () => {
  const onlyExample = (bot: Bot): void => {
    bot.allow({ emailDomains: ["example.com"] });
    bot.use((ctx, next) => {
      heard.push(ctx.event.kind);
      return next();
    });
    bot.command("pay <amount:number>", { help: "Pays" }, () => {});
  };
  const stranger = { id: "eve", email: "eve@evil.org" };

  it.each<[string, () => Notice]>([
    ["a message", () => chat.says("ping", stranger)],
    ["a click", () => chat.clicks({ action: "approve" }, stranger)],
    ["a click of whom only the id is told", () => chat.clicks({ action: "approve" }, { id: "eve" })],
    ["a membership", () => joins("eve")],
    ["a message that asks for help", () => chat.says("help", stranger)],
    ["a command that does not fit", () => chat.says("pay", stranger)],
    ["an event by nobody", () => chat.happens({ name: "rooms.updated" })],
  ])("refuses %s alike, before anything is fetched", async (_what, happens) => {
    chat.people.set("eve", stranger);
    const verdict = await tryOnce(dispatchTo(onlyExample), happens());
    expect(verdict).toEqual({ kind: "dropped", reason: 'the policy of bot "bot1" refuses: emailDomains' });
    expect(chat.calls).not.toContain("fetch");
    expect(chat.posts).toEqual([]);
    expect(heard).toEqual([]);
  });

  const eve = { id: "eve", email: "eve@evil.org" };
  const otherBot = { id: "eve", email: "eve@evil.org", isBot: true };
  const events: Readonly<Record<string, (by: Person) => Notice>> = {
    "a message": (by) => chat.says("ping", by),
    "a message that asks for help": (by) => chat.says("help", by),
    "a command that does not fit": (by) => chat.says("pay much", by),
    "a click": (by) => chat.clicks({ action: "approve" }, by),
    "a click with a forged token": (by) => chat.clicks({ bellhop: "1.x.y.z" }, by),
    "a membership": (by) => chat.happens({ name: "memberships.created", person: by, room: { id: "room-1" } }),
    "a room": (by) => chat.happens({ name: "rooms.updated", person: by, room: { id: "room-1" } }),
    "a message that was deleted": (by) =>
      chat.happens({ name: "messages.deleted", person: by, room: { id: "room-1" } }),
    "an event nobody knows": (by) =>
      chat.happens({ name: "calls.begun", person: by, room: { id: "room-1" } }),
  };
  const rules: readonly [keyof Policy, Policy, Person][] = [
    ["emailDomains", { emailDomains: ["example.com"] }, eve],
    ["emails", { emails: ["ada@example.com"] }, eve],
    ["personIds", { personIds: ["ada"] }, eve],
    ["roomIds", { roomIds: ["room-2"] }, eve],
    ["roomKinds", { roomKinds: ["direct"] }, eve],
    ["bots", {}, otherBot],
  ];

  it.each(
    Object.entries(events).flatMap(([what, happens]) =>
      rules.map(([rule, policy, by]) => ({ what, rule, policy, happens, by })),
    ),
  )("by $rule refuses $what, and nobody hears of it", async ({ rule, policy, happens, by }) => {
    chat.rooms.set("room-1", { id: "room-1", kind: "group" });
    const guarded = (bot: Bot): void => {
      bot.allow(policy);
      bot.use(() => void heard.push("middleware"));
      bot.on("*", () => heard.push("listener"));
      bot.command("pay <amount:number>", { help: "Pays" }, () => {});
      bot.action("approve", { unsigned: true }, () => heard.push("handler"));
      bot.refused(() => heard.push("refused"));
    };
    const verdict = await tryOnce(dispatchTo(guarded), happens(by));
    expect(verdict).toEqual({ kind: "dropped", reason: `the policy of bot "bot1" refuses: ${rule}` });
    expect([chat.calls.includes("fetch"), chat.posts, heard]).toEqual([false, [], []]);
  });

  it.each<[string, () => Notice]>([
    ["a message", () => chat.says("ping")],
    ["a click", () => chat.clicks({ action: "approve" }, { id: "ada" })],
    ["a membership", () => joins()],
  ])("lets pass %s alike", async (_what, happens) => {
    chat.people.set("ada", { id: "ada", email: "ada@example.com" });
    await tryOnce(dispatchTo(onlyExample), happens());
    expect(heard).toHaveLength(1);
  });

  it("is each bot's own", async () => {
    const dispatch = dispatchTo(onlyExample, (bot) => bot.hears("ping", () => heard.push("two")));
    await tryOnce(dispatch, chat.says("ping", stranger));
    expect(heard).toEqual(["two"]);
  });
});

describe("nobody has to write a handler for", () => {
  const expenses = (bot: Bot): void => {
    bot.command("pay <amount:number> [currency]", { help: "Pays *now*" }, () => {});
    bot.command("secret", () => {});
  };
  const rooms = (bot: Bot): void => bot.command("book <room>", { help: "Books a room" }, () => {});

  it("how a command is written", async () => {
    const verdict = await tryOnce(dispatchTo(rooms, expenses), chat.says("pay much"));
    expect(verdict).toEqual({ kind: "handled", by: "bot2: usage" });
    expect(chat.posts[0]?.markdown).toBe(
      "amount: expected a number such as 12.50. Write: `pay <amount:number> [currency]`",
    );
  });

  describe("what does not fit about a click", () => {
    const filing = (bot: Bot): void =>
      bot.action(
        "file",
        { unsigned: true, inputs: { amount: { type: "number", label: "Amount" }, day: "date" } },
        (ctx) => {
          heard.push(`${ctx.inputs.amount + 1} ${ctx.inputs.day.toISOString()}`);
        },
      );

    it("is answered in words, and the handler is not called", async () => {
      const verdict = await tryOnce(dispatchTo(filing), chat.clicks({ action: "file", amount: "much" }));
      expect(verdict).toEqual({ kind: "handled", by: "bot1: usage" });
      expect(chat.posts.map(({ markdown }) => markdown)).toEqual([
        "That was not taken. Please correct it and send it again:\n" +
          "- **Amount** is not a number such as 12.50\n" +
          "- **day** is empty; expected a date such as 2026-01-31",
      ]);
      expect(heard).toEqual([]);
    });

    it("is nothing when it fits: the handler is given the values that were read", async () => {
      const click = chat.clicks({ action: "file", amount: "41", day: "2026-01-31" });
      expect(await tryOnce(dispatchTo(filing), click)).toEqual({
        kind: "handled",
        by: 'bot1: action "file"',
      });
      expect(heard).toEqual(["42 2026-01-31T00:00:00.000Z"]);
      expect(chat.posts).toEqual([]);
    });

    it("is left to another handler that takes it", async () => {
      const other = (bot: Bot): void =>
        bot.action("file", { unsigned: true }, (ctx) => void heard.push(String(ctx.inputs.amount)));
      await tryOnce(dispatchTo(filing, other), chat.clicks({ action: "file", amount: "much" }));
      expect(heard).toEqual(["much"]);
    });
  });

  it.each(["help", "Help!", "/help", " HELP? "])("the list of commands: %s", async (text) => {
    const verdict = await tryOnce(dispatchTo(rooms, expenses), chat.says(text));
    expect(verdict).toEqual({ kind: "handled", by: "bot1: help" });
    expect(chat.posts[0]?.markdown).toBe(
      "- `book <room>`: Books a room\n- `pay <amount:number> [currency]`: Pays \\*now\\*",
    );
  });

  it("either, unless a handler of any bot that is made for the message takes it", async () => {
    const dispatch = dispatchTo(expenses, (bot) => {
      bot.hears("much", () => heard.push("two"));
      bot.hears("help", () => heard.push("two"));
    });
    await tryOnce(dispatch, chat.says("pay much"));
    await tryOnce(dispatch, chat.says("help"));
    expect(heard).toEqual(["two", "two"]);
    expect(chat.posts).toEqual([]);
  });

  it("help, where there is nothing to list", async () => {
    const verdict = await tryOnce(
      dispatchTo((bot) => bot.command("secret", () => {})),
      chat.says("help"),
    );
    expect(verdict).toEqual({ kind: "handled", by: "bot1: default reply" });
    expect(chat.posts[0]?.markdown).toBe("The bot does not understand this message.");
  });
});

describe("listenedNames", () => {
  it.each<[string, (bot: Bot) => void, string[]]>([
    ["commands and phrases", (bot) => bot.hears("x", () => {}), ["messages.created"]],
    ["actions", (bot) => bot.action("x", () => {}), ["attachmentActions.created"]],
    ["listeners", (bot) => bot.on("rooms", () => {}), ["rooms"]],
    ["middleware, which runs around everything", (bot) => bot.use(() => {}), ["*"]],
    ["a bot that says nothing", () => {}, []],
  ])("follow from %s", (_what, setup, names) => {
    expect([...subscribedEventNames([buildBot("test", defineBot(setup))])]).toEqual(names);
  });
});

describe("an edited message", () => {
  it("is told to whoever listens, and is no command again", async () => {
    const edited = chat.happens({
      name: "messages.updated",
      person: { id: "ada", email: "ada@example.com" },
      room: { id: "room-1" },
      event: (notice) => ({ ...messageEvent(notice, "ping"), kind: "message-updated" }),
    });
    const verdict = await tryOnce(
      dispatchTo((bot) => {
        bot.command("ping", () => heard.push("never"));
        bot.hears("ping", () => heard.push("never"));
        bot.on("messages.updated", (ctx) => heard.push(ctx.event.message.text));
      }),
      edited,
    );
    expect(verdict).toEqual({ kind: "handled", by: 'bot1: on "messages.updated"' });
    expect(heard).toEqual(["ping"]);
  });
});

describe("a handler that fails for a file", () => {
  const failing = (code: FileErrorCode): Dispatch =>
    dispatchTo((bot) =>
      bot.hears("ping", () => {
        throw new FileError(code, "the file is *too* long");
      }),
    );

  it("has the sender told what is wrong with it", async () => {
    expect(await tryOnce(failing("file-too-large"), chat.says("ping"))).toMatchObject({ kind: "handled" });
    expect(chat.posts).toMatchObject([{ markdown: "That did not work: the file is \\*too\\* long." }]);
  });

  it("is a fault when the handler itself is wrong, and nobody is bothered", async () => {
    await expect(tryOnce(failing("file-stream-used"), chat.says("ping"))).rejects.toThrow(HandlerError);
    expect(chat.posts).toEqual([]);
  });
});

describe("where cards are not drawn", () => {
  const card: Card = {
    kind: "card",
    name: "inline",
    content: {
      body: [{ type: "TextBlock", text: "Shall we?" }],
      actions: [{ type: "Action.Submit", title: "Yes", data: { action: "go" } }],
    },
    fallbackText: "Shall we?",
  };
  const asText = "Shall we?\n\n1. Yes\n\nAnswer 1 to choose it.";

  beforeEach(() => {
    chat = new InMemoryPlatform({ can: { cards: false } });
  });

  it("they are posted as text, after what came with them", async () => {
    await tryOnce(
      dispatchTo((bot) => bot.hears("ping", (ctx) => ctx.reply({ text: "Well?", card }))),
      chat.says("ping"),
    );
    expect(chat.posts).toMatchObject([{ text: "Well?" }, { markdown: asText }]);
    expect(chat.posts.some((post) => post.card !== undefined)).toBe(false);
  });

  it("they are text also where one takes the place of another message", async () => {
    await tryOnce(
      dispatchTo((bot) =>
        bot.hears("ping", async (ctx) => {
          const sent = await ctx.reply("Wait.");
          await ctx.edit(sent, { text: "*Well*?", card });
        }),
      ),
      chat.says("ping"),
    );
    expect(chat.posts).toHaveLength(1);
    expect(chat.posts[0]?.card).toBeUndefined();
    expect(chat.posts[0]?.markdown).toBe(`\\*Well\\*?\n\n${asText}`);
  });

  it("who listens to clicks listens to messages", () => {
    const bots = [
      buildBot(
        "test",
        defineBot((bot) => bot.action("go", () => {})),
      ),
    ];
    expect([...subscribedEventNames(bots, chat.can)]).toEqual([
      "attachmentActions.created",
      "messages.created",
    ]);
    expect([...subscribedEventNames(bots, { cards: true })]).toEqual(["attachmentActions.created"]);
  });
});
