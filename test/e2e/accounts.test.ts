import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { ApiClient } from "../playground/api-client";
import { freePort, startProgram, untilReady } from "../program";

/** Answers with its own name, so that one sees who answered. */
function botFor(...accounts: readonly string[]): string {
  const serve = accounts.length === 0 ? "" : `bot.serve(${accounts.map((name) => `"${name}"`).join()});`;
  return `import { defineBot } from "bellhop";
export default defineBot((bot) => {
  ${serve}
  bot.command("who", (ctx) => ctx.reply(\`\${ctx.bot} for \${ctx.account}\`));
});
`;
}

describe("two bots of Webex in one program", () => {
  let playgrounds: readonly [ListeningPlayground, ListeningPlayground];
  let program: ReturnType<typeof startProgram>;
  let port: number;

  beforeAll(async () => {
    const folder = tempDir();
    mkdirSync(join(folder, "bots"));
    mkdirSync(join(folder, "cards"));
    writeFileSync(join(folder, "bots/desk.mjs"), botFor("default"));
    writeFileSync(join(folder, "bots/sales.mjs"), botFor("webex/sales"));
    writeFileSync(join(folder, "bots/missing.mjs"), botFor("support"));
    playgrounds = [await listenPlayground(), await listenPlayground()];
    port = await freePort();
    const [first, second] = playgrounds;
    program = startProgram(
      {
        PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        WEBEX_BOT_TOKEN: first.webex.botToken,
        WEBEX_WEBHOOK_SECRET: "the secret of the first bot",
        WEBEX_API_BASE_URL: first.apiBaseUrl,
        WEBEX_ACCOUNTS: "sales",
        WEBEX_SALES_BOT_TOKEN: second.webex.botToken,
        WEBEX_SALES_WEBHOOK_SECRET: "the secret of the second bot",
        WEBEX_SALES_API_BASE_URL: second.apiBaseUrl,
      },
      folder,
    );
    await untilReady(program, `http://127.0.0.1:${port}`);
  });
  afterAll(async () => {
    program.child.kill("SIGKILL");
    await program.ended;
    await Promise.all(playgrounds.map((playground) => playground.close()));
  });

  it("are each answered for by the bot that serves them", async () => {
    const answers = playgrounds.map(async (playground) => {
      await playground.says("Ada", "who");
      return (await playground.nextMessageFrom("bot")).text;
    });
    expect(await Promise.all(answers)).toEqual(["desk for default", "sales for sales"]);
  });

  it("have webhooks that lead to routes of their own and are signed with secrets of their own", async () => {
    const webhooks = playgrounds.map(async ({ apiBaseUrl, webex }) => {
      const { body } = await new ApiClient(apiBaseUrl, webex.botToken).get("/webhooks");
      return body.items;
    });
    expect(await Promise.all(webhooks)).toEqual([
      [
        expect.objectContaining({
          name: expect.stringMatching(/^bellhop:default:messages\.created:/),
          targetUrl: `http://127.0.0.1:${port}/webhooks/webex`,
          secret: "the secret of the first bot",
        }),
      ],
      [
        expect.objectContaining({
          name: expect.stringMatching(/^bellhop:sales:messages\.created:/),
          targetUrl: `http://127.0.0.1:${port}/webhooks/webex/sales`,
          secret: "the secret of the second bot",
        }),
      ],
    ]);
  });

  it("warn of a bot that serves an account nobody has set up", () => {
    expect(program.output()).toMatch(/"unknown":\["support"\].*a bot serves accounts that are not set up/);
  });
});
