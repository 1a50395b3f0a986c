import { join } from "node:path";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { type PostgresServer, postgresIsMissing, startPostgres } from "../inbox/postgres-server";
import { freePort, type Program, startProgram, untilReady } from "../program";
import { type Desk, openDesk, SECRET } from "./playground-fixture";

const BOTS = join(__dirname, "buttons/bots");
const CARDS = join(__dirname, "cards");
const PEOPLE = 200;

interface Card {
  readonly id: string;
  readonly attachments?: readonly { readonly content: unknown }[] | undefined;
}

/** Has the bot post its card into the lobby. */
async function askInLobby(playground: ListeningPlayground, by = "Ada", what = "ask"): Promise<Card> {
  await playground.says(by, what, { roomId: playground.webex.lobbyId, mention: true });
  return playground.nextMessageFrom("bot");
}

/** Brings people into the lobby. @returns their addresses */
async function crowd(playground: ListeningPlayground, count: number): Promise<readonly string[]> {
  const [ada] = playground.webex.people;
  const emails = Array.from({ length: count }, (_, index) => `person${index}@example.com`);
  for (const personEmail of emails) {
    const response = await fetch(`${playground.apiBaseUrl}/memberships`, {
      method: "POST",
      headers: { authorization: `Bearer ${ada?.token}`, "content-type": "application/json" },
      body: JSON.stringify({ roomId: playground.webex.lobbyId, personEmail }),
    });
    if (!response.ok) throw new Error(`POST /memberships answered ${response.status}`);
  }
  return emails;
}

/** Everybody clicks at once. @returns what the bot answered them */
async function clickAtOnce(playground: ListeningPlayground): Promise<readonly string[]> {
  const people = await crowd(playground, PEOPLE);
  const card = await askInLobby(playground);
  await Promise.all(people.map((person) => playground.presses(person, card.id, "Send", { answer: person })));
  const answers: string[] = [];
  while (answers.length < PEOPLE)
    answers.push((await playground.nextMessageFrom("bot", { timeoutMs: 100_000 })).text ?? "");
  return answers;
}

function expectOneWinner(answers: readonly string[]): void {
  const taken = answers.filter((answer) => answer.startsWith("Taken: "));
  expect(taken).toHaveLength(1);
  const late = answers.filter((answer) => /(did this already|clicked this) ?.*(just now|ago)/.test(answer));
  expect(late).toHaveLength(PEOPLE - 1);
}

describe("a card in a room", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(BOTS, { cards: CARDS });
  });
  afterAll(() => desk.close());

  it("takes a button as it was sent, and not what somebody sends to the API", async () => {
    const { playground } = desk;
    const card = await askInLobby(playground);
    await playground.clicks("Grace", card.id, { action: "answer", answer: "by hand" });
    expect((await playground.nextMessageFrom("bot")).text).toContain("cannot be used");
    await playground.presses("Grace", card.id, "Send", { answer: "a bell" });
    expect((await playground.nextMessageFrom("bot")).text).toBe("Taken: a bell");
  });

  it("takes no button of another card", async () => {
    const { playground } = desk;
    const [first, second] = [await askInLobby(playground), await askInLobby(playground)];
    await playground.clicks("Grace", second.id, { ...tokenOf(first), answer: "copied" });
    expect((await playground.nextMessageFrom("bot")).text).toContain("belongs to another message");
  });

  it("that is for who asked is for nobody else", async () => {
    const { playground } = desk;
    const card = await askInLobby(playground, "Ada", "ask me");
    await playground.presses("Grace", card.id, "Send", { answer: "mine" });
    expect((await playground.nextMessageFrom("bot")).text).toBe("That card is meant for somebody else.");
    await playground.presses("Ada", card.id, "Send", { answer: "hers" });
    expect((await playground.nextMessageFrom("bot")).text).toBe("Taken: hers");
  });

  it("for one person comes back as it was filled in, with what does not fit", async () => {
    const { playground } = desk;
    await playground.says("Ada", "count");
    const form = await playground.nextMessageFrom("bot");
    await playground.presses("Ada", form.id, "Send", { answer: "many" });
    const again = await playground.nextMessageFrom("bot");
    expect(again.attachments?.[0]?.content).toMatchObject({
      body: [{}, { id: "answer", value: "many" }, { text: "Your answer is not a whole number" }],
    });
    await playground.presses("Ada", again.id, "Send", { answer: "3" });
    expect((await playground.nextMessageFrom("bot")).text).toBe("Counted: 3");
  });

  it("says nothing to a click by somebody who may not use the bot, whatever they send", async () => {
    const { playground } = desk;
    const [ada] = playground.webex.people;
    await fetch(`${playground.apiBaseUrl}/memberships`, {
      method: "POST",
      headers: { authorization: `Bearer ${ada?.token}`, "content-type": "application/json" },
      body: JSON.stringify({ roomId: playground.webex.lobbyId, personEmail: "eve@evil.org" }),
    });
    const card = await askInLobby(playground);
    await playground.presses("eve@evil.org", card.id, "Send", { answer: "let me" });
    await playground.clicks("eve@evil.org", card.id, { action: "answer", answer: "by hand" });
    await playground.presses("Grace", card.id, "Send", { answer: "and now I" });
    expect((await playground.nextMessageFrom("bot")).text).toBe("Taken: and now I");
  });

  it(`lets one of ${PEOPLE} clicks at the same instant through`, async () => {
    expectOneWinner(await clickAtOnce(desk.playground));
  });
});

const missing = postgresIsMissing();
if (missing !== undefined && process.env.CI) throw new Error(missing);
if (missing !== undefined) process.stderr.write(`\nSKIPPED buttons on two machines: ${missing}\n`);

(missing === undefined ? describe : describe.skip)("a card of two programs on one database", () => {
  let postgres: PostgresServer;
  let playground: ListeningPlayground;
  const programs: Program[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    playground = await listenPlayground();
    const databaseUrl = postgres.newDatabase();
    for (const webhooks of ["sync", "off"]) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const program = startProgram({
        PORT: String(port),
        PUBLIC_URL: url,
        WEBHOOKS: webhooks,
        WEBEX_BOT_TOKEN: playground.webex.botToken,
        WEBEX_WEBHOOK_SECRET: SECRET,
        WEBEX_API_BASE_URL: playground.apiBaseUrl,
        BOTS_DIR: BOTS,
        CARDS_DIR: CARDS,
        DATABASE_URL: databaseUrl,
        LOG_LEVEL: "warn",
      });
      programs.push(program);
      await untilReady(program, url);
    }
  });
  afterAll(async () => {
    for (const program of programs) program.child.kill("SIGKILL");
    await Promise.all(programs.map((program) => program.ended));
    await playground.close();
    postgres.remove();
  });

  it(`lets one of ${PEOPLE} clicks at the same instant through, whichever of them handles it`, async () => {
    expectOneWinner(await clickAtOnce(playground));
  });
});

/** Hidden data of the card's button: all that an onlooker could copy. */
function tokenOf(card: Card): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(card.attachments?.[0]?.content);
  const token = /"bellhop":"([^"]+)"/.exec(text)?.[1];
  return { bellhop: token };
}
