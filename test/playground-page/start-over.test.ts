import type { Browser } from "playwright-core";
import { describeInBrowser, launchBrowser } from "./browser";
import { ChatPage } from "./chat-page";
import { type ServedPlayground, servePlayground } from "./served-playground";

describeInBrowser("starting over", () => {
  let playground: ServedPlayground;
  let browser: Browser;
  let ada: ChatPage;

  beforeAll(async () => {
    browser = await launchBrowser();
    playground = await servePlayground();
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.stop();
  });
  beforeEach(async () => {
    ada = await ChatPage.open(browser, playground.url);
  });
  afterEach(() => ada.close());

  it("shows every open page the beginning again, and the bot answers there", async () => {
    const other = await ChatPage.open(browser, playground.url);
    await ada.say("hello");
    await ada.heard(/Hello/);
    await other.heard(/Hello/);
    await ada.page.getByRole("button", { name: "Start over" }).click();
    await ada.page.getByRole("button", { name: "Delete everything" }).click();
    for (const page of [ada, other]) {
      await page.page.getByText("Write hello to the bot").waitFor();
      expect(await page.messages.count()).toBe(0);
    }
    await ada.say("hello");
    await ada.heard(/Hello/);
    await other.heard(/Hello/);
    expect(await ada.messages.count()).toBe(2);
    await other.close();
  });

  it("is asked for first, by keyboard too, and keeping it is what Enter does", async () => {
    await ada.say("hello");
    await ada.heard(/Hello/);
    const button = ada.page.getByRole("button", { name: "Start over" });
    await button.focus();
    await button.press("Enter");
    await ada.page.getByRole("dialog", { name: "Start over?" }).waitFor();
    await ada.page.keyboard.press("Enter");
    await ada.page.getByRole("dialog").waitFor({ state: "detached" });
    await ada.heard(/Hello/);
    expect(await ada.page.evaluate("document.activeElement.id")).toBe("start-over");
  });
});
