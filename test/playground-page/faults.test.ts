import { violations } from "./axe";
import { describeInBrowser } from "./browser";
import type { ChatPage } from "./chat-page";
import { servePlayground } from "./served-playground";
import { startOnce } from "./start-once";

describeInBrowser("faults in the page", () => {
  const started = startOnce(servePlayground);
  let ada: ChatPage;

  beforeEach(async () => {
    ada = await started.open();
    await ada.page.getByRole("button", { name: "Faults" }).click();
  });
  afterEach(async () => {
    expect(ada.complaints).toEqual([]);
    await ada.close();
  });

  const dialog = () => ada.page.getByRole("dialog", { name: "Faults" });
  const listed = () => dialog().getByRole("listitem");

  it("are asked for, happen, are counted while one looks, and removed", async () => {
    await dialog().getByText("Nothing goes wrong").waitFor();
    await dialog()
      .getByLabel("What goes wrong")
      .selectOption({ label: "connection reset after it was done" });
    await dialog().getByLabel("Platform").selectOption("Webex");
    await dialog().getByLabel("Method").selectOption("POST");
    await dialog().getByLabel("Path begins with").fill("/messages");
    await dialog().getByRole("button", { name: "Let it go wrong" }).click();
    await listed().getByText("webex POST /messages · happened 0 of 1 times").waitFor();
    await ada.post({ text: "hello" });
    await listed().getByText("happened 1 of 1 times").waitFor();
    await dialog()
      .getByRole("button", { name: /^Remove: The bot's calls are connection reset/ })
      .click();
    await dialog().getByText("Nothing goes wrong").waitFor();
    await dialog().getByRole("button", { name: "Close" }).click();
    // Once, in spite of it.
    await ada.heard(/Hello/);
    await ada.entry("fault: reset").waitFor();
    expect(await ada.messages.filter({ hasText: "Hello!" }).count()).toBe(1);
  });

  it("are several, with a chance, and go all at once", async () => {
    for (const label of ["sent twice", "lost"]) {
      await dialog()
        .getByLabel("What goes wrong")
        .selectOption(await dialog().locator("optgroup").nth(1).getByText(label).getAttribute("value"));
      await dialog().getByLabel("How many times").fill("");
      await dialog().getByLabel("Chance, in percent").fill("30");
      expect(await dialog().getByLabel("Method").isVisible()).toBe(false);
      await dialog().getByRole("button", { name: "Let it go wrong" }).click();
      await listed().getByText(`Deliveries to the bot are ${label}`).waitFor();
    }
    await listed().getByText("happened 0 times, 30 % of the time").first().waitFor();
    await dialog().getByRole("button", { name: "Remove all" }).click();
    await dialog().getByText("Nothing goes wrong").waitFor();
  });

  it("are asked for by keyboard alone, and axe finds nothing", async () => {
    expect(await violations(ada)).toEqual([]);
    const { keyboard } = ada.page;
    const tabTo = async (name: string): Promise<void> => {
      const wanted = dialog().getByRole("button", { name });
      for (let presses = 0; presses < 12; presses++) {
        if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
        await keyboard.press("Tab");
      }
      throw new Error(`"${name}" is not reached by keyboard`);
    };
    await keyboard.press("ArrowDown");
    await tabTo("Let it go wrong");
    await keyboard.press("Enter");
    await listed().getByText("429").waitFor();
    expect(await violations(ada)).toEqual([]);
    await tabTo("Remove: The bot's calls are refused: 429");
    await keyboard.press("Enter");
    await dialog().getByText("Nothing goes wrong").waitFor();
    await keyboard.press("Escape");
    await dialog().waitFor({ state: "hidden" });
  });
});
