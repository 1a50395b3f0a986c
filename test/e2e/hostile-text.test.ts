import {
  createPlayground,
  type IntercomPerson,
  type Person,
  type SpikaPerson,
  type TestPlayground,
} from "bellhop/testing";
import { defineBot, md } from "../../src/index";

type Writer = Person | SpikaPerson | IntercomPerson;

const bot = defineBot((bot) => {
  bot.command("invite <who:email>", (ctx) => ctx.reply(md`Invited ${ctx.args.who}.`));
  bot.command("raw <text...>", (ctx) => ctx.reply(ctx.args.text));
  bot.hears("never said", (ctx) => ctx.reply("This is not reached."));
  bot.on("messages.created", (ctx) => ctx.reply(md`You said: ${ctx.message?.text}`));
});

/** Spika and Intercom take long messages. Webex takes 7,439 bytes, which escaping must not exceed. */
const PLACES: readonly [platform: string, length: number, person: (playground: TestPlayground) => Writer][] =
  [
    ["webex", 3_000, (playground) => playground.person("Ada Lovelace")],
    ["spika", 30_000, (playground) => playground.spika.person("Ada Lovelace")],
    ["intercom", 30_000, (playground) => playground.intercom.person("Ada Lovelace")],
  ];

/** Each took from seconds to hours. */
const HOSTILE: readonly [name: string, text: (length: number) => string][] = [
  ["signs at the end of the first word", (length) => `${"!".repeat(length)}x`],
  ["dots in an e-mail address", (length) => `invite a@${".".repeat(length)}@`],
  ["backticks in Markdown", (length) => `raw ${"`".repeat(length)}`],
  ["brackets in Markdown", (length) => `raw ${"[a](".repeat(length / 4)}`],
  ["emphasis in Markdown", (length) => `raw ${"*a **b ".repeat(length / 7)}`],
  ["tags that never end", (length) => `<p>${"<a ".repeat(length / 3)}>`],
  ["elements in elements", (length) => `<b>${"<b>".repeat(length / 3)}</b>`],
  ["quotes that never end", (length) => `invite ${'"a '.repeat(length / 3)}`],
];

describe.each(PLACES)("on %s", (_platform, length, personOf) => {
  let playground: TestPlayground;
  let url: string;
  let ordinaryMs: number;

  beforeAll(async () => {
    playground = await createPlayground({ timeoutMs: 120_000 });
    ({ url } = await playground.serve({ bots: { hostile: bot } }));
    for (let warm = 0; warm < 3; warm++) await cpuMsOf(ordinary());
    ordinaryMs = await cpuMsOf(ordinary());
  });
  afterAll(() => playground.close());

  const ordinary = (): string => "A few words. ".repeat(length / 13);

  /** The CPU time of this process, which runs the bot and the platform, for one message. */
  async function cpuMsOf(text: string): Promise<number> {
    const before = process.cpuUsage();
    const turn = await personOf(playground).say(text);
    const [answer] = await Promise.all([fetch(`${url}/healthz`), turn.ended()]);
    expect(answer.status).toBe(200);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  }

  it.each(HOSTILE)(
    "a message of %s costs little more than an ordinary one of its length",
    async (_, textOf) => {
      expect(await cpuMsOf(textOf(length))).toBeLessThan(20 * ordinaryMs + 3_000);
    },
    130_000,
  );
});
