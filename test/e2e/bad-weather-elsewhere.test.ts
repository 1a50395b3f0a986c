import { join } from "node:path";
import { createPlayground, type TestPlayground } from "bellhop/testing";
import { defineBot } from "../../src/index";

const MESSAGES = 10;
const NUMBERS = Array.from({ length: MESSAGES }, (_, index) => index + 1);
const PEOPLE = ["Ada Lovelace", "Grace Hopper", "Alan Turing"];

const bot = defineBot((b) => {
  b.hears(/^number/, (ctx) => ctx.reply(`heard ${ctx.message.text}`));
});

let playground: TestPlayground;
afterEach(() => playground.close());

async function start(platform: string): Promise<void> {
  playground = await createPlayground({ timeoutMs: 100_000 });
  await playground.serve({ bots: { bot }, cards: join(__dirname, "cards"), platforms: [platform] });
}

it.each([1, 2])(
  "in Spika, in bad weather, everything that arrives is answered once (seed %i)",
  async (seed) => {
    await start("spika");
    const { faults } = playground;
    const platform = "spika" as const;
    faults.add({
      on: "delivery",
      match: { platform },
      do: { kind: "duplicate", copies: 2 },
      probability: 0.4,
      seed,
    });
    faults.add({
      on: "delivery",
      match: { platform },
      do: { kind: "delay", ms: 20 },
      probability: 0.3,
      seed: seed + 10,
    });
    const posting = { platform, method: "POST", path: "/api/messaging/messages" };
    for (const [index, fault] of (
      [
        { kind: "reset", when: "before" },
        { kind: "status", status: 503 },
        { kind: "status", status: 429, retryAfterS: 0 },
      ] as const
    ).entries())
      faults.add({ on: "call", match: posting, do: fault, probability: 0.3, seed: seed + index, times: 1 });

    const turns = await Promise.all(
      PEOPLE.flatMap((name) =>
        NUMBERS.map((number) => playground.spika.person(name).say(`number ${number}`)),
      ),
    );
    const texts = await Promise.all(
      turns.map(async (turn) => (await turn.replies()).map(({ text }) => text)),
    );
    expect(texts).toEqual(PEOPLE.flatMap(() => NUMBERS.map((number) => [`heard number ${number}`])));
    expect(faults.list().every(({ happened }) => happened > 0)).toBe(true);
  },
);

it.each([1, 2])("in Intercom, in bad weather, everything is answered once (seed %i)", async (seed) => {
  await start("intercom");
  const { faults } = playground;
  const platform = "intercom" as const;
  faults.add({ on: "delivery", match: { platform }, do: { kind: "lost" }, probability: 0.3, seed, times: 6 });
  faults.add({
    on: "delivery",
    match: { platform },
    do: { kind: "duplicate" },
    probability: 0.3,
    seed: seed + 10,
  });
  const replying = { platform, method: "POST", path: "/conversations" };
  faults.add({ on: "call", match: replying, do: { kind: "reset", when: "after" }, probability: 0.2, seed });
  faults.add({ on: "call", match: replying, do: { kind: "html" }, probability: 0.1, seed: seed + 20 });

  const turns = await Promise.all(
    PEOPLE.flatMap((name) =>
      NUMBERS.map((number) => playground.intercom.person(name).say(`number ${number}`)),
    ),
  );
  // What is not taken, Intercom sends once more after a minute.
  const minutes = setInterval(() => playground.clock.advance({ minutes: 1 }), 100);
  const said = await Promise.all(turns.map(async (turn) => (await turn.replies()).map(({ text }) => text)));
  clearInterval(minutes);
  // A person whose answer takes longer than HOLD_MS gets one apology, and the answer later.
  const texts = said.map((all) => all.filter((text) => !text.startsWith("Something went wrong")));
  expect(said.every((all) => all.length <= 2)).toBe(true);
  expect(texts).toEqual(PEOPLE.flatMap(() => NUMBERS.map((number) => [`heard number ${number}`])));
  expect(faults.list().every(({ happened }) => happened > 0)).toBe(true);
});

it("a delivery of any platform is sent again, or with a wrong signature", async () => {
  playground = await createPlayground();
  await playground.serve({ bots: { bot }, cards: join(__dirname, "cards") });
  const turns = [
    await playground.person().say("number 1"),
    await playground.spika.person("Ada Lovelace").say("number 1"),
    await playground.intercom.person("Ada Lovelace").say("number 1"),
  ];
  for (const turn of turns) expect(await turn.replies()).toHaveLength(1);
  const deliveries = playground.playground.timeline
    .all("delivery")
    .filter(({ body }) => body.includes("number 1") || turns.some(({ id }) => body.includes(`"${id}"`)))
    .filter(
      ({ webhookName }, index, all) => all.findIndex((one) => one.webhookName === webhookName) === index,
    );
  expect(deliveries).toHaveLength(3);
  for (const { id } of deliveries) {
    expect(await again(id)).toBe(200);
    expect(await again(`${id}`, "?signature=wrong")).toBe(401);
  }
  for (const turn of turns) expect(await turn.replies()).toHaveLength(1);
});

/** @returns what the receiver answered */
async function again(id: string, query = ""): Promise<number> {
  const response = await fetch(`${playground.url}/api/deliveries/${id}/again${query}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  return ((await response.json()) as { status: number }).status; // a delivery
}
