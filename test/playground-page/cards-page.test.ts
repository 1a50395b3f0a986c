// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { previewCards } from "../../src/cards/preview";
import type { ListeningPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { describeInBrowser, launchBrowser } from "./browser";

// The built one: its page is bundled by the build.
const { listenPlayground } =
  require("../../dist/playground/listen.js") as typeof import("../../src/playground/listen");

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

describeInBrowser("the page of cards", () => {
  let browser: Browser;
  let served: ListeningPlayground;
  let dir: string;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    dir = join(tempDir(), "cards");
    mkdirSync(dir);
    write("greeting.json", card({ type: "TextBlock", text: "Hello ${name}" }, name, send));
    write("greeting.data.json", { name: "Ada" });
    write("table.json", card({ type: "TextBlock", text: "Prices" }, { type: "Table" }));
    served = await listenPlayground({ cards: previewCards(dir) });
    page = await open();
  });
  afterEach(async () => {
    await page.context().close();
    await served.close();
  });

  const name = { type: "Input.Text", id: "who", label: "Your name" };
  const send = {
    type: "ActionSet",
    actions: [{ type: "Action.Submit", title: "Send", data: { action: "greet" } }],
  };

  function card(...body: object[]): object {
    return { type: "AdaptiveCard", version: "1.3", body };
  }

  function write(file: string, content: object): void {
    writeFileSync(join(dir, file), JSON.stringify(content, undefined, 2));
  }

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(60_000);
    const opened = await context.newPage();
    await opened.goto(`${served.url}/cards`);
    await opened.getByRole("region").first().waitFor();
    return opened;
  }

  const region = (title: string) => page.getByRole("region", { name: title });

  it("shows each card with its sample data, what is wrong with it, and what stands in for it", async () => {
    await region("greeting").getByText("Hello Ada").first().waitFor();
    expect(await region("greeting").locator(".cards-notes").textContent()).toContain(
      "Webex draws it as it stands.",
    );
    expect(await region("greeting").locator(".cards-words").last().textContent()).toBe("Hello Ada");
    // What Webex can draw of a card with errors is drawn.
    await region("table").locator(".card").getByText("Prices").waitFor();
    const findings = await region("table").getByRole("listitem").allTextContents();
    expect(findings).toEqual([
      expect.stringMatching(/^error .*table\.json:9body\[1\]: "Table" came in with 1\.5/),
    ]);
    expect(await page.getByRole("status").first().textContent()).toBe("1 error");
  });

  it("follows the files, and leaves alone what was typed into cards that did not change", async () => {
    await region("greeting").getByLabel("Your name").fill("Grace");
    write("table.json", card({ type: "TextBlock", text: "No table any more" }));
    await region("table").locator(".card").getByText("No table any more").waitFor();
    expect(await region("greeting").getByLabel("Your name").inputValue()).toBe("Grace");
    write("third.json", card({ type: "TextBlock", text: "The third" }));
    await region("third").locator(".card").getByText("The third").waitFor();
    rmSync(join(dir, "table.json"));
    await region("table").waitFor({ state: "detached" });
  });

  it("says what is no JSON, and mends itself", async () => {
    writeFileSync(join(dir, "table.json"), "{");
    await region("table").getByText("It cannot be filled").waitFor();
    expect(await region("table").getByRole("listitem").textContent()).toContain("table.json:1");
    write("table.json", card({ type: "TextBlock", text: "mended" }));
    await region("table").locator(".card").getByText("mended").waitFor();
  });

  it("asks for sample data where a card shows some and has none", async () => {
    rmSync(join(dir, "greeting.data.json"));
    await region("greeting").getByText("write one to greeting.data.json").waitFor();
  });

  it("shows what a button would send", async () => {
    await region("greeting").getByLabel("Your name").fill("Grace");
    await region("greeting").getByRole("button", { name: "Send" }).click();
    await region("greeting").getByText("This is what the button sends").waitFor();
    const sent = await region("greeting").getByLabel("What the button sends").textContent();
    expect(JSON.parse(sent ?? "")).toEqual({ action: "greet", who: "Grace" });
  });

  it("can be used with the keyboard alone", async () => {
    await page.getByRole("link", { name: "Chat" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(new URL(page.url()).hash).toBe("#table");
    await region("greeting").getByLabel("Your name").focus();
    await page.keyboard.type("Grace");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await region("greeting").getByText("This is what the button sends").waitFor();
  });

  it.each([
    ["wide and light", { viewport: { width: 1600, height: 900 }, colorScheme: "light" as const }],
    ["wide and dark", { viewport: { width: 1600, height: 900 }, colorScheme: "dark" as const }],
    ["narrow and light", { viewport: { width: 375, height: 720 }, colorScheme: "light" as const }],
    ["narrow and dark", { viewport: { width: 375, height: 720 }, colorScheme: "dark" as const }],
  ])("has nothing that axe finds: %s", async (_, options) => {
    await page.context().close();
    page = await open(options);
    await region("greeting").getByRole("button", { name: "Send" }).click();
    await region("greeting").getByLabel("What the button sends").waitFor();
    await page.evaluate(axe);
    const violations = await page.evaluate(
      "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))",
    );
    expect(violations).toEqual([]);
    const width = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(width)).toBe(0);
  });

  it("runs nothing that a card says", async () => {
    const attack = `<img src="x:" onerror="window.reached=1"><script>window.reached=1</script>`;
    write("attack.json", {
      ...card({ type: "TextBlock", text: attack }, { type: attack }),
      fallbackText: attack,
    });
    await region("attack").locator(".cards-words").first().waitFor();
    expect(await page.evaluate("window.reached")).toBeUndefined();
    expect(await region("attack").locator("img, script").count()).toBe(0);
  });

  it("says how to begin where there are none", async () => {
    rmSync(dir, { recursive: true });
    await page.context().close();
    const context = await browser.newContext();
    page = await context.newPage();
    await page.goto(`${served.url}/cards`);
    await page.getByText("There are no cards yet").waitFor();
  });
});
