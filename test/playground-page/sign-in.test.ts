import type { Page } from "playwright-core";
import { violations } from "./axe";
import { describeInBrowser } from "./browser";
import { servePlayground } from "./served-playground";
import { startOnce } from "./start-once";

const password = "correct horse battery";

describeInBrowser("a playground with a password, reached from anywhere", () => {
  const started = startOnce(() =>
    servePlayground(undefined, { HOST: "0.0.0.0", PLAYGROUND_PASSWORD: password }),
  );
  let page: Page;

  beforeEach(async () => {
    page = await (await started.browser.newContext()).newPage();
    page.setDefaultTimeout(60_000);
  });
  afterEach(() => page.context().close());

  it("asks for it, says when it is wrong, and lets one in to talk to the bot", async () => {
    await page.goto(started.playground.url);
    await page.getByLabel("Password").fill("incorrect horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("That is not the password.").waitFor();
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Message" }).fill("hello");
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Bellhop" }).filter({ hasText: "Hello" }).waitFor();
    await page.reload();
    await page.getByRole("article", { name: "Bellhop" }).filter({ hasText: "Hello" }).waitFor();
    await page.goto(new URL("cards", started.playground.url).href);
    await page.getByRole("heading", { name: "Cards" }).waitFor();
  });

  it.each(["light", "dark"] as const)("has nothing that axe finds when it asks: %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 375, height: 720 });
    await page.goto(started.playground.url);
    expect(await violations({ page })).toEqual([]);
    await page.getByLabel("Password").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await violations({ page })).toEqual([]);
  });
});
