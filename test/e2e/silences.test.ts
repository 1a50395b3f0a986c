/** Every way in which a person writes to the bot or clicks, and which answer they get: the table of docs/answers.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { card, defineBot, inputNumber, submit, textBlock } from "bellhop";
import { createPlayground, type Person, type Room, type TestPlayground, type Turn } from "bellhop/testing";

const form = (action: string) =>
  card({
    body: [textBlock("Decide."), inputNumber("amount", { label: "Amount" })],
    actions: [submit("Send", action)],
  });
const button = (action: string) => card({ body: [textBlock("Decide.")], actions: [submit("Send", action)] });

const bot = defineBot((bot) => {
  bot.command("weather <city>", { help: "The weather" }, (ctx) => ctx.reply(`Sunny in ${ctx.args.city}.`));
  bot.command("pay <amount:number>", { help: "Pay" }, (ctx) => ctx.reply(`Paid ${ctx.args.amount}.`));
  bot.hears("thanks", (ctx) => ctx.reply("Any time."));
  bot.command("quiet", () => {});
  bot.command("bug", () => {
    throw new TypeError("a bug");
  });
  for (const name of ["done", "once", "unknown", "broken", "undone"])
    bot.command(`show ${name}`, (ctx) => ctx.reply({ markdown: "Here.", card: button(name) }));
  bot.command("show form", (ctx) => ctx.reply({ markdown: "Here.", card: form("amount") }));
  bot.action("done", (ctx) => ctx.reply("Done."));
  bot.action("once", { once: true }, (ctx) => ctx.reply("Done once."));
  bot.action("amount", { inputs: { amount: "number" } }, (ctx) => ctx.reply("Taken."));
  bot.action("broken", () => {
    throw new TypeError("a bug");
  });
  bot.action(
    "undone",
    {
      done: () => {
        throw new TypeError("a bug in done");
      },
    },
    () => {},
  );
  bot.command("order", (ctx) => ctx.ask("dish", "Which dish?"));
  bot.answer("dish", (ctx, next) => (ctx.message.text === "thanks" ? next() : ctx.reply("Ordered.")));
});

const other = defineBot((bot) => bot.hears("good evening", (ctx) => ctx.reply("Good evening.")));

let playground: TestPlayground;
let ada: Person;
let room: Room;
beforeAll(async () => {
  playground = await createPlayground({ timeoutMs: 60_000 });
  await playground.serve({ bots: { bot, other }, cards: "none" });
  ada = playground.person("Ada Lovelace");
  room = await ada.open("Plans", [playground.bot]);
});
afterAll(() => playground.close());

/** The places in which a message is addressed to the bot. */
const PLACES = {
  "Webex, direct": () => (text: string) => ada.say(text),
  "Webex, group, mention": () => (text: string) => ada.say(text, { in: room }),
  "Webex, thread": () => {
    const root = ada.say("thanks");
    return async (text: string) => ada.say(text, { thread: await root });
  },
  "Spika, group, @name": () => {
    const person = playground.spika.person("Ada Lovelace");
    return (text: string) => person.say(`@${playground.bot.displayName} ${text}`);
  },
  Intercom: () => {
    const person = playground.intercom.person("Ada Lovelace");
    return (text: string) => person.say(text);
  },
} as const;

/** What answers, and the text that the person reads. */
interface Answer {
  readonly by: string;
  readonly text: string | RegExp;
}
const HELP = "Send help to see all commands.";
const NEAREST: Answer = { by: "default reply", text: `Did you mean weather <city>? ${HELP}` };
const UNKNOWN: Answer = { by: "default reply", text: `The bot does not understand this message. ${HELP}` };
const NOTHING: Answer = { by: "nothing", text: "" };
const APOLOGY: Answer = {
  by: "apology",
  text: /^Something went wrong while handling your message\. Reference: \d{12}\.$/,
};
const CLICK_APOLOGY: Answer = {
  by: "apology",
  text: /^Something went wrong while handling your click\. Reference: \d{12}\.$/,
};

async function answerTo(turn: Turn): Promise<{ by: string; text: string }> {
  const outcome = await turn.ended();
  const text = (await turn.replies()).map((reply) => reply.text).join("\n");
  if (outcome.kind === "handled")
    return { by: text === "" ? "nothing" : (outcome.by.at(-1)?.handler ?? "?"), text };
  if (text === "") return { by: "nothing", text };
  return { by: outcome.kind === "dead" ? "apology" : "refusal", text };
}

const shownText = (text: string | RegExp): string | RegExp =>
  typeof text === "string" ? text : expect.stringMatching(text);

