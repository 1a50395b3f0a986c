import type { Browser, Route } from "playwright-core";
import { describeInBrowser, launchBrowser } from "./browser";
import { ChatPage } from "./chat-page";
import { type ServedPlayground, servePlayground } from "./served-playground";

describeInBrowser("the chat page", () => {
  let playground: ServedPlayground;
  let browser: Browser;
  let ada: ChatPage;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    playground = await servePlayground();
    ada = await ChatPage.open(browser, playground.url);
  });
  afterEach(async () => {
    await ada?.close();
    await playground?.close();
    expect(ada?.complaints).toEqual([]);
  });

  it("leads a newcomer from hello to a card that was filled in", async () => {
    await ada.page.getByText("Write hello to the bot").waitFor();
    await ada.say("hello");
    await ada.heard(/Hello/);
    await ada.say("card");
    const name = ada.conversation.getByLabel("Your name").last();
    await name.fill("Ada of Ockham");
    await ada.conversation.getByRole("button", { name: "Send" }).last().click();
    await ada.heard("Ada of Ockham");
    await ada.conversation.getByText(/Sent at/).waitFor();
  });

  it("shows the same after a reload: messages, card and timeline", async () => {
    await ada.say("hello");
    await ada.heard(/Hello/);
    // The bot's own message is delivered to it as well, and last.
    await ada.entry("POST /messages").first().waitFor();
    await ada.entry("messages.created").nth(1).waitFor();
    const messages = await ada.messages.allTextContents();
    const entries = await ada.entry(/./).count();
    await ada.page.reload();
    await ada.messages.nth(messages.length - 1).waitFor();
    await ada
      .entry(/./)
      .nth(entries - 1)
      .waitFor();
    expect(await ada.messages.allTextContents()).toEqual(messages);
  });

  it("keeps the person, the room and what was begun to be written over a reload", async () => {
    await ada.person("Grace Hopper").check();
    await ada.open("Lobby");
    await ada.box.fill("half a sen");
    await ada.page.reload();
    await ada.page.getByRole("heading", { name: "Lobby", exact: true }).waitFor();
    expect(await ada.person("Grace Hopper").isChecked()).toBe(true);
    expect(await ada.box.inputValue()).toBe("half a sen");
  });

  it("mentions whom one picks after an @, and the bot answers in the group room", async () => {
    await ada.open("Lobby");
    await ada.box.pressSequentially("@bel");
    await ada.page.getByRole("option", { name: "Bellhop" }).waitFor();
    await ada.box.press("Enter");
    await ada.box.pressSequentially("hello");
    await ada.box.press("Enter");
    const mention = (await ada.heard("Bellhop hello")).locator("spark-mention");
    expect(await mention.textContent()).toBe("Bellhop");
    await ada.heard(/Hello/);
  });

  it("shows a reply below the message it answers, and the bot's answer with it", async () => {
    await ada.say("the root of it");
    await (await ada.heard("the root of it")).hover();
    await (await ada.heard("the root of it")).getByRole("button", { name: "Reply in thread" }).click();
    await ada.say("hello");
    const thread = ada.conversation.locator(".thread", { hasText: "the root of it" });
    // The bot does not know the first message, and answers both in the thread.
    await thread.locator(".replies").getByRole("article", { name: "Bellhop" }).nth(1).waitFor();
    expect(await thread.getByRole("article").count()).toBe(4);
    await ada.box.press("Escape");
    await ada.say("outside again");
    expect(await thread.getByText("outside again").count()).toBe(0);
  });

  it("edits and deletes one's own message", async () => {
    await ada.say("a mitsake");
    await ada.heard("a mitsake");
    await ada.box.press("ArrowUp");
    expect(await ada.box.inputValue()).toBe("a mitsake");
    await ada.say("a mistake");
    const message = await ada.heard("a mistake");
    await message.getByText("edited").waitFor();
    await message.hover();
    await message.getByRole("button", { name: "Delete" }).click();
    await message.waitFor({ state: "detached" });
  });

  it("sends a file, with a text or alone, and shows a picture as one", async () => {
    const pixel =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await ada.attach({ name: "dot.png", mimeType: "image/png", buffer: Buffer.from(pixel, "base64") });
    await ada.say("a picture");
    const picture = (await ada.heard("a picture")).getByRole("img", { name: "dot.png" });
    await picture.waitFor();
    await ada.page.evaluate("document.querySelector('img').decode()");
    expect(await ada.page.evaluate("document.querySelector('img').naturalWidth")).toBe(1);
    await ada.attach({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") });
    await ada.page.getByRole("button", { name: "Send" }).click();
    const link = (await ada.heard("notes.txt")).getByRole("link", { name: "notes.txt" });
    const [download] = await Promise.all([ada.page.waitForEvent("download"), link.click()]);
    expect(download.suggestedFilename()).toBe("notes.txt");
  });

  it("loads older messages when they are asked for", async () => {
    for (let index = 0; index < 105; index++) await ada.post({ text: `number ${index}.` });
    await ada.heard("number 104.");
    await ada.page.reload();
    await ada.heard("number 104.");
    expect(await ada.messages.filter({ hasText: "number 3." }).count()).toBe(0);
    const older = ada.page.getByRole("button", { name: "Load older messages" });
    while ((await ada.messages.filter({ hasText: "number 0." }).count()) === 0) await older.click();
    await older.waitFor({ state: "detached" });
    // The bot's answers stand between them.
    const texts = await ada.messages.locator(".message-body").allTextContents();
    expect(texts.filter((text) => text.startsWith("number"))).toEqual(
      Array.from({ length: 105 }, (_, index) => `number ${index}.`),
    );
  });

  it("starts a new line with Shift+Enter", async () => {
    await ada.box.pressSequentially("one");
    await ada.box.press("Shift+Enter");
    await ada.box.pressSequentially("two");
    await ada.box.press("Enter");
    expect(await (await ada.heard("one")).locator(".message-body").textContent()).toBe("one\ntwo");
  });

  it("sends in the order it was written, also when the first message is slow on its way", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holdFirst = async (route: Route): Promise<void> => {
      await held;
      await route.continue();
    };
    await ada.page.route("**/messages", holdFirst, { times: 1 });
    const lines = ["one of three", "two of three", "three of three"];
    for (const line of lines) await ada.say(line);
    release();
    for (const line of lines) await ada.heard(line);
    const own = ada.messages.filter({ hasText: "of three" }).locator(".message-body");
    expect(await own.allTextContents()).toEqual(lines);
  });

  it("tells another person at once of what is new and what is gone, and marks a room they are not looking at", async () => {
    const grace = await ChatPage.open(browser, playground.url);
    await grace.person("Grace Hopper").check();
    await grace.page.getByRole("heading", { name: "Bellhop", exact: true }).waitFor();
    await ada.open("Lobby");
    await ada.say("is anybody there?");
    await grace.room("Lobby new messages").click();
    await grace.heard("is anybody there?");
    await grace.say("always");
    const answer = await ada.heard("always");
    await (await grace.heard("always")).hover();
    await (await grace.heard("always")).getByRole("button", { name: "Delete" }).click();
    await answer.waitFor({ state: "detached" });
    await grace.close();
  });

  it("makes a room with people in it, lets one leave it to them, and adds others", async () => {
    await ada.page.getByRole("button", { name: "New room" }).click();
    await ada.page.getByRole("textbox", { name: "Name", exact: true }).fill("Night shift");
    await ada.page.getByRole("checkbox", { name: "Grace Hopper" }).check();
    await ada.page.getByRole("button", { name: "Create room" }).click();
    await ada.page.getByRole("heading", { name: "Night shift" }).waitFor();
    await ada.page.getByRole("button", { name: "3 people" }).click();
    const people = ada.page.getByRole("list", { name: "People in the room" });
    await ada.page
      .getByRole("textbox", { name: "E-mail" })
      .or(ada.page.getByRole("combobox", { name: "E-mail" }))
      .fill("alan@example.com");
    await ada.page.getByRole("button", { name: "Add" }).click();
    await people.getByText("Alan Turing").waitFor();
    await people.getByRole("button", { name: "Remove Grace Hopper" }).click();
    await people.getByText("Grace Hopper").waitFor({ state: "detached" });
    await people.getByRole("button", { name: "Leave the room" }).click();
    await ada.page.getByRole("heading", { name: "Bellhop", exact: true }).waitFor();
    await ada.room("Night shift").waitFor({ state: "detached" });
    await ada.person("Alan Turing").check();
    await ada.room("Night shift").waitFor();
  });

  it("opens the direct room of two people with the first message", async () => {
    await ada.person("Alan Turing").check();
    await ada.page.getByRole("heading", { name: "Bellhop", exact: true }).waitFor();
    await ada.say("hello");
    await ada.heard(/Hello/);
    expect(await ada.page.getByRole("list", { name: "Rooms" }).getByText("Bellhop").count()).toBe(1);
  });

  it("shows in the timeline what was delivered to the bot, with its signature, and what the bot called", async () => {
    await ada.say("hello");
    await ada.heard(/Hello/);
    await ada
      .entry(/GET \/messages/)
      .first()
      .waitFor();
    await ada
      .entry(/POST \/messages/)
      .first()
      .waitFor();
    const delivery = ada.entry("messages.created").last();
    await delivery.locator("summary").click();
    await delivery.getByText("X-Spark-Signature").waitFor();
    await delivery.getByText('"resource": "messages"').waitFor();
    await ada.page.getByRole("button", { name: "Timeline" }).click();
    await ada.timeline.waitFor({ state: "hidden" });
  });
});

