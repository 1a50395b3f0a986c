import fc from "fast-check";
import { type Bot, defineBot } from "../../../src/core/contract/bot";
import type { MessageEvent } from "../../../src/core/contract/event";
import { silentLogger } from "../../../src/core/contract/logger";
import type { Person } from "../../../src/core/contract/notice";
import type { TraceStep } from "../../../src/core/contract/trace";
import { buildBot } from "../../../src/core/handle/build-bot";
import { isCatchAll } from "../../../src/core/handle/catch-all";
import { createDispatch, type Verdict } from "../../../src/core/handle/dispatch";
import { Journal } from "../../../src/core/reply/journal";
import { PendingWrites } from "../../../src/core/state/pending-writes";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform, messageEvent } from "../in-memory-platform";
import { leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

type Setup = (bot: Bot) => void;

let chat: InMemoryPlatform;
let ran: string[];
beforeEach(() => {
  chat = new InMemoryPlatform();
  ran = [];
});

interface Told {
  readonly verdict: Verdict;
  readonly replies: readonly (string | undefined)[];
  readonly trace: readonly TraceStep[];
}

/** A message as bots in files `a.ts`, `b.ts` and so on answer it. */
async function say(text: string, setups: readonly Setup[], message: Partial<MessageEvent["message"]> = {}) {
  return tell((notice) => {
    const event = messageEvent(notice, text);
    return { ...event, message: { ...event.message, ...message } };
  }, setups);
}

async function tell(
  event: (notice: MessageEvent["notice"]) => MessageEvent,
  setups: readonly Setup[],
  person: Person = { id: "ada", email: "ada@example.com" },
): Promise<Told> {
  const notice = chat.happens({ name: "messages.created", person, room: { id: "room-1" }, event });
  return dispatch(setups, notice);
}

async function dispatch(setups: readonly Setup[], notice: MessageEvent["notice"]): Promise<Told> {
  const bots = setups.map((setup, index) => buildBot("abcdef"[index] ?? "z", defineBot(setup)));
  const records = new RecordsInMemory();
  const cards = {
    names: [],
    fromJson: cardOfJson,
    render: () => ({ kind: "card" as const, name: "none", content: {}, fallbackText: "" }),
  };
  const lease = leaseInMemory(notice);
  const trace: TraceStep[] = [];
  const before = chat.posts.length;
  const verdict = await createDispatch({ platforms: [chat], bots, records, cards, log: silentLogger })({
    ...{ lease, isLast: false, trace, changes: new PendingWrites() },
    journal: new Journal(lease, "at-least-once"),
    signal: new AbortController().signal,
    isOpen: () => true,
  });
  return { verdict, trace, replies: chat.posts.slice(before).map(({ markdown }) => markdown) };
}

const weather: Setup = (bot) => {
  bot.command("weather <city>", { help: "The weather" }, (ctx) => ctx.reply(`Sunny in ${ctx.args.city}.`));
};
const thanks: Setup = (bot) => bot.hears("thanks", (ctx) => ctx.reply("Any time."));

/** Every form of a handler that takes any message. */
const CATCH_ALLS: Readonly<Record<string, (bot: Bot, reply: string) => void>> = {
  ...Object.fromEntries(
    [
      /.*/,
      /.*/s,
      /[\s\S]*/,
      /^/,
      /$/,
      /(.+)/,
      /./,
      /\b/,
      /\w/,
      /\S+/g,
      /(?:)/y,
      /^(?!ping)/,
      /^(\w+) ?(.*)$/s,
      /[a-z]/i,
      /^\p{L}/u,
      /[aeiou]/,
      /^.{3,}$/s,
      /\s|^/,
    ].map((expression) => [
      `hears ${expression}`,
      (bot: Bot, reply: string) => bot.hears(expression, (ctx) => ctx.reply(reply)),
    ]),
  ),
  'on "messages.created"': (bot, reply) => bot.on("messages.created", (ctx) => ctx.reply(reply)),
  'on "messages"': (bot, reply) => bot.on("messages", (ctx) => ctx.reply(reply)),
  'on "*"': (bot, reply) => bot.on("*", (ctx) => ctx.reply(reply)),
};

describe.each(Object.entries(CATCH_ALLS))("a catch-all %s", (_form, catchAll) => {
  const fallback: Setup = (bot) => catchAll(bot, "fallback");

  it.each([
    ["before", [fallback, weather, thanks]],
    ["behind", [weather, thanks, fallback]],
    ["in the same file as", [(bot: Bot) => [fallback, weather, thanks].forEach((setup) => void setup(bot))]],
    ["on both sides of", [fallback, weather, thanks, (bot: Bot) => catchAll(bot, "second")]],
  ])("that stands %s the commands hides no command, usage, help or phrase", async (_where, setups) => {
    for (const [text, expected] of [
      ["weather London", "Sunny in London."],
      ["weather", "city is missing. Write: `weather <city>`"],
      ["help", "- `weather <city>`: The weather"],
      ["help weather", "`weather <city>`: The weather"],
      ["many thanks", "Any time."],
    ] as const)
      expect((await say(text, setups)).replies).toEqual([expected]);
  });

  it("takes what nothing else takes, and then the default reply stays silent", async () => {
    expect((await say("oh well", [fallback, weather])).replies).toEqual(["fallback"]);
  });
});

describe("an expression", () => {
  it.each([
    /weather/i,
    /^expense\b/i,
    /invoice (\d+)/,
    /^\d+$/,
    /#\d+/,
    /^number \d+$/,
    /good (morning|evening)/i,
    /^!/,
    /https?:\/\//,
    /^(a+)+$/,
    /\bhelp\b/,
    /^$/,
  ])("%s that asks for something is no catch-all", (expression) => {
    expect(isCatchAll(expression)).toBe(false);
  });

  it("with a word in it that must be there is no catch-all", () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/);
    const around = fc.constantFrom(
      "WORD",
      "^WORD",
      "WORD$",
      "\\bWORD\\b",
      ".*WORD.*",
      "WORD (.*)",
      "^WORD\\s+(\\d+)",
    );
    fc.assert(
      fc.property(word, around, (text, form) => {
        expect(isCatchAll(new RegExp(form.replace("WORD", text), "is"))).toBe(false);
      }),
    );
  });

  it("that asks for something takes its place in the order written, before usage", async () => {
    const own: Setup = (bot) => {
      weather(bot);
      bot.hears(/^weather/i, (ctx) => ctx.reply("Which city?"));
    };
    expect((await say("weather", [own])).replies).toEqual(["Which city?"]);
  });
});

