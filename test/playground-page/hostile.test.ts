import type { Browser } from "playwright-core";
import { describeInBrowser, launchBrowser } from "./browser";
import { ChatPage } from "./chat-page";
import { type ServedPlayground, servePlayground } from "./served-playground";

const attack = `<img src="x:" onerror="window.reached=1"><script>window.reached=1</script><svg onload="window.reached=1"></svg><a href="javascript:window.reached=1">press</a>`;

describeInBrowser("the chat page, of what strangers write", () => {
  let playground: ServedPlayground;
  let browser: Browser;
  let ada: ChatPage;

  beforeAll(async () => {
    [playground, browser] = await Promise.all([servePlayground(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.stop();
  });
  beforeEach(async () => {
    ada = await ChatPage.open(browser, playground.url);
  });
  afterEach(async () => {
    expect(await ada.page.evaluate("window.reached")).toBeUndefined();
    await ada.close();
  });

  it("shows HTML in a message as the text it is", async () => {
    await ada.say(attack);
    const message = await ada.heard("onerror");
    expect(await message.locator(".message-body").locator("img, script, svg, a").count()).toBe(0);
  });

  it("draws only what Webex draws, also when the API hands out anything at all", async () => {
    const message = {
      ...{ id: "M", roomId: decodeURIComponent(new URL(ada.page.url()).hash).split("/")[2] },
      ...{ personId: "P", personEmail: "stranger@example.com", created: new Date().toISOString() },
      html: `<b style="position:fixed">bold</b>${attack}<a href="https://example.com/">fine</a>`,
    };
    await ada.page.route("**/api/events", async (route) => {
      const body = `id: 1\nevent: message.created\ndata: ${JSON.stringify({ message })}\n\n`;
      await route.fulfill({ contentType: "text/event-stream", body });
    });
    await ada.page.reload();
    const body = (await ada.heard("bold")).locator(".message-body");
    expect(await body.locator("img, script, svg, [style], [onerror], [href^=javascript]").count()).toBe(0);
    expect(await body.getByRole("link", { name: "fine" }).getAttribute("rel")).toBe("noopener noreferrer");
  });

  it("draws a card's Markdown without what could run", async () => {
    await postCard(ada, [
      { type: "TextBlock", text: `**drawn** ${attack} [link](javascript:window.reached=1)`, wrap: true },
    ]);
    const card = (await ada.heard("drawn")).locator(".card");
    expect(await card.locator("strong").textContent()).toBe("drawn");
    expect(await card.locator("img, script, svg, [href^=javascript]").count()).toBe(0);
  });

  it("opens no link of a card but to the web", async () => {
    await ada.page.addInitScript("window.opened = []; window.open = (url) => void window.opened.push(url)");
    await ada.page.reload();
    await postCard(
      ada,
      [{ type: "TextBlock", text: "where to" }],
      [
        { type: "Action.OpenUrl", title: "Nowhere", url: "javascript:window.reached=1" },
        { type: "Action.OpenUrl", title: "Somewhere", url: "https://example.com/" },
      ],
    );
    const card = await ada.heard("where to");
    await card.locator(".ac-pushButton", { hasText: "Nowhere" }).click();
    await card.locator(".ac-pushButton", { hasText: "Somewhere" }).click();
    expect(await ada.page.evaluate("window.opened")).toEqual(["https://example.com/"]);
  });
});

/** As a bot would; people can post cards too. */
async function postCard(chat: ChatPage, body: object[], actions: object[] = []): Promise<void> {
  const content = { type: "AdaptiveCard", version: "1.3", body, actions };
  const contentType = "application/vnd.microsoft.card.adaptive";
  await chat.post({ text: "a card", attachments: [{ contentType, content }] });
}
