import { join, resolve } from "node:path";
import { loadCards } from "../../src/cards/load";
import { type Desk, openDesk } from "../e2e/desk";

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
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(join(ROOT, "bots"), { cards: CARDS });
  });
  afterAll(() => desk.close());

  const answer = async (parentId: string) => desk.playground.nextMessageFrom("bot", { parentId });

  it.each([
    ["hello", /^Hello!/],
    ["Hello!", /^Hello!/],
    ["echo one *two*", /^You said: one \*two\*$/],
    ["well, thanks a lot", /^Any time\.$/],
    ["expense", /expense 12\.50 EUR/],
    ["expense -5", /more than nothing/],
    ["broken", /went wrong; someone has been told/],
  ])("answer %j", async (question, expected) => {
    const { id } = await desk.playground.says("Ada", question);
    expect((await answer(id)).text).toMatch(expected);
  });

  it("list their commands", async () => {
    const { id } = await desk.playground.says("Ada", "help");
    const { markdown } = await answer(id);
    for (const command of ["hello", "echo", "card", "expense", "busy", "broken"])
      expect(markdown).toContain(command);
  });

  it("ask for a name by a card, and greet who gives it", async () => {
    const { id } = await desk.playground.says("Ada", "card");
    const card = await answer(id);
    expect(card.attachments?.[0]?.content).toMatchObject({
      body: [{ text: "Hello, Ada Lovelace" }, { label: "Your name" }],
      actions: [{ title: "Send" }],
    });
    await desk.playground.presses("Ada", card.id, "Send", { name: "Countess <@all>" });
    expect(await answer(id)).toMatchObject({ text: "Nice to meet you, Countess <@all>!" });
  });

  it.each([
    ["Approve", "Approved", "Good"],
    ["Reject", "Rejected", "Attention"],
  ])("put the decision in the place of the card: %s", async (button, decision, color) => {
    const { id } = await desk.playground.says("Ada", "expense 12.5 chf");
    const card = await answer(id);
    expect(card.text).toContain("Ada Lovelace asks to approve 12.50 CHF");
    await desk.playground.presses("Ada", card.id, button, { comment: "so be it" });
    const decided = await answer(id);
    expect(decided.attachments?.[0]?.content).toMatchObject({
      body: [{ text: decision, color }, { facts: [{ value: "12.50 CHF" }, {}, {}] }, { text: "so be it" }],
    });
    // The card goes once the decision is there.
    const deadline = Date.now() + 5_000;
    let status = 200;
    while (status === 200 && Date.now() < deadline)
      ({ status } = await callAsAda("GET", `/messages/${card.id}`));
    expect(status).toBe(404);
  });

  it("try again what failed, and answer once", async () => {
    const { id } = await desk.playground.says("Ada", "busy");
    expect((await answer(id)).text).toBe("It worked on attempt 2.");
  });

  it("greet where they are added, and report who comes, goes and what the room is called", async () => {
    const { id: roomId } = await created("/rooms", { title: "Plans" });
    const next = async (): Promise<string | undefined> =>
      (await desk.playground.nextMessageFrom("bot", { roomId })).text;
    const [, grace] = desk.playground.webex.people;

    await created("/memberships", { roomId, personId: desk.playground.webex.bot.id });
    expect(await next()).toMatch(/^Hello! I am new here/);
    const membership = await created("/memberships", { roomId, personEmail: grace?.email });
    expect(await next()).toBe("Welcome, Grace Hopper!");
    await callAsAda("PUT", `/memberships/${membership.id}`, { isModerator: true });
    expect(await next()).toBe("Grace Hopper is a moderator now.");
    await callAsAda("PUT", `/rooms/${roomId}`, { title: "Better plans" });
    expect(await next()).toBe("This room has changed: it is called Better plans.");
    await callAsAda("DELETE", `/memberships/${membership.id}`);
    expect(await next()).toBe("Grace Hopper has left.");
  });

  function callAsAda(
    method: string,
    path: string,
    body?: Readonly<Record<string, unknown>>,
  ): Promise<Response> {
    const [ada] = desk.playground.webex.people;
    return fetch(desk.playground.apiBaseUrl + path, {
      method,
      headers: { authorization: `Bearer ${ada?.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function created(path: string, body: Readonly<Record<string, unknown>>): Promise<{ id: string }> {
    const response = await callAsAda("POST", path, body);
    expect(response.status).toBe(200);
    return (await response.json()) as { id: string }; // what the API answers to a POST
  }
});
