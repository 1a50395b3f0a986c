/** @jest-environment ./test/inbox/postgres-environment.ts */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inbox } from "../../src/core/contract/inbox";
import { silentLogger } from "../../src/core/contract/logger";
import { openEmbedded } from "../../src/inbox/embedded";
import { openPostgres } from "../../src/inbox/postgres";
import { card, defineBot, inputChoices, inputNumber, inputsOf, submit, textBlock } from "../../src/index";
import { createWebex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { loaded } from "../inbox/postgres-loaded";
import { type PostgresServer, postgresIsMissing, startPostgres } from "../inbox/postgres-server";
import { SECRET } from "./playground-fixture";
import { type Served, serve } from "./serve";

/** With so many choices, the card is larger than the inbox keeps whole. */
const many = Array.from({ length: 600 }, (_, index) => ({
  title: `Choice number ${index}, with a title of some length`,
  value: `choice-${index}`,
}));
const cards = [
  ["small", many.slice(0, 3)],
  ["large", many],
] as const;

const bot = defineBot((bot) => {
  for (const [name, choices] of cards) {
    const form = card({
      body: [
        textBlock("Order"),
        inputNumber("n", { label: "How many", max: 10, isRequired: true }),
        inputChoices("of", choices, { label: "Of what", isRequired: true }),
      ],
      actions: [submit("Send", name)],
    });
    bot.command(name, (ctx) => ctx.reply(form));
    bot.action(name, { inputs: inputsOf(form), once: true }, (ctx) =>
      ctx.reply(`${ctx.inputs.n} of ${ctx.inputs.of.join(" and ")}`),
    );
  }
});

const missing = postgresIsMissing();
if (missing !== undefined && process.env.CI) throw new Error(missing);
if (missing !== undefined) process.stderr.write(`\nSKIPPED cards in PostgreSQL: ${missing}\n`);

describe.each([
  ["the embedded inbox", true],
  ["PostgreSQL", false],
] as const)("a card in %s", (_name, isEmbedded) => {
  const isSkipped = !isEmbedded && missing !== undefined;
  let postgres: PostgresServer | undefined;
  let folder: string;
  let playground: ListeningPlayground;
  let open: () => Promise<Inbox>;

  beforeAll(async () => {
    if (isSkipped) return;
    folder = mkdtempSync(join(tmpdir(), "bellhop-kept-"));
    playground = await listenPlayground();
    postgres = isEmbedded ? undefined : await startPostgres();
    const url = postgres?.newDatabase() ?? "";
    open = isEmbedded
      ? () => openEmbedded({ dataDir: folder, log: silentLogger })
      : () => openPostgres({ databaseUrl: url }, { importers: loaded });
  });
  afterAll(async () => {
    if (isSkipped) return;
    await playground.close();
    postgres?.remove();
    rmSync(folder, { recursive: true });
  });

  function start(): Promise<Served> {
    const webexAt = (url: string) =>
      createWebex({
        token: playground.webex.botToken,
        apiBaseUrl: playground.apiBaseUrl,
        secrets: [SECRET],
        webhooks: { targetUrl: `${url}/webhooks/webex` },
      });
    return serve((url) => [webexAt(url)], { inbox: open, bots: { bot } });
  }

  const said = async (): Promise<string> => (await playground.nextMessageFrom("bot")).text ?? "";

  (isSkipped ? it.skip.each : it.each)(cards.map(([name]) => name))(
    "keeps its rules over a restart, and is not used up by clicks that break them: %s",
    async (name) => {
      const first = await start();
      await playground.says("Ada", name, { roomId: playground.webex.lobbyId, mention: true });
      const posted = await playground.nextMessageFrom("bot");
      await first.close();

      const second = await start();
      const click = (entered: object) => playground.presses("Grace", posted.id, "Send", { ...entered });
      await click({ n: "11", of: "choice-1,choice-9999" });
      expect(await said()).toMatch(
        /How many is more than 10; expected at most 10[\s\S]*Of what has something that is not/,
      );
      await click({ n: "10", of: "choice-2,choice-1" });
      expect(await said()).toBe("10 of choice-2 and choice-1");
      await click({ n: "10", of: "choice-1" });
      expect(await said()).toMatch(/did this already/);
      await second.close();
    },
  );
});
