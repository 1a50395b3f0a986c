import { join } from "node:path";
import {
  createPlayground,
  type IntercomPerson,
  type Person,
  type SpikaPerson,
  type TestPlayground,
  type Turn,
} from "bellhop/testing";
import { defineBot } from "../../src/index";
import "bellhop/testing/jest";

type Anybody = Person | SpikaPerson | IntercomPerson;

/** What a platform is like for a test; whatever differs, with the reason. */
interface Place {
  readonly platform: "webex" | "spika" | "intercom";
  person(playground: TestPlayground, name: string): Anybody;
  /** The id by which a policy knows somebody. */
  idOf(playground: TestPlayground, person: Anybody): string;
  /** Where the bot posts. */
  readonly posting: string;
  /** What was said while nobody listened cannot be found: a room's API key reads nothing. */
  readonly forgets?: true;
}

const PLACES: readonly Place[] = [
  {
    platform: "webex",
    person: (playground, name) => playground.person(name),
    idOf: (_playground, person) => ("id" in person ? person.id : ""),
    posting: "/messages",
  },
  {
    platform: "spika",
    person: (playground, name) => playground.spika.person(name),
    idOf: (_playground, person) => ("id" in person ? person.id : ""),
    posting: "/api/messaging/messages",
    forgets: true,
  },
  {
    platform: "intercom",
    person: (playground, name) => playground.intercom.person(name),
    idOf: ({ playground }, { displayName }) =>
      playground.intercom.people.find(({ name }) => name === displayName)?.id ?? "",
    posting: "/conversations",
  },
];

const LONG = Array.from({ length: 2_000 }, (_, line) => `${line + 1}. äöü 🛎 and some words`).join("\n");

const everywhere = defineBot((bot) => {
  bot.hears(/^number \d+$/, (ctx) => ctx.reply(`heard ${ctx.message.text}`));
  bot.command("long", (ctx) => ctx.reply({ text: LONG }));
  bot.command("file", (ctx) =>
    ctx.reply({
      text: "Here.",
      files: [{ data: Buffer.from("bytes ä"), name: "a.txt", type: "text/plain" }],
    }),
  );
  bot.command("ask", (ctx) => ctx.reply(ctx.card("form")));
  bot.action("go", { once: true }, (ctx) => ctx.reply("Gone."));
});

const CARDS = join(__dirname, "../testing/cards");

describe.each(PLACES)("one handler, in $platform", (place) => {
  const { platform, posting } = place;
  let playground: TestPlayground;
  let ada: Anybody;

  beforeEach(async () => {
    playground = await createPlayground({ timeoutMs: 100_000 });
    ada = place.person(playground, "Ada Lovelace");
  });
  afterEach(() => playground.close());

  const serve = (bot = everywhere) =>
    playground.serve({ bots: { bot }, cards: CARDS, platforms: [platform] });
  const texts = async (turn: Turn): Promise<string[]> => (await turn.replies()).map(({ text }) => text);

  it("answers what is said quickly one after the other, in order and each once", async () => {
    await serve();
    const turns: Turn[] = [];
    for (let number = 1; number <= 15; number++) turns.push(await ada.say(`number ${number}`));
    const answers = await Promise.all(turns.map(texts));
    expect(answers).toEqual(turns.map((_, index) => [`heard number ${index + 1}`]));
  });

  it("says what is too long for one message in several, at the ends of lines", async () => {
    await serve();
    const said = await texts(await ada.say("long"));
    expect(said.length).toBeGreaterThan(1);
    expect(said.join("\n")).toBe(LONG);
  });

  it("sends a file", async () => {
    await serve();
    const files = (await (await ada.say("file")).replies()).flatMap((reply) => reply.files);
    expect(files.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([["a.txt", "bytes ä"]]);
  });

  it("is asked once by a button that works once, by click or by answer", async () => {
    await serve();
    const asked = await ada.say("ask");
    const choose = (): Promise<Turn> => ("click" in ada ? ada.click(asked, "Go") : ada.say("1"));
    await expect(choose()).toHaveReplied("Gone.");
    await expect(choose()).not.toHaveReplied("Gone.");
  });

  it("is not reached by whom the policy refuses, with a message or with a choice", async () => {
    const id = place.idOf(playground, ada);
    const closed = defineBot((bot) => {
      bot.allow({ personIds: [id] });
      bot.command("ask", (ctx) => ctx.reply(ctx.card("form")));
      bot.action("go", (ctx) => ctx.reply("Gone."));
    });
    await serve(closed);
    await expect(ada.say("ask")).toHaveReplied();
    const grace = place.person(playground, "Grace Hopper");
    for (const text of ["ask", "1"])
      expect(await (await grace.say(text)).ended()).toMatchObject({
        kind: "dropped",
        reason: expect.stringContaining("the policy of bot"),
      });
  });

  it.each([
    ["too many calls", { kind: "status", status: 429, retryAfterS: 1 }],
    ["a fault of the platform", { kind: "status", status: 503 }],
    ["a page of HTML", { kind: "html" }],
    ["a connection that breaks", { kind: "reset", when: "before" }],
  ] as const)("answers once in spite of %s", async (_what, fault) => {
    await serve();
    const match = { platform, by: "bot", method: "POST", path: posting } as const;
    const added = playground.faults.add({ on: "call", match, do: fault, times: 1 });
    expect(await texts(await ada.say("number 7"))).toEqual(["heard number 7"]);
    expect(added.happened).toBe(1);
  });

  it(`${place.forgets ? "does not hear" : "answers"} what was said while it was down`, async () => {
    const program = await serve();
    expect(await texts(await ada.say("number 1"))).toEqual(["heard number 1"]);
    await program.stop();
    const missed = await ada.say("number 2");
    await program.start();
    if (place.forgets === undefined) expect(await texts(missed)).toEqual(["heard number 2"]);
    expect(await texts(await ada.say("number 3"))).toEqual(["heard number 3"]);
  });
});