describe("yields", () => {
  it.each<[string, Setup]>([
    ["hears", (bot) => bot.hears(/.*/s, { yields: false }, (ctx) => ctx.reply("mine"))],
    ["on", (bot) => bot.on("messages.created", { yields: false }, (ctx) => ctx.reply("mine"))],
  ])(
    "false keeps the place of a handler of %s, so that it hides what comes after it",
    async (_name, mine) => {
      for (const text of ["weather London", "weather", "help"])
        expect((await say(text, [mine, weather])).replies).toEqual(["mine"]);
    },
  );

  it("true lets a phrase come after usage", async () => {
    const phrase: Setup = (bot) => bot.hears("weather", { yields: true }, (ctx) => ctx.reply("phrase"));
    expect((await say("weather", [phrase, weather])).replies).toEqual([
      "city is missing. Write: `weather <city>`",
    ]);
    expect((await say("the weather", [phrase, weather])).replies).toEqual(["phrase"]);
  });

  it.each(["later", 1, null])("cannot be %s", (yields) => {
    const wrong = (bot: Bot): void => bot.hears(/./, { yields: yields as unknown as boolean }, () => {});
    expect(() => buildBot("a", defineBot(wrong))).toThrow(/yields/);
  });
});

describe("next()", () => {
  const passes =
    (
      name: string,
      add: (bot: Bot, handler: (ctx: unknown, next: () => Promise<void>) => unknown) => void,
    ): Setup =>
    (bot) => {
      bot.use((_ctx, next) => {
        ran.push(`${name} middleware`);
        return next();
      });
      add(bot, (_ctx, next) => {
        ran.push(name);
        return next();
      });
    };

  it("of an observer that does not yield leads to the commands of every bot", async () => {
    const logger = passes("logger", (bot, log) => bot.on("messages.created", { yields: false }, log));
    expect((await say("weather London", [logger, weather])).replies).toEqual(["Sunny in London."]);
    expect((await say("weather", [logger, weather])).replies).toEqual([
      "city is missing. Write: `weather <city>`",
    ]);
    expect(ran).toEqual(["logger middleware", "logger", "logger middleware", "logger"]);
  });

  it("of every handler leads from commands over catch-alls to otherwise and the default reply", async () => {
    const first = passes("otherwise", (bot, handler) => bot.otherwise(handler));
    const second = passes("catch-all", (bot, handler) => bot.hears(/.*/s, handler));
    const third = passes("command", (bot, handler) => bot.command("ping", handler));
    const { replies, verdict } = await say("ping", [first, second, third]);
    expect(ran.filter((name) => !name.endsWith("middleware"))).toEqual(["command", "catch-all", "otherwise"]);
    expect(replies).toEqual(["Did you mean `ping`?"]);
    expect(verdict).toEqual({ kind: "handled", by: "a: default reply" });
  });
});

