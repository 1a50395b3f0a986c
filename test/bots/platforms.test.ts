import { join, resolve } from "node:path";
import {
  createPlayground,
  type IntercomPerson,
  type Person,
  type SpikaPerson,
  type TestPlayground,
  type Turn,
} from "bellhop/testing";
import "bellhop/testing/jest";

const ROOT = resolve(__dirname, "../..");

type Anybody = Person | SpikaPerson | IntercomPerson;

let playground: TestPlayground;
beforeAll(async () => {
  playground = await createPlayground();
  await playground.serve({ bots: join(ROOT, "bots"), cards: join(ROOT, "cards") });
});
afterAll(() => playground.close());

const PEOPLE: Readonly<Record<string, (name: string) => Anybody>> = {
  webex: (name) => playground.person(name),
  spika: (name) => playground.spika.person(name),
  intercom: (name) => playground.intercom.person(name),
};

describe.each(Object.entries(PEOPLE))("the example bots, as they are, in %s", (platform, person) => {
  it.each([
    ["hello", /^Hello!/],
    ["HELLO", /^Hello!/],
    ["echo one *two*", /^You said: one \*two\*$/],
    ["well, thanks a lot", /^Any time\.$/],
    ["expense", /expense 12\.50 EUR/],
    ["expense -5", /more than nothing/],
    ["busy", /^It worked on attempt 2\.$/],
    ["broken", /went wrong; someone has been told/],
  ])("answer %j", async (question, expected) => {
    const turn = await person("Ada Lovelace").say(question);
    expect((await turn.replies()).map(({ text }) => text)).toEqual([expect.stringMatching(expected)]);
  });

  it("list their commands", async () => {
    const { text } = await (await person("Ada Lovelace").say("help")).reply();
    for (const command of ["hello", "echo", "card", "expense", "lunch", "busy", "broken"])
      expect(text).toContain(command);
  });

  it("take an order, one thing after the other, and remember it", async () => {
    const ada = person("Alan Turing");
    const said: (string | undefined)[] = [];
    for (const text of ["lunch", "hello soup", "a few", "2", "lunch", "cancel", "hello"])
      said.push((await (await ada.say(text)).reply()).text);
    expect(said).toEqual([
      "What would you like?",
      "hello soup. For how many?",
      "A whole number, please. For how many?",
      "Ordered: hello soup, 2 times.",
      "What would you like? Last time it was hello soup.",
      "No lunch, then.",
      expect.stringMatching(/^Hello!/),
    ]);
  });

  it("name the nearest command in a direct conversation, and leave a group room alone", async () => {
    const turn = await person("Ada Lovelace").say("exspense 12");
    if (platform === "spika")
      expect(await turn.ended()).toMatchObject({
        kind: "dropped",
        reason: "no handler matched; the message is not addressed to the bot",
      });
    else
      await expect(turn).toHaveReplied(
        "Did you mean expense <amount:number> [currency]? Send help to see all commands.",
      );
  });

  it("have an expense decided", async () => {
    const ada = person("Ada Lovelace");
    const filed = await ada.say("expense 12.5 chf");
    await expect(filed).toHaveReplied(/12\.50 CHF/);
    const decided = await decide(ada, filed);
    const said = (await decided.replies())
      .map(({ text, cardTexts }) => `${text} ${cardTexts.join(" ")}`)
      .join();
    for (const words of ["Approved", "12.50 CHF", "so be it", "Ada Lovelace"]) expect(said).toContain(words);
  });

  /** By the card's button, or by answering. */
  async function decide(ada: Anybody, filed: Turn): Promise<Turn> {
    if ("click" in ada) return ada.click(filed, "Approve", { comment: "so be it" });
    const chosen = "press" in ada ? ada.press(filed, "Approve") : ada.say("1");
    await expect(chosen).toHaveReplied(/^Comment\?/);
    return ada.say("so be it");
  }
});