describeInBrowser("the chat page, when something fails", () => {
  let browser: Browser;
  let playground: ServedPlayground;
  let ada: ChatPage;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    playground = await servePlayground();
    ada = await ChatPage.open(browser, playground.url);
  });
  afterEach(async () => {
    await ada?.close();
    await playground?.close();
  });

  it("says why a message was refused, with the tracking id, and gives the text back", async () => {
    const tooLong = "é".repeat(4_000);
    await ada.say(tooLong);
    const alert = ada.page.getByRole("alert");
    await alert.getByText("7439").waitFor();
    expect(await alert.textContent()).toMatch(/trackingId \S{10}/);
    expect(await ada.box.inputValue()).toBe(tooLong);
  });

  it("goes on with an edit that was refused", async () => {
    await ada.say("short");
    await ada.heard("short");
    await ada.box.press("ArrowUp");
    const tooLong = "x".repeat(8_000);
    await ada.say(tooLong);
    await ada.page.getByRole("alert").waitFor();
    await ada.page.getByText("Editing your message").waitFor();
    expect(await ada.box.inputValue()).toBe(tooLong);
    await ada.say("shorter");
    await (await ada.heard("shorter")).getByText("edited").waitFor();
  });

  it("waits for a playground that stopped, and goes on with the one that was started anew", async () => {
    await ada.say("hello");
    await ada.heard(/Hello/);
    await playground.close();
    await ada.page.getByRole("status").filter({ hasText: "does not answer" }).waitFor();
    playground = await servePlayground(Number(new URL(playground.url).port));
    await ada.page.getByText("Write hello to the bot").waitFor();
    await ada.say("hello");
    await ada.heard(/Hello/);
  });
});