describe("middleware", () => {
  it("runs once for a message that a catch-all or otherwise takes", async () => {
    const counted: Setup = (bot) => {
      bot.use((_ctx, next) => {
        ran.push("middleware");
        return next();
      });
      bot.otherwise((ctx) => ctx.reply("otherwise"));
    };
    expect((await say("oh well", [counted, weather])).replies).toEqual(["otherwise"]);
    expect((await say("weather", [counted, weather])).replies).toHaveLength(1);
    expect(ran).toEqual(["middleware", "middleware"]);
  });

  it("that stops a message stops usage, help, otherwise and the default reply", async () => {
    const muted: Setup = (bot) => bot.use(() => {});
    const fallback: Setup = (bot) => bot.otherwise((ctx) => ctx.reply("otherwise"));
    for (const text of ["weather", "help", "oh well", "weather London"])
      expect((await say(text, [muted, weather, fallback])).replies).toEqual([]);
  });

  it("runs around otherwise, and leaves its state", async () => {
    const around: Setup = (bot) => {
      bot.use(async (ctx, next) => {
        ctx.state.user = "Ada";
        await next();
        ran.push("after");
      });
      bot.otherwise((ctx) => ctx.reply(`No, ${String(ctx.state.user)}.`));
    };
    expect((await say("oh well", [around])).replies).toEqual(["No, Ada."]);
    expect(ran).toEqual(["after"]);
  });
});

