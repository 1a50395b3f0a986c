import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describeInBrowser } from "./browser";
import type { ChatPage } from "./chat-page";
import { servePlayground } from "./served-playground";
import { startOnce } from "./start-once";

const ROOT = resolve(__dirname, "../..");

describeInBrowser("a conversation in the page", () => {
  const started = startOnce(servePlayground);
  let ada: ChatPage;
  let folder: string;

  beforeAll(async () => {
    // Below the project's root, where jest finds its tests and "bellhop/testing".
    folder = await mkdtemp(join(ROOT, "test/exported-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    ada = await started.open();
  });
  afterEach(() => ada.close());

  /** Presses the button, and saves what comes where tests are. */
  async function exported(name: string): Promise<string> {
    const [download] = await Promise.all([
      ada.page.waitForEvent("download"),
      ada.page.getByRole("link", { name: "Export as test" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("conversation.test.ts");
    const file = join(folder, name);
    await download.saveAs(file);
    return file;
  }

  it("is a test file that passes as it was exported", async () => {
    await ada.say("hello");
    await ada.heard(/Hello!/);
    await ada.say("what **nobody** knows");
    await ada.entry("no handler matched").first().waitFor();
    await ada.say("expense 12.5 chf");
    const card = await ada.heard(/12\.50 CHF/);
    await card.getByLabel("Comment").fill("so be it");
    await card.getByRole("button", { name: "Approve" }).click();
    await ada.heard(/Approved/);
    await ada.attach({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from('it\'s "this"') });
    await ada.say("busy");
    await ada.heard(/attempt 2/);
    await ada.say("lunch");
    await ada.heard(/What would you like/);
    await ada.say("soup");
    await ada.heard(/For how many/);
    await ada.say("2");
    await ada.heard(/Ordered: soup/);
    const inPrivate = await exported("private.test.ts");

    await ada.page.getByRole("button", { name: "New room" }).click();
    const dialog = ada.page.getByRole("dialog");
    await dialog.getByRole("textbox").first().fill(`The "night" shift`);
    for (const name of ["Bellhop", "Grace Hopper"]) await dialog.getByRole("checkbox", { name }).check();
    await dialog.getByRole("button", { name: /Create/ }).click();
    await ada.heard(/Welcome, Grace Hopper/);
    await ada.say("@Bellhop thanks");
    await ada.heard(/Any time/);
    await ada.say("among ourselves");
    await ada.heard(/among ourselves/);
    const inRoom = await exported("room.test.ts");

    expect(await readFile(inPrivate, "utf8")).toContain(
      'const turn4 = await ada.click(turn3, "Approve", { comment: "so be it" });',
    );
    expect(await readFile(inRoom, "utf8")).toContain(
      'await ada.say("among ourselves", { in: room, mention: false })',
    );
    const jest = [join(ROOT, "node_modules/jest/bin/jest.js"), "--runTestsByPath", inPrivate, inRoom];
    const { stderr } = await promisify(execFile)(process.execPath, jest, { cwd: ROOT });
    expect(stderr).toMatch(/Tests: +2 passed, 2 total/);
  });

  it("cannot be exported before there is one, nor where it cannot be written as a test", async () => {
    const link = ada.page.getByRole("link", { name: "Export as test" });
    await link.waitFor();
    await ada.tab("Spika").click();
    await link.waitFor({ state: "hidden" });
  });
});
