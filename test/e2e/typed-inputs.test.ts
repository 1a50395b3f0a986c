import { createPlayground, type Person, type Reply, type TestPlayground, type Turn } from "bellhop/testing";
import fc from "fast-check";
import {
  card,
  defineBot,
  inputChoice,
  inputChoices,
  inputDate,
  inputNumber,
  inputsOf,
  inputText,
  inputTime,
  inputToggle,
  submit,
  textBlock,
} from "../../src/index";
import "bellhop/testing/jest";

const sizes = [
  { title: "Small", value: "s" },
  { title: "Very large", value: "x l" },
];
const form = card({
  body: [
    textBlock("Order"),
    inputText("name", { label: "Your name", isRequired: true, maxLength: 5, regex: "^[A-Z]" }),
    inputNumber("n", { label: "How many", isRequired: true, min: 0, max: 10 }),
    inputDate("day", { label: "Day", min: "2026-01-01", max: "2026-12-31" }),
    inputTime("time", {
      label: "Time",
      min: "08:00",
      max: "18:00",
      errorMessage: "We are open from 8 to 18.",
    }),
    inputChoice("size", sizes, { label: "Size", isRequired: true }),
    inputChoices("extras", sizes, { label: "Extras" }),
    inputToggle("agree", "I agree", { isRequired: true }),
  ],
  actions: [submit("Send", "order")],
});
const LABELS = ["Your name", "How many", "Day", "Time", "Size", "Extras", "I agree"];
type Values = Readonly<Record<"name" | "n" | "day" | "time" | "size" | "extras" | "agree", string>>;
const RIGHT: Values = {
  ...{ name: "Ada", n: "7", day: "2026-12-31", time: "18:00", size: "x l", extras: "s", agree: "true" },
};

/** Its handler has not ended when people click: it waits for `goOn`. */
const slow = defineBot((bot) => {
  bot.command("slow", async (ctx) => {
    await ctx.reply(form);
    await held;
  });
});

const filledIn = card({
  body: [
    inputNumber("n", { label: "How many", isRequired: true, value: 7 }),
    inputToggle("agree", "I agree", { isRequired: true, value: true }),
  ],
  actions: [submit("Send", "filled-in")],
});

/** The own values of a toggle, a JSON card, and a button that works once. */
const bots = {
  order: defineBot((bot) => {
    bot.command("order", (ctx) => ctx.reply(form));
    bot.action("order", { inputs: inputsOf(form), once: true }, (ctx) =>
      ctx.reply(JSON.stringify({ ...ctx.inputs, day: ctx.inputs.day?.toISOString().slice(0, 10) })),
    );
  }),
  preset: defineBot((bot) => {
    bot.command("preset", (ctx) => ctx.reply(filledIn));
    bot.action("filled-in", { inputs: inputsOf(filledIn) }, (ctx) =>
      ctx.reply(`${ctx.inputs.n} ${ctx.inputs.agree}`),
    );
  }),
  agree: defineBot((bot) => {
    bot.command("agree", (ctx) =>
      ctx.reply({
        card: {
          type: "AdaptiveCard",
          version: "1.3",
          body: [{ type: "Input.Toggle", id: "agree", title: "I agree", valueOn: "aye", valueOff: "nay" }],
          actions: [{ type: "Action.Submit", title: "Send", data: { action: "agree" } }],
        },
      }),
    );
    bot.action("agree", { inputs: { agree: "boolean" } }, (ctx) => ctx.reply(`agree=${ctx.inputs.agree}`));
  }),
};

/** Ends the handlers that have posted their card and wait. */
let goOn: () => void = () => {};
const held = new Promise<void>((resolve) => {
  goOn = resolve;
});

let playground: TestPlayground;
beforeAll(async () => {
  playground = await createPlayground({ timeoutMs: 20_000 });
  await playground.serve({ bots: { ...bots, slow } });
});
afterAll(() => playground.close());

const textOf = ({ text }: Reply): string => text;

async function textsOf(turn: Turn): Promise<readonly string[]> {
  return (await turn.replies()).map(textOf);
}

/** Sends a click by the card as a client does, or a click with any values as anybody in the room can. */
async function clickOrder(values: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const person = playground.person();
  return textsOf(await person.click(await person.say("order"), "Send", values));
}

/** Fills the form in by answers to questions. @returns what the bot wrote last */
async function answerOrder(platform: "spika" | "intercom", values: Values): Promise<string> {
  const person = playground[platform].person("Ada Lovelace");
  let last = "";
  for (const text of ["order", "1", ...Object.values(values)])
    last = (await textsOf(await person.say(text))).join("\n");
  return last;
}

const TYPED =
  '{"name":"Ada","n":7,"day":"2026-12-31","time":"18:00","size":"x l","extras":["s"],"agree":true}';

it("a click with values that the card allows is handled, once", async () => {
  expect(await clickOrder(RIGHT)).toEqual([TYPED]);
});

it.each(["spika", "intercom"] as const)("answers in %s come to the same values", async (platform) => {
  const typed = { ...RIGHT, size: "very large", extras: "1", agree: "yes" };
  expect(await answerOrder(platform, typed)).toContain(TYPED);
});

const WRONG: readonly (readonly [keyof Values, unknown, string])[] = [
  ["name", "", "Your name is empty"],
  ["name", " ", "Your name is empty"],
  ["name", "Ada L.", "Your name has 6 characters; expected at most 5"],
  ["name", "ada", "Your name does not have the form"],
  ["n", "10.5", "How many is more than 10; expected 0 to 10"],
  ["n", "-1", "How many is less than 0; expected 0 to 10"],
  ["n", "0x1", "How many is not a number"],
  ["day", "2027-01-01", "Day is after 2026-12-31"],
  ["day", "31.12.2026", "Day is not a date"],
  ["time", "7:59", "We are open from 8 to 18."],
  ["size", "zzz", "Size is not among the choices; expected one of Small, Very large"],
  ["extras", "s,zzz", "Extras has something that is not among the choices"],
  ["agree", "false", "I agree has to be on"],
];

