import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createPlayground, type Person, type Room, type TestPlayground, type Turn } from "bellhop/testing";

const ROOT = resolve(__dirname, "../..");
const BOTS = join(__dirname, "export/bots");
const CARDS = join(__dirname, "../testing/cards");

let playground: TestPlayground;
beforeEach(async () => {
  playground = await createPlayground();
  await playground.serve({ bots: BOTS, cards: CARDS, platforms: ["webex"] });
});
afterEach(() => playground.close());

/** What was done, once the bots are done with it: a person at the page waits for answers, too. */
async function done(...acts: readonly (() => Promise<Turn>)[]): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const act of acts) {
    const turn = await act();
    await turn.ended();
    turns.push(turn);
  }
  return turns;
}

async function exported(roomId: string): Promise<string> {
  const response = await fetch(`${playground.url}/api/export?roomId=${roomId}`);
  const text = await response.text();
  return text.replace(
    'bots: "bots", cards: "cards"',
    `bots: ${JSON.stringify(BOTS)}, cards: ${JSON.stringify(CARDS)}`,
  );
}

/** Runs exported tests; rejects with what jest says when one fails. */
async function run(...tests: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(ROOT, "test/exported-odd-"));
  try {
    const files = tests.map((_, index) => join(folder, `${index}.test.ts`));
    await Promise.all(files.map((file, index) => writeFile(file, tests[index] ?? "")));
    const jest = [join(ROOT, "node_modules/jest/bin/jest.js"), "--runTestsByPath", ...files];
    const { stderr } = await promisify(execFile)(process.execPath, jest, { cwd: ROOT });
    expect(stderr).toMatch(new RegExp(`Tests: +${tests.length} passed, ${tests.length} total`));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("what is exported passes as it is", () => {
  it("in private: odd texts, edits, deletions, two cards, and one that is clicked later", async () => {
    const ada = playground.person("New Person");
    const [hello] = await done(() => ada.say("hello"));
    await done(() => ada.say(['what is "this"?', "`$", "{x}` \\ '"].join("")));
    await done(
      () => ada.edit(hello as Turn, "hello?"),
      () => ada.edit(hello as Turn, "hello!"),
    );
    await done(() => ada.remove(hello as Turn));
    const [two] = await done(() => ada.say("two"));
    const [first] = (await two?.replies()) ?? [];
    if (first === undefined) throw new Error("two cards were sent");
    await done(() => ada.click(first, "Go"));
    await done(() => ada.say("hello", { thread: first }));
    await run(await exported(hello?.roomId ?? ""));
  });

  it("in a room: people of one name, who come, go, and come again", async () => {
    const ada = playground.person("Ada Lovelace");
    const namesake = playground.person("Ada Byron");
    const grace = playground.person("Grace Hopper");
    const room: Room = await ada.open("Plans", [grace]);
    const acts: readonly [Person, () => Promise<Turn>][] = [
      [ada, () => ada.add(playground.bot, room)],
      [namesake, () => namesake.join(room)],
      [grace, () => grace.leave(room)],
      [namesake, () => namesake.say("hello", { in: room })],
      [grace, () => grace.join(room)],
      [grace, () => grace.say("private", { in: room })],
      [namesake, () => namesake.leave(room)],
    ];
    for (const [, act] of acts) await done(act);
    await run(await exported(room.id), await exported(playground.lobby.id));
  });
});