/** A message that is addressed to the bot: the same on all platforms. */
const MESSAGES: readonly (readonly [what: string, text: string, answer: Answer])[] = [
  ["a command", "weather London", { by: 'command "weather <city>"', text: "Sunny in London." }],
  ["a command in capitals", "WEATHER London", { by: 'command "weather <city>"', text: "Sunny in London." }],
  ["a command with a slash", "/weather London", { by: 'command "weather <city>"', text: "Sunny in London." }],
  [
    "a command with punctuation",
    "weather: London",
    { by: 'command "weather <city>"', text: "Sunny in London." },
  ],
  ["a phrase", "thanks a lot", { by: 'hears "thanks"', text: "Any time." }],
  ["a phrase of another bot", "good evening", { by: 'hears "good evening"', text: "Good evening." }],
  [
    "a command without its argument",
    "weather",
    { by: "usage", text: "city is missing. Write: weather <city>" },
  ],
  ["a command with a wrong argument", "pay much", { by: "usage", text: /^amount: expected a number/ }],
  ["a command with too many arguments", "pay 1 2", { by: "usage", text: /^there are words left over/ }],
  ["help", "help", { by: "help", text: /weather <city>: The weather/ }],
  ["help on a command", "help weather", { by: "help", text: "weather <city>: The weather" }],
  ["help on an unknown command", "help wether", NEAREST],
  ["a misspelt command", "wether London", NEAREST],
  ["a command in quotation marks", '"weather London"', NEAREST],
  ["a sentence with a command in it", "please show the weather", NEAREST],
  ["a sentence that the bot does not know", "what can you do", UNKNOWN],
  ["a misspelt phrase", "thnaks", UNKNOWN],
  ["an emoji", "🤷", UNKNOWN],
  ["punctuation", "?", UNKNOWN],
  ["a long text", "lorem ".repeat(1_000), UNKNOWN],
  ["text that looks like Markdown", "[x](https://evil.example) **y**", UNKNOWN],
  ["a command whose handler fails", "bug", APOLOGY],
  ["a command whose handler writes nothing", "quiet", NOTHING],
];

describe.each(Object.entries(PLACES))("in %s,", (_place, open) => {
  let say: (text: string) => Promise<Turn>;
  beforeAll(() => {
    say = open();
  });

  it.each(MESSAGES)("%s is answered", async (_what, text, { by, text: expected }) => {
    expect(await answerTo(await say(text))).toEqual({ by, text: shownText(expected) });
  });
});

/** How a button of a card is chosen on each platform. */
const CLICKS = {
  Webex: () => {
    const person = playground.person();
    return {
      say: (text: string) => person.say(text),
      click: (on: Turn, entered = {}) => person.click(on, "Send", entered),
    };
  },
  Spika: () => {
    const person = playground.spika.person("Grace Hopper");
    return {
      say: (text: string) => person.say(text),
      click: (on: Turn) => person.say("1", { quote: { id: on.id } }),
    };
  },
  Intercom: () => {
    const person = playground.intercom.person("Grace Hopper");
    return { say: (text: string) => person.say(text), click: (on: Turn) => person.press(on, "Send") };
  },
} as const;

const NO_HANDLER = "This button no longer works. Ask the bot for a new card.";
const CLICKED: readonly (readonly [what: string, name: string, answer: Answer])[] = [
  ["a click", "done", { by: 'action "done"', text: "Done." }],
  ["a click on a button without a handler", "unknown", { by: "refusal", text: NO_HANDLER }],
  ["a click whose handler fails", "broken", CLICK_APOLOGY],
  ["a click whose `done` fails", "undone", CLICK_APOLOGY],
];

describe.each(Object.entries(CLICKS))("in %s,", (platform, open) => {
  const chosen = async (name: string, times: number): Promise<Turn> => {
    const { say, click } = open();
    const shown = await say(`show ${name}`);
    const reply = await shown.reply();
    const on = platform === "Spika" ? { ...shown, id: reply.id } : shown;
    for (let time = 1; time < times; time++) await (await click(on)).ended();
    return click(on);
  };

  it.each(CLICKED)("%s is answered", async (_what, name, { by, text }) => {
    const answer = await answerTo(await chosen(name, 1));
    const expected =
      platform === "Webex" || typeof text === "string" ? text : /^Something went wrong while handling your/;
    expect(answer).toEqual({ by, text: shownText(expected) });
  });

  it("a second click on a button that works once is answered", async () => {
    expect(await answerTo(await chosen("once", 2))).toEqual({
      by: "refusal",
      text: "You did this already, just now.",
    });
  });

  it("an answer to a question, to none and to an expired one is answered", async () => {
    const { say } = open();
    await (await say("order")).ended();
    await expect(answerTo(await say("soup"))).resolves.toEqual({ by: 'answer "dish"', text: "Ordered." });
    await (await say("order")).ended();
    await expect(answerTo(await say("thanks"))).resolves.toEqual({ by: 'hears "thanks"', text: "Any time." });
    await (await say("order")).ended();
    playground.clock.advance({ hours: 2 });
    const late = await answerTo(await say("soup"));
    expect(late).toEqual(platform === "Spika" ? NOTHING : UNKNOWN);
  });
});

