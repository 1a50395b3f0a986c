import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { freePort, type Program, startProgram, untilReady } from "../program";

const KILLS = 6;
const PEOPLE = ["Ada", "Grace", "Alan"];

describe("the program, killed while messages flow", () => {
  let playground: ListeningPlayground;
  let dataDir: string;
  let program: Program;
  let start: () => Promise<void>;
  let url: string;

  beforeAll(async () => {
    playground = await listenPlayground();
    dataDir = await mkdtemp(join(tmpdir(), "bellhop-kill-"));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    start = async () => {
      program = startProgram({
        PORT: String(port),
        PUBLIC_URL: url,
        WEBEX_BOT_TOKEN: playground.webex.botToken,
        WEBEX_WEBHOOK_SECRET: "known only to these two processes",
        WEBEX_API_BASE_URL: playground.apiBaseUrl,
        BOTS_DIR: join(__dirname, "bots"),
        CARDS_DIR: join(__dirname, "../e2e/cards"),
        DATA_DIR: dataDir,
        LOG_LEVEL: "warn",
      });
      await untilReady(program, url);
    };
  });
  afterAll(async () => {
    program.child.kill("SIGKILL");
    await program.ended;
    await playground.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("answers everything it said yes to, in the order of each room", async () => {
    const accepted = new Map<string, number[]>(PEOPLE.map((person) => [person, []]));
    let next = 0;
    let talking = true;

    /** Says one number after the other; notes those that the program took. */
    async function talk(person: string): Promise<void> {
      while (talking) {
        const number = ++next;
        const message = await playground.says(person, `number ${number}`);
        const status = await statusOfDelivery(playground, message.id);
        if (status === 200) accepted.get(person)?.push(number);
        // Nobody listens while it is down, and a hundred failures would have the webhook switched off.
        else await new Promise((resolve) => setTimeout(resolve, 400));
      }
    }

    await start();
    const talks = PEOPLE.map(talk);
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 150 + 97 * kill));
      program.child.kill("SIGKILL");
      await program.ended;
      await start();
    }
    talking = false;
    await Promise.all(talks);
    await untilNothingWaits(url);

    for (const person of PEOPLE) {
      const numbers = accepted.get(person) ?? [];
      expect(numbers.length).toBeGreaterThan(KILLS);
      const answers = await answersTo(playground, person);
      // What was stored when the program was killed, and could not be confirmed any more, is answered too.
      const confirmed = new Set(numbers);
      expect(firstOfEach(answers).filter((answer) => confirmed.has(answer))).toEqual(numbers);
      // An answer that was sent and not noted is sent again: at most one for each kill.
      expect(answers.length - new Set(answers).size).toBeLessThanOrEqual(KILLS);
    }
  }, 60_000);

  it("ends by itself when it is told to, with everything settled", async () => {
    program.child.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });
});

/** What the program answered to the delivery about a message; `null` when there was no answer. */
function statusOfDelivery(playground: ListeningPlayground, messageId: string): Promise<number | null> {
  const { timeline } = playground;
  return new Promise((resolve) => {
    const look = (entry: Parameters<Parameters<typeof timeline.listen>[0]>[0]): void => {
      if (entry.name !== "delivery" || entry.data.dataId !== messageId) return;
      stop();
      resolve(entry.data.status);
    };
    const stop = timeline.listen(look);
    for (const entry of timeline.since(0)) look(entry);
  });
}

async function untilNothingWaits(url: string): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (/^bellhop_inbox_events\{state="waiting"\} 0$/m.test(metrics)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The numbers that the bot answered in the person's direct room, oldest first. */
async function answersTo(playground: ListeningPlayground, person: string): Promise<number[]> {
  const someone = playground.webex.people.find(({ displayName }) => displayName.startsWith(person));
  const get = async (
    path: string,
  ): Promise<{ items: { text: string; personId: string }[]; next?: string }> => {
    const response = await fetch(path, { headers: { authorization: `Bearer ${someone?.token}` } });
    const body = (await response.json()) as { items: { text: string; personId: string }[] };
    const next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
    return next === undefined ? body : { ...body, next };
  };
  const rooms = await fetch(
    `${playground.apiBaseUrl}/messages/direct?personEmail=${playground.webex.bot.email}`,
    {
      headers: { authorization: `Bearer ${someone?.token}` },
    },
  );
  const [latest] = ((await rooms.json()) as { items: { roomId: string }[] }).items;
  const answers: number[] = [];
  let path: string | undefined = `${playground.apiBaseUrl}/messages?roomId=${latest?.roomId}&max=1000`;
  while (path !== undefined) {
    const page: Awaited<ReturnType<typeof get>> = await get(path);
    for (const { text, personId } of page.items)
      if (personId === playground.webex.bot.id) answers.push(Number.parseInt(text, 10));
    path = page.next;
  }
  return answers.reverse();
}

function firstOfEach(numbers: readonly number[]): number[] {
  return [...new Set(numbers)];
}
