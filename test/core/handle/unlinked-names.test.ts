import { type Bot, defineBot } from "../../../src/core/contract/bot";
import type { CardButton } from "../../../src/core/contract/card-source";
import { buildBot } from "../../../src/core/handle/build-bot";
import { type BotSources, findUnlinkedNames, NO_SOURCES } from "../../../src/core/handle/unlinked-names";

const AT = "cards/greeting.json:7";
const GREET: readonly CardButton[] = [{ action: "greet", at: AT }];

function warningsOf(
  setup: (bot: Bot) => void,
  buttons: readonly CardButton[] | undefined,
  sources: BotSources = NO_SOURCES,
): string[] {
  const cards = { names: ["greeting"], ...(buttons && { buttons }) };
  return findUnlinkedNames([buildBot("a", defineBot(setup))], cards, sources);
}

function quoted(...texts: readonly string[]): BotSources {
  return { names: [], quoted: new Map(texts.map((text) => [text, 1])) };
}

const nothing = (): void => {};

describe("names that are linked across files", () => {
  it("a button whose action has a handler is right", () => {
    expect(warningsOf((bot) => bot.action("greet", nothing), GREET, quoted("greet"))).toEqual([]);
  });

  it("a button without a handler is reported with its place and the nearest handler", () => {
    const warnings = warningsOf((bot) => bot.action("gret", nothing), GREET, quoted("gret"));
    expect(warnings).toEqual([
      `${AT}: no bot.action("greet") takes this button. Did you mean "gret"?`,
      expect.stringMatching(
        /unlinked-names\.test\.ts:\d+: no button has the action "gret"\. Did you mean "greet"\?$/,
      ),
    ]);
  });

  it.each<[string, (bot: Bot) => void]>([
    ["all clicks", (bot) => bot.on("attachmentActions.created", nothing)],
    ["everything", (bot) => bot.on("*", nothing)],
    ["middleware", (bot) => bot.use(nothing)],
  ])("a button may be taken by a handler for %s", (_name, setup) => {
    expect(warningsOf(setup, GREET)).toEqual([]);
  });

  it("a handler whose action stands elsewhere in the code may belong to a card in code", () => {
    const twice: BotSources = { names: [], quoted: new Map([["save", 2]]) };
    expect(warningsOf((bot) => bot.action("save", nothing), [], twice)).toEqual([]);
  });

  it("nothing is reported of buttons that are not known", () => {
    expect(warningsOf((bot) => bot.action("greet", nothing), undefined, quoted("greet"))).toEqual([]);
  });

  it("a card and a step that do not exist are reported with the nearest that do", () => {
    const sources: BotSources = {
      names: [
        { kind: "card", name: "greeting", at: "bots/a.ts:1" },
        { kind: "card", name: "gretting", at: "bots/a.ts:2" },
        { kind: "step", name: "dsh", at: "bots/a.ts:3" },
        { kind: "step", name: "dish", at: "bots/a.ts:4" },
      ],
      quoted: new Map(),
    };
    expect(warningsOf((bot) => bot.answer("dish", nothing), [], sources)).toEqual([
      'bots/a.ts:2: there is no card "gretting". Did you mean "greeting"?',
      'bots/a.ts:3: no bot.answer("dsh") takes the answer. Did you mean "dish"?',
    ]);
  });
});