describe("otherwise", () => {
  it("of the first bot answers, and gets the nearest command of all bots", async () => {
    const first: Setup = (bot) =>
      bot.otherwise((ctx) => ctx.reply(`${ctx.bot}: ${ctx.nearest?.usage} of ${ctx.nearest?.bot}`));
    const second: Setup = (bot) => bot.otherwise((ctx) => ctx.reply("second"));
    expect((await say("wether London", [first, second, weather])).replies).toEqual([
      "a: weather <city> of c",
    ]);
  });

  it("that throws goes to the bot's catch", async () => {
    const failing: Setup = (bot) => {
      bot.otherwise(() => {
        throw new Error("no");
      });
      bot.catch((error, ctx) => ctx.reply(`Caught: ${error.message}.`));
    };
    expect((await say("oh well", [failing])).replies).toEqual(["Caught: no."]);
  });

  it("is called for messages that are not addressed to the bot, too", async () => {
    const first: Setup = (bot) =>
      bot.otherwise((ctx) => ctx.reply(ctx.message.isAddressed ? "addressed" : "overheard"));
    expect((await say("oh well", [first], { isAddressed: false })).replies).toEqual(["overheard"]);
  });

  it("is for messages only", async () => {
    const first: Setup = (bot) => {
      bot.otherwise(() => void ran.push("otherwise"));
      bot.on("memberships.deleted", () => {});
    };
    const notice = chat.joins({ id: "ada" });
    await dispatch([first], notice);
    expect(ran).toEqual([]);
  });

  it.each([
    ["twice", (bot: Bot) => [1, 2].forEach(() => void bot.otherwise("x"))],
    ["with a number", (bot: Bot) => bot.otherwise(5 as unknown as string)],
    ["with an empty text", (bot: Bot) => bot.otherwise(" ")],
  ])("called %s is an error of the definition", (_how, setup) => {
    expect(() => buildBot("a", defineBot(setup))).toThrow(/^otherwise: /);
  });
});

describe("the default reply", () => {
  const secret: Setup = (bot) => bot.command("deploy <where>", () => {});

  it.each<[string, readonly Setup[], string]>([
    ["wether London", [weather], "Did you mean `weather <city>`? Send **help** to see all commands."],
    ["/WETHER, please!", [weather], "Did you mean `weather <city>`? Send **help** to see all commands."],
    [
      "what is the weather like",
      [weather],
      "Did you mean `weather <city>`? Send **help** to see all commands.",
    ],
    ['"weather London"', [weather], "Did you mean `weather <city>`? Send **help** to see all commands."],
    ["help wether", [weather], "Did you mean `weather <city>`? Send **help** to see all commands."],
    [
      "what can you do",
      [weather],
      "The bot does not understand this message. Send **help** to see all commands.",
    ],
    ["🤷", [weather], "The bot does not understand this message. Send **help** to see all commands."],
    ["depoly now", [secret], "Did you mean `deploy <where>`?"],
    ["what can you do", [thanks], "The bot does not understand this message."],
    ["help", [thanks], "The bot does not understand this message."],
    ["", [weather], "The bot does not understand a message without text. Send **help** to see all commands."],
    ["x".repeat(50_000), [thanks], "The bot does not understand this message."],
    ["**bold** [link](https://evil.example) <@all>", [thanks], "The bot does not understand this message."],
  ])("to %j names what helps", async (text, setups, expected) => {
    const { replies, verdict } = await say(text, setups);
    expect(replies).toEqual([expected]);
    expect(verdict).toEqual({ kind: "handled", by: "a: default reply" });
  });

  it("to a file says that the bot does not know what to do with it", async () => {
    const { replies } = await say("", [thanks], { fileUrls: ["https://files.example/1"] });
    expect(replies).toEqual(["The bot does not know what to do with this file."]);
  });

  it("to a message that is not addressed to the bot is silence, and the trace says why", async () => {
    const { replies, verdict, trace } = await say("wether", [weather], { isAddressed: false });
    expect(replies).toEqual([]);
    expect(verdict).toEqual({
      kind: "dropped",
      reason: "no handler matched; the message is not addressed to the bot",
    });
    expect(trace.filter(({ step }) => step === "matched")).toHaveLength(1);
  });

  it("is one message with several bots, and the path names what did not match", async () => {
    const { replies, trace } = await say("oh well", [thanks, weather, thanks]);
    expect(replies).toHaveLength(1);
    const matched = trace.flatMap((step) =>
      step.step === "matched" ? [`${step.handler}: ${step.verdict}`] : [],
    );
    expect(matched).toEqual([
      'hears "thanks": the text does not have it',
      'command "weather <city>": the text does not begin with its words',
      'hears "thanks": the text does not have it',
      "default reply: answered",
    ]);
  });

  it("of a bot is content of its own, or nothing", async () => {
    const own: Setup = (bot) => bot.otherwise("Ask a **person**.");
    const off: Setup = (bot) => bot.otherwise(false);
    expect((await say("oh well", [weather, own])).replies).toEqual(["Ask a **person**."]);
    expect((await say("oh well", [weather, own], { isAddressed: false })).replies).toEqual([]);
    const { replies, verdict } = await say("oh well", [weather, own, off]);
    expect(replies).toEqual([]);
    expect(verdict).toEqual({
      kind: "dropped",
      reason: 'no handler matched; bot "c" has switched the default reply off',
    });
  });

  it("is never written to another bot, not even by bots that answer bots", async () => {
    const open: Setup = (bot) => {
      bot.allow({ bots: true });
      weather(bot);
    };
    const robot = { id: "robot", email: "robot@webex.bot", isBot: true };
    const said = await tell((notice) => messageEvent(notice, "oh well", robot), [open], robot);
    expect(said.replies).toEqual([]);
    expect(said.verdict).toEqual({
      kind: "dropped",
      reason: "no handler matched; another bot wrote the message",
    });
  });

  it("names no command of a bot whose policy refuses the person", async () => {
    const closed: Setup = (bot) => {
      bot.allow({ emailDomains: ["elsewhere.org"] });
      weather(bot);
    };
    expect((await say("wether", [closed])).replies).toEqual([]);
    expect((await say("wether", [closed, thanks])).replies).toEqual([
      "The bot does not understand this message.",
    ]);
  });

  it("is sent once when the event is handled again", async () => {
    const notice = chat.says("oh well");
    const bots = [buildBot("a", defineBot(weather))];
    const parts = { platforms: [chat], bots, records: new RecordsInMemory(), log: silentLogger };
    const cards = { names: [], fromJson: cardOfJson, render: () => cardOfJson({}) };
    const lease = leaseInMemory(notice);
    for (const attempt of [1, 2]) {
      const given = attempt === 1 ? lease : lease.again();
      await createDispatch({ ...parts, cards })({
        ...{ lease: given, isLast: false, trace: [], changes: new PendingWrites() },
        journal: new Journal(given, "at-least-once"),
        signal: new AbortController().signal,
        isOpen: () => true,
      });
    }
    expect(chat.posts).toHaveLength(1);
  });
});

