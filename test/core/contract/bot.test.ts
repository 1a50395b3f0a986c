import { type Bot, defineBot, isBotDefinition } from "../../../src/core/contract/bot";
import { buildBot } from "../../../src/core/handle/build-bot";

const nothing = (): void => {};

/** Nobody checks what a module in JavaScript passes. */
type BotInJavaScript = Readonly<Record<keyof Bot, (...given: unknown[]) => void>>;

function build(setup: (bot: never) => unknown): ReturnType<typeof buildBot> {
  return buildBot("test", defineBot(setup as (bot: Bot) => void)); // as JavaScript would
}

describe("defineBot", () => {
  it("makes what isBotDefinition recognises, and nothing else is", () => {
    expect(isBotDefinition(defineBot(nothing))).toBe(true);
    for (const other of [undefined, null, {}, nothing, "bot", { default: defineBot(nothing) }])
      expect(isBotDefinition(other)).toBe(false);
  });
});

describe("buildBot", () => {
  it("tells the module its name", () => {
    let name: string | undefined;
    buildBot(
      "expenses",
      defineBot((bot) => {
        name = bot.name;
      }),
    );
    expect(name).toBe("expenses");
  });

  it("notes for each handler the line where it was written", () => {
    const { routes } = build((bot: Bot) => {
      bot.hears("one", nothing);
      bot.action("two", nothing);
    });
    const [one, two] = routes.map(({ at }) => /^(.+):(\d+)$/.exec(at));
    expect([one?.[1], two?.[1]]).toEqual([__filename, __filename]);
    expect(Number(two?.[2])).toBe(Number(one?.[2]) + 1);
  });

  it("lets what the module throws through", () => {
    const broken = new Error("broken module");
    expect(() =>
      build(() => {
        throw broken;
      }),
    ).toThrow(broken);
  });

  it.each<[string, (bot: BotInJavaScript) => unknown, string]>([
    [
      "a command without a handler",
      (bot) => bot.command("ping"),
      'command "ping": the handler is undefined, expected a function',
    ],
    [
      "options where the handler belongs",
      (bot) => bot.command("ping", { help: "Pings" }),
      'command "ping": the handler is an object, expected a function',
    ],
    [
      "a command without a pattern",
      (bot) => bot.command(undefined, nothing),
      "command: the pattern is undefined, expected a text",
    ],
    [
      "a pattern that makes no sense",
      (bot) => bot.command("<a>", nothing),
      'command "<a>": it begins with no fixed word',
    ],
    [
      "an unknown option",
      (bot) => bot.command("ping", { description: "Pings" }, nothing),
      'command "ping": there is no option "description"; expected help',
    ],
    ["a phrase without a word", (bot) => bot.hears("...", nothing), 'hears "...": the phrase has no word'],
    [
      "hearing nothing",
      (bot) => bot.hears(undefined, nothing),
      "hears: the trigger is undefined, expected a text or an expression",
    ],
    [
      "an action without a name",
      (bot) => bot.action({}, nothing),
      "action: the name is an object, expected a text",
    ],
    ["an action with an empty name", (bot) => bot.action("", nothing), "action: the name is empty"],
    ["an answer to nothing", (bot) => bot.answer("", nothing), "answer: the step is empty"],
    [
      "an answer without a handler",
      (bot) => bot.answer("size"),
      'answer "size": the handler is undefined, expected a function',
    ],
    ["an event without a name", (bot) => bot.on("", nothing), "on: the name is empty"],
    [
      "self that is no yes or no",
      (bot) => bot.on("memberships", { self: "bot" }, nothing),
      'on "memberships": self is a text, expected true or false',
    ],
    ["middleware that is none", (bot) => bot.use({}), "use: the handler is an object, expected a function"],
    ["a catch that is none", (bot) => bot.catch(), "catch: the handler is undefined, expected a function"],
    [
      "a policy with a misspelt rule",
      (bot) => bot.allow({ emailDomain: ["example.com"] }),
      'allow: there is no rule "emailDomain", did you mean "emailDomains"? expected emailDomains, emails, personIds, roomIds, roomKinds, bots',
    ],
    [
      "a policy whose list is none",
      (bot) => bot.allow({ emails: "ada@example.com" }),
      "allow: emails is a text, expected a list of texts",
    ],
    [
      "a policy whose list has another thing in it",
      (bot) => bot.allow({ roomIds: [undefined] }),
      "allow: roomIds has undefined in it, expected a list of texts",
    ],
    [
      "a domain with its at sign, which nobody has",
      (bot) => bot.allow({ emailDomains: ["@example.com"] }),
      'allow: emailDomains has "@example.com", expected a domain such as "example.com"',
    ],
    [
      "a policy that lets bots in by a text",
      (bot) => bot.allow({ bots: "false" }),
      "allow: bots is a text, expected true or false",
    ],
    [
      "a kind of room that there is not",
      (bot) => bot.allow({ roomKinds: ["private"] }),
      'allow: roomKinds has "private", expected direct or group',
    ],
    ["no policy", (bot) => bot.allow(), "allow: the policy is undefined, expected an object"],
    ["an async function", async () => {}, "the function given to defineBot is async"],
    [
      "an async function that fails",
      async () => Promise.reject(new Error("too late")),
      "the function given to defineBot is async",
    ],
  ])("refuses %s", (_what, setup, problem) => {
    expect(() => build(setup)).toThrow(problem);
  });
});
