import { join, resolve } from "node:path";
import { createPlayground, type Person, type TestPlayground } from "bellhop/testing";
import { loadCards } from "../../src/cards/load";
import "bellhop/testing/jest";

const ROOT = resolve(__dirname, "../..");
const CARDS = join(ROOT, "cards");

describe("the cards", () => {
  const cards = loadCards(CARDS);

  it.each(cards.names)("%s is filled with its sample data, and only with it", (name) => {
    const sample = cards.sampleOf(name);
    expect(sample).toBeDefined();
    expect(cards.render(name, sample ?? {}).fallbackText).not.toBe("");
    expect(() => cards.render(name, {})).toThrow(/the data has no/);
  });

  it("give no warning", () => {
    expect(cards.warnings).toEqual([]);
  });
});

describe("the bots, all together on one account", () => {
  let playground: TestPlayground;
  let ada: Person;
  beforeAll(async () => {
    playground = await createPlayground();
    await playground.serve({ bots: join(ROOT, "bots"), cards: CARDS });
  });
  afterAll(() => playground.close());
  beforeEach(() => {
    ada = playground.person("Ada Lovelace");
  });

  it.each([
    ["hello", /^Hello!/],
    ["Hello!", /^Hello!/],
    ["echo one *two*", /^You said: one \*two\*$/],
    ["well, thanks a lot", /^Any time\.$/],
    ["expense", /expense 12\.50 EUR/],
    ["expense -5", /more than nothing/],
    ["broken", /went wrong; someone has been told/],
  ])("answer %j", async (question, expected) => {
    await expect(ada.say(question)).toHaveReplied(expected);
  });

  it("list their commands", async () => {
    const { text } = await (await ada.say("help")).reply();
    for (const command of ["hello", "echo", "card", "expense", "lunch", "busy", "broken"])
      expect(text).toContain(command);
  });

  it("ask for a name by a card, and greet who gives it", async () => {
    const asked = await ada.say("card");
    await expect(asked).toHaveSentCard(["Hello, Ada Lovelace", "Your name", "Send"]);
    const answered = ada.click(asked, "Send", { name: "Countess <@all>" });
    await expect(answered).toHaveReplied("Nice to meet you, Countess <@all>!");
  });

  it.each([
    ["Approve", "Approved", "Good"],
    ["Reject", "Rejected", "Attention"],
  ])("put the decision in the place of the card: %s", async (button, decision, color) => {
    const filed = await ada.say("expense 12.5 chf");
    await expect(filed).toHaveReplied(/Ada Lovelace asks to approve 12.50 CHF/);
    const decided = await ada.click(filed, button, { comment: "so be it" });
    await expect(decided).toHaveSentCard(["12.50 CHF", "so be it"]);
    await expect(decided).toHaveSentCard({ body: [{ text: decision, color }, {}, {}] });
    const card = await filed.reply();
    expect(ada.messages().map(({ id }) => id)).not.toContain(card.id);
  });

  it("try again what failed, and answer once", async () => {
    const tried = await ada.say("busy");
    expect((await tried.replies()).map(({ text }) => text)).toEqual(["It worked on attempt 2."]);
  });

  it("greet where they are added, and report who comes, goes and what the room is called", async () => {
    const grace = playground.person("Grace Hopper");
    const room = await ada.open("Plans");
    await expect(ada.add(playground.bot, room)).toHaveReplied(/^Hello! I am new here/);
    await expect(grace.join(room)).toHaveReplied("Welcome, Grace Hopper!");
    await expect(ada.makeModerator(grace, room)).toHaveReplied("Grace Hopper is a moderator now.");
    await expect(ada.rename(room, "Better plans")).toHaveReplied(
      "This room has changed: it is called Better plans.",
    );
    await expect(grace.leave(room)).toHaveReplied("Grace Hopper has left.");
  });
});
