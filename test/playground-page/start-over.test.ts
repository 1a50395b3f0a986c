import { describeInBrowser } from "./browser";
import type { ChatPage } from "./chat-page";
import { servePlayground } from "./served-playground";
import { startOnce } from "./start-once";

describeInBrowser("starting over", () => {
  const started = startOnce(servePlayground);
  let ada: ChatPage;

  beforeEach(async () => {
    ada = await started.open();
  });
  afterEach(() => ada.close());

  it("shows every open page the beginning again, and the bot answers there", async () => {
    const other = await started.open();
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
