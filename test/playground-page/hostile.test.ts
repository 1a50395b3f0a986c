import { describeInBrowser } from "./browser";
import type { ChatPage } from "./chat-page";
import { servePlayground, servePlaygroundAlone } from "./served-playground";
import { doInIntercom, sayInSpika } from "./spoken-by-hand";
import { startOnce } from "./start-once";

const attack = `<img src="x:" onerror="window.reached=1"><script>window.reached=1</script><svg onload="window.reached=1"></svg><a href="javascript:window.reached=1">press</a>`;

describeInBrowser("the chat page, of what strangers write", () => {
  const started = startOnce(servePlayground);
  let ada: ChatPage;

  beforeEach(async () => {
    ada = await started.open();
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

describeInBrowser("the chat page, of what strangers write in Spika and Intercom", () => {
  const started = startOnce(servePlaygroundAlone);
  let ada: ChatPage;

  beforeEach(async () => {
    ada = await started.open();
  });
  afterEach(async () => {
    expect(await ada.page.evaluate("window.reached")).toBeUndefined();
    await ada.close();
  });

  it("shows HTML in Spika as the text it is, in a quote and in a file's name, too", async () => {
    await ada.tab("Spika").click();
    await ada.open("Kitchen");
    const { id } = started.playground.spika.says("Grace", attack);
    await sayInSpika(started.playground, { body: { text: `answered ${attack}` }, replyId: id });
    const message = await ada.heard("answered");
    expect(await message.locator(".quote").textContent()).toContain(attack);
    expect(await message.locator(".message-main").locator("img, script, svg, a").count()).toBe(0);
    const name = `${attack}.txt`;
    await ada.attach({ name: "x.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
    await ada.page.route("**/verify", (route) => {
      const body = JSON.stringify({ ...JSON.parse(route.request().postData() ?? ""), fileName: name });
      return route.continue({ postData: body });
    });
    await ada.say("a file");
    const link = (await ada.heard("a file")).locator(".file a");
    expect(await link.textContent()).toBe(name);
  });

  it("draws what Intercom's HTML says without what could run, load or lead astray", async () => {
    const { conversationId } = started.playground.intercom.says("Ada", attack);
    await ada.tab("Intercom").click();
    await ada.room(attack).click();
    await doInIntercom(started.playground, `${conversationId}/reply`, {
      message_type: "comment",
      body: `<p style="position:fixed">drawn <b>bold</b> ${attack}<iframe src="/"></iframe></p>`,
      attachment_urls: ["javascript:window.reached=1"],
    });
    const message = await ada.heard("drawn");
    expect(await message.locator(".message-body b").textContent()).toBe("bold");
    const astray = "img, script, svg:not(.icon), iframe, [style], [onerror], [href^=javascript]";
    expect(await message.locator(".message-main").locator(astray).count()).toBe(0);
    const own = ada.conversation.getByRole("article", { name: /^Ada/ });
    expect(await own.locator(".message-body").textContent()).toBe(attack);
  });
});

/** As a bot would; people can post cards too. */
async function postCard(chat: ChatPage, body: object[], actions: object[] = []): Promise<void> {
  const content = { type: "AdaptiveCard", version: "1.3", body, actions };
  const contentType = "application/vnd.microsoft.card.adaptive";
  await chat.post({ text: "a card", attachments: [{ contentType, content }] });
}