describe("a value just beyond a rule of the card", () => {
  it.each(WRONG)("is refused in a click: %s %j", async (id, value, told) => {
    const [said] = await clickOrder({ ...RIGHT, [id]: value });
    expect(said?.replaceAll("**", "").replace(/(Time): /, "")).toContain(told);
  });

  it.each(["spika", "intercom"] as const)("is refused in %s when it is answered", async (platform) => {
    const person = playground[platform].person("Grace Hopper");
    const say = async (text: string) => (await textsOf(await person.say(text))).join("\n");
    await say("order");
    await say("1");
    for (const [id, right] of Object.entries(RIGHT)) {
      // A message without words is no answer, and "-" leaves the input empty.
      for (const [of, wrong, told] of WRONG)
        if (of === id) expect(await say(String(wrong).trim() || "-")).toContain(told);
      await say(right);
    }
    expect(await say("order")).toContain("Order");
  });
});

it("one message names all invalid values by their labels, and the button can still be used", async () => {
  const ada = playground.person();
  const asked = await ada.say("order");
  const wrong = {
    ...Object.fromEntries(WRONG.map(([id, value]) => [id, value])),
    made: "up",
    __proto__: null,
  };
  const again = await ada.click(asked, "Send", wrong);
  const [{ text = "" } = {}] = await again.replies();
  for (const label of LABELS) expect(text).toContain(label);
  // In a direct room the form comes back, and replaces the first.
  await expect(ada.click(again, "Send", RIGHT)).toHaveReplied(TYPED);
});

it("a click with anything for its values reaches the handler only with what the card allows", async () => {
  const ada = playground.person();
  const anything = fc.dictionary(
    fc.constantFrom("name", "n", "day", "time", "size", "extras", "agree", "made", "action"),
    fc.oneof(
      fc.jsonValue(),
      fc.constantFrom("Ada", "5", "11", "2026-05-05", "9:00", "s", "x l", "s,x l", "true", "false"),
    ),
  );
  await fc.assert(
    fc.asyncProperty(anything, async (values) => {
      const [said = ""] = await textsOf(await ada.click(await ada.say("order"), "Send", values));
      if (!said.startsWith("{")) return;
      const {
        name,
        n,
        day = "2026-05-05",
        time = "09:00",
        size,
        extras = [],
        agree,
      } = JSON.parse(said) as {
        [id: string]: never;
      };
      expect(name).toMatch(/^[A-Z].{0,4}$/s);
      expect(n).toBeGreaterThanOrEqual(0);
      expect(n).toBeLessThanOrEqual(10);
      expect(day).toMatch(/^2026-/);
      expect(time).toMatch(/^(0[89]|1[0-7]):|^18:00$/);
      expect(["s", "x l"]).toEqual(expect.arrayContaining([size, ...(extras as readonly string[])]));
      expect(agree).toBe(true);
    }),
    { numRuns: 40 },
  );
});

describe("a toggle with values of its own", () => {
  it("is sent unchanged if the person does not change it, with the other presets of the card", async () => {
    const person = playground.person();
    await expect(person.click(await person.say("agree"), "Send")).toHaveReplied("agree=false");
    await expect(person.click(await person.say("preset"), "Send")).toHaveReplied("7 true");
  });

  it.each([
    ["aye", "agree=true"],
    ["nay", "agree=false"],
    ["true", "agree=true"],
  ])("is %s in a click: %s", async (value, said) => {
    const person = playground.person();
    await expect(person.click(await person.say("agree"), "Send", { agree: value })).toHaveReplied(said);
  });

  it.each(["spika", "intercom"] as const)("is yes, no, or its own value in %s", async (platform) => {
    const person = playground[platform].person("Ada Lovelace");
    for (const [answer, said] of [
      ["yes", "agree=true"],
      ["aye", "agree=true"],
      ["no", "agree=false"],
      ["-", "agree=false"],
    ] as const) {
      await (await person.say("agree")).ended();
      await (await person.say("1")).ended();
      await expect(person.say(answer)).toHaveReplied(new RegExp(said));
    }
  });
});

describe("a click while the handler that posted the card has not ended", () => {
  let bob: Person;
  let known: Reply;
  let card: Reply;
  beforeAll(async () => {
    bob = playground.person();
    await bob.join(playground.lobby);
    known = await (await bob.say("order", { in: playground.lobby })).reply();
    await bob.say("slow", { in: playground.lobby });
    card = await inLobby(bob, ({ id, buttons }) => buttons.length > 0 && id !== known.id);
  });
  afterAll(() => goOn());

  it("is checked against the card, and handled", async () => {
    const wrong = await bob.click(card, "Send", { ...RIGHT, n: "11" });
    expect((await textsOf(wrong)).join()).toContain("How many is more than 10");
    await expect(bob.click(card, "Send", RIGHT)).toHaveReplied(TYPED);
  });

  it("is refused at another card of the bot", async () => {
    const token = /"bellhop":"([^"]+)"/.exec(JSON.stringify(card.card))?.[1];
    await playground.playground.clicks(bob.id, known.id, { bellhop: token, ...RIGHT });
    await inLobby(bob, ({ text }) => text.includes("belongs to another message"));
  });
});

/** The first message in the lobby that is meant, as soon as it is there. */
async function inLobby(reader: Person, isMeant: (message: Reply) => boolean): Promise<Reply> {
  for (;;) {
    const found = reader.messages(playground.lobby).find(isMeant);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