describe("a click", () => {
  const approve: Setup = (bot) =>
    bot.action("approve", { unsigned: true, inputs: { amount: "number" } }, (ctx) => ctx.reply("approved"));
  const all: Setup = (bot) => bot.on("*", (ctx) => ctx.reply("listener"));

  it.each([
    ["goes to the button's handler before any listener", { action: "approve", amount: "4" }, "approved"],
    [
      "whose inputs do not fit is told so before any listener",
      { action: "approve", amount: "x" },
      /^That was not/,
    ],
    ["that no handler is made for goes to a listener", { action: "other" }, "listener"],
  ])("%s", async (_what, inputs, expected) => {
    const { replies } = await dispatch([all, approve], chat.clicks(inputs, { id: "ada" }));
    expect(replies).toEqual([expect.stringMatching(expected)]);
  });

  it("that nothing takes is answered once, and bot.refused may say something else", async () => {
    const own: Setup = (bot) => {
      approve(bot);
      bot.refused(({ reason }, ctx) => ctx.reply(`Refused: ${reason}.`));
    };
    const click = chat.clicks({ action: "gone" }, { id: "ada" });
    expect((await dispatch([approve], click)).replies).toEqual([
      "This button no longer works. Ask the bot for a new card.",
    ]);
    const refused = await dispatch([own], chat.clicks({ action: "gone" }, { id: "ada" }));
    expect(refused.replies).toEqual(["Refused: unhandled."]);
    expect(refused.verdict).toEqual({ kind: "dropped", reason: "the click is refused: unhandled" });
  });
});
