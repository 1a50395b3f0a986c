import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWebexClient, type WebexClient } from "../../src/platforms/webex/client";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { freePort, type Program, startProgram, untilReady } from "../program";

describe("the bot in docs/platforms/webex.md that calls the API itself", () => {
  let playground: ListeningPlayground;
  let program: Program;
  let ada: WebexClient;
  const folder = mkdtempSync(join(tmpdir(), "bellhop-client-"));

  beforeAll(async () => {
    const page = readFileSync(join(__dirname, "../../docs/platforms/webex.md"), "utf8");
    mkdirSync(join(folder, "bots"));
    mkdirSync(join(folder, "cards"));
    const section = page.slice(page.indexOf("## Call the API"));
    writeFileSync(join(folder, "bots/client.ts"), /```ts\n(.*?)```/s.exec(section)?.[1] ?? "");
    playground = await listenPlayground();
    const { apiBaseUrl: baseUrl, webex } = playground;
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    program = startProgram(
      {
        PORT: String(port),
        PUBLIC_URL: url,
        WEBEX_BOT_TOKEN: webex.botToken,
        WEBEX_WEBHOOK_SECRET: "a secret that is long enough",
        WEBEX_API_BASE_URL: baseUrl,
      },
      folder,
    );
    await untilReady(program, url);
    ada = createWebexClient({ token: webex.people[0]?.token ?? "", baseUrl });
  });
  afterAll(async () => {
    program.child.kill("SIGKILL");
    await Promise.all([program.ended, ada.close()]);
    await playground.close();
    rmSync(folder, { recursive: true });
  });

  it("sends who is in the room as a file", async () => {
    await playground.says("Ada", "members");
    const answer = await playground.nextMessageFrom("bot");
    expect(answer.text).toBe("2 of us");
    const file = await ada.files.download(answer.files?.[0] ?? "");
    expect(file).toMatchObject({ name: "members.txt", type: "text/plain" });
    expect((await file.bytes()).toString()).toContain("Ada");
  });

  it("reads a file that was sent to it", async () => {
    const file = { data: Buffer.alloc(70_000), name: "zeros.bin" };
    await ada.messages.create({ toPersonEmail: "bellhop@webex.bot", text: "count", files: [file] });
    expect((await playground.nextMessageFrom("bot")).text).toBe("zeros.bin: 70000 bytes");
  });
});