/** What happens on one platform only. */
const ONE_PLATFORM: readonly (readonly [what: string, act: () => Promise<Turn>, answer: Answer])[] = [
  [
    "Webex: a message of only a mention",
    () => ada.say("", { in: room }),
    { by: "default reply", text: `The bot does not understand a message without text. ${HELP}` },
  ],
  [
    "Webex: a file without text",
    () => ada.upload({ name: "a.txt", content: "a" }),
    { by: "default reply", text: `The bot does not know what to do with this file. ${HELP}` },
  ],
  [
    "Webex: a message in a group room without a mention",
    () => ada.say("wether", { in: room, mention: false }),
    NOTHING,
  ],
  ["Webex: a message that is edited", async () => ada.edit(await ada.say("thanks"), "wether"), NOTHING],
  ["Webex: a message that is deleted", async () => ada.remove(await ada.say("thanks")), NOTHING],
  [
    "Webex: a message of another bot",
    () => playground.person("Valet", "valet@webex.bot").say("wether"),
    NOTHING,
  ],
  [
    "Webex: a form whose values do not fit",
    async () => ada.click(await ada.say("show form"), "Send", { amount: "much" }),
    { by: "usage", text: /Amount/ },
  ],
  [
    "Webex: a click on a card that has expired",
    async () => {
      const shown = await ada.say("show done");
      await shown.ended();
      playground.clock.advance({ days: 31 });
      return ada.click(shown, "Send");
    },
    { by: "refusal", text: /expired/ },
  ],
  [
    "Spika: a message in a group room without @name",
    () => playground.spika.person("Ada Lovelace").say("wether London"),
    NOTHING,
  ],
];

describe("in one platform only,", () => {
  it.each(ONE_PLATFORM)("%s", async (_what, act, { by, text }) => {
    expect(await answerTo(await act())).toEqual({ by, text: shownText(text) });
  });

  it("Intercom: a message in a conversation that a teammate handles is left to the teammate", async () => {
    const person = playground.intercom.person("Alan Turing");
    const turn = await person.say("thanks");
    await expect(answerTo(turn)).resolves.toEqual({ by: 'hears "thanks"', text: "Any time." });
    const { intercom } = playground.playground;
    await assign(turn.roomId, JOAN);
    await expect(answerTo(await person.say("wether"))).resolves.toEqual(NOTHING);
    await expect(answerTo(await person.say("weather London"))).resolves.toMatchObject({
      text: "Sunny in London.",
    });
    await assign(turn.roomId, intercom.adminId);
    await expect(answerTo(await person.say("wether"))).resolves.toEqual(NEAREST);
  });
});

/** The id of a teammate in the playground. */
const JOAN = "1002";

/** Assigns a conversation to an admin, as a teammate does in the inbox. */
async function assign(conversationId: string, assigneeId: string): Promise<void> {
  const { token, adminId } = playground.playground.intercom;
  const response = await fetch(
    `${playground.url.replace(/\/$/, "")}/intercom/conversations/${conversationId}/parts`,
    {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        message_type: "assignment",
        type: "admin",
        admin_id: adminId,
        assignee_id: assigneeId,
      }),
    },
  );
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("conversation")]);
}

it("a person whom the policy refuses reads nothing, and learns of no command", async () => {
  const closed = await createPlayground();
  try {
    const guarded = defineBot((bot) => {
      bot.allow({ personIds: ["nobody"] });
      bot.command("weather <city>", { help: "The weather" }, (ctx) => ctx.reply(ctx.args.city));
    });
    await closed.serve({ bots: { guarded }, cards: "none" });
    const people = [
      closed.person(),
      closed.spika.person("Ada Lovelace"),
      closed.intercom.person("Ada Lovelace"),
    ];
    for (const person of people)
      for (const text of ["wether", "weather", "help", "what"])
        expect(await answerTo(await person.say(text))).toEqual(NOTHING);
  } finally {
    await closed.close();
  }
});

it("a bot.refused that fails leads to the apology", async () => {
  const failing = await createPlayground();
  try {
    const refusing = defineBot((bot) => {
      bot.command("show", (ctx) => ctx.reply({ markdown: "Here.", card: button("gone") }));
      bot.action("other", () => {});
      bot.refused(() => {
        throw new TypeError("a bug in refused");
      });
    });
    await failing.serve({ bots: { refusing }, cards: "none", platforms: ["webex"] });
    const person = failing.person();
    const turn = await person.click(await person.say("show"), "Send");
    expect(await answerTo(turn)).toEqual({ by: "apology", text: shownText(CLICK_APOLOGY.text) });
  } finally {
    await failing.close();
  }
});

it("docs/answers.md has a row for every message and click", () => {
  const page = readFileSync(join(__dirname, "../../docs/answers.md"), "utf8");
  const row = (what: string, { by, text }: Answer): string => {
    const answer = by === "default reply" ? `default reply: \`${String(text)}\`` : by.replace(/ ".*"/, "");
    return `| ${what} | ${answer} |`;
  };
  const rows = [
    ...MESSAGES.map(([what, text, answer]) => row(text.length < 40 ? `${what}: \`${text}\`` : what, answer)),
    ...CLICKED.map(([what, , answer]) => row(what, answer)),
    ...ONE_PLATFORM.map(([what, , answer]) => row(what, answer)),
  ];
  expect(page.split("\n").filter((line) => rows.includes(line))).toEqual(rows);
});
