import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { describeInBrowser, launchBrowser } from "./browser";
import { ChatPage } from "./chat-page";
import { type ServedPlayground, servePlayground } from "./served-playground";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const wide = { width: 1600, height: 900 };
const narrow = { width: 375, height: 720 };

describeInBrowser("the chat page, for everybody", () => {
  let playground: ServedPlayground;
  let browser: Browser;

  beforeAll(async () => {
    [playground, browser] = await Promise.all([servePlayground(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.stop();
  });

  it.each([
    ["wide and light", { viewport: wide, colorScheme: "light" as const }],
    ["wide and dark", { viewport: wide, colorScheme: "dark" as const }],
    ["narrow and light", { viewport: narrow, colorScheme: "light" as const }],
    ["narrow and dark", { viewport: narrow, colorScheme: "dark" as const }],
  ])("has nothing that axe finds: %s", async (_name, options) => {
    const ada = await ChatPage.open(browser, playground.url, options);
    expect(await violations(ada)).toEqual([]);
    await ada.say("hello");
    await ada.heard(/Hello/);
    await ada.say("card");
    await ada.conversation.getByLabel("Your name").last().waitFor();
    await (await ada.heard("hello")).getByRole("button", { name: "Reply in thread" }).focus();
    expect(await violations(ada)).toEqual([]);
    for (const whole of ["document.documentElement", "document.querySelector('[role=log]')"])
      expect(await ada.page.evaluate(`${whole}.scrollWidth - ${whole}.clientWidth`)).toBe(0);
    await ada.close();
  });

  it("has nothing that axe finds in its dialogs, panels and errors", async () => {
    const ada = await ChatPage.open(browser, playground.url, { viewport: narrow });
    await ada.page.getByRole("button", { name: "Timeline" }).click();
    await ada.timeline.getByRole("listitem").first().getByText("200").click();
    expect(await violations(ada)).toEqual([]);
    await ada.page.getByRole("button", { name: "Rooms" }).click();
    expect(await violations(ada)).toEqual([]);
    await ada.open("Lobby");
    await ada.page.getByRole("button", { name: "4 people" }).click();
    expect(await violations(ada)).toEqual([]);
    await ada.page.keyboard.press("Escape");
    await ada.box.pressSequentially("@");
    await ada.page.getByRole("option").first().waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.say("x".repeat(8_000));
    await ada.page.getByRole("alert").waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.close();
  });

  it("can be used with the keyboard alone", async () => {
    const ada = await ChatPage.open(browser, playground.url);
    const { keyboard } = ada.page;
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press("Tab");
        const focused = "(document.activeElement.ariaLabel || document.activeElement.textContent).trim()";
        if (String(await ada.page.evaluate(focused)).endsWith(name)) return;
      }
      throw new Error(`Tab does not lead to "${name}".`);
    };
    await tabTo("New room");
    await tabTo("Lobby");
    await keyboard.press("Enter");
    await ada.page.getByRole("heading", { name: "Lobby", exact: true }).waitFor();
    await tabTo("Message");
    await keyboard.type("@bel");
    await ada.page.getByRole("option", { name: "Bellhop" }).waitFor();
    await keyboard.press("Tab");
    await keyboard.type("hello");
    await keyboard.press("Enter");
    await ada.heard(/Hello/);
    // Backwards: over the button for files to the last thing in the conversation.
    await keyboard.press("Shift+Tab");
    await keyboard.press("Shift+Tab");
    await keyboard.press("Enter");
    await ada.page.getByText("Replying in the thread").waitFor();
    await ada.close();
  });
});

/** What axe-core holds against the page as it is now: the rule and where. */
async function violations({ page }: ChatPage): Promise<string[]> {
  // Faint while it appears is not faint for good.
  await page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))");
  await page.evaluate(axe);
  return await page.evaluate(
    "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))",
  );
}
