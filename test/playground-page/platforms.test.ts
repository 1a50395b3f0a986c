import type { Browser } from "playwright-core";
import type { ListeningPlayground } from "../../src/playground/listen";
import { describeInBrowser, launchBrowser } from "./browser";
import { ChatPage } from "./chat-page";
import { servePlayground, servePlaygroundAlone } from "./served-playground";
import { doInIntercom, sayInSpika } from "./spoken-by-hand";
import { startOnce } from "./start-once";

describeInBrowser("the chat page, with the bots of this repository", () => {
  const started = startOnce(servePlayground);
  let ada: ChatPage;

  beforeEach(async () => {
    ada = await started.open();
  });
  afterEach(async () => {
    expect(ada.complaints).toEqual([]);
    await ada.close();
  });

  it.each([
    ["Spika", "Bellhop"],
    ["Spika", "Kitchen"],
    ["Intercom", "New conversation"],
  ] as const)("leads from hello to the bot's answer: %s, %s", async (platform, room) => {
    await ada.tab(platform).click();
    await ada.open(room);
    await ada.say("hello");
    await (await ada.heard("Hello!")).getByText("bot", { exact: true }).waitFor();
  });

  it("lets one answer a card where there are no cards", async () => {
    await ada.tab("Intercom").click();
    await ada.open("New conversation");
    await ada.say("expense 12.50 EUR");
    await ada.conversation.getByRole("button", { name: "Approve" }).click();
    await ada.heard("Comment?");
    await ada.say("Enjoy your meal.");
    await (await ada.heard("Approved")).getByText("Enjoy your meal.").waitFor();
  });

  it("can be used with the keyboard alone, from one platform to the next", async () => {
    const { keyboard } = ada.page;
    await ada.tab("Webex").focus();
    for (const [key, platform] of [
      ["ArrowRight", "Spika"],
      ["End", "Intercom"],
      ["ArrowRight", "Webex"],
      ["ArrowLeft", "Intercom"],
      ["Home", "Webex"],
      ["ArrowRight", "Spika"],
    ] as const) {
      await keyboard.press(key);
      await ada.page.getByRole("tab", { name: platform, selected: true }).waitFor();
    }
    expect(await ada.page.evaluate("document.activeElement.textContent")).toBe("Spika");
    await ada.room("Kitchen").waitFor();
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press("Tab");
        const focused = "(document.activeElement.ariaLabel || document.activeElement.textContent).trim()";
        if (name.test(String(await ada.page.evaluate(focused)))) return;
      }
      throw new Error(`Tab does not lead to ${name}.`);
    };
    await tabTo(/Kitchen$/);
    await keyboard.press("Enter");
    await ada.page.getByRole("heading", { name: "Kitchen" }).waitFor();
    await tabTo(/^Message$/);
    await keyboard.type("echo by hand");
    await keyboard.press("Enter");
    await ada.heard("You said: by hand");
  });
});

describeInBrowser("the chat page, whatever a bot does", () => {
  let playground: ListeningPlayground;
  let browser: Browser;
  let ada: ChatPage;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    playground = await servePlaygroundAlone();
    ada = await ChatPage.open(browser, `${playground.url}/`);
  });
  afterEach(async () => {
    await ada.close();
    await playground.close();
    expect(ada.complaints).toEqual([]);
  });

  const inSpika = (body: object) => sayInSpika(playground, body);
  const inIntercom = (route: "reply" | "parts", body: object) => {
    const [, , id = ""] = decodeURIComponent(new URL(ada.page.url()).hash).split("/");
    return doInIntercom(playground, `${id}/${route}`, body);
  };

  async function openKitchen(): Promise<void> {
    await ada.tab("Spika").click();
    await ada.open("Kitchen");
  }

  async function ask(question: string): Promise<void> {
    await ada.tab("Intercom").click();
    await ada.room("New conversation").waitFor();
    await ada.say(question);
    await ada.heard(question);
  }

  it("shows in Spika what was quoted, and quotes", async () => {
    await openKitchen();
    const { id } = playground.spika.says("Grace", "What is for lunch?");
    await inSpika({ body: { text: "Soup." }, replyId: id });
    const answer = await ada.heard("Soup.");
    await answer.getByText("Grace Hopper What is for lunch?").waitFor();
    await answer.hover();
    await answer.getByRole("button", { name: "Quote" }).click();
    await ada.page.getByText("Quoting: Soup.").waitFor();
    await ada.say("Thanks!");
    // A quote is for one message, however fast the next one is.
    await ada.say("And for dinner?");
    expect(await (await ada.heard("And for dinner?")).locator(".quote").count()).toBe(0);
    await (await ada.heard("Thanks!")).getByText("Bellhop Soup.").waitFor();
  });

  it("sends a file to Spika, and shows it to others", async () => {
    await openKitchen();
    await ada.attach({ name: "menu.txt", mimeType: "text/plain", buffer: Buffer.alloc(700_000, "soup ") });
    await ada.say("the menu");
    const link = (await ada.heard("the menu")).getByRole("link", { name: "menu.txt" });
    const [download] = await Promise.all([ada.page.waitForEvent("download"), link.click()]);
    expect(download.suggestedFilename()).toBe("menu.txt");
    expect(playground.spika.messages.at(-1)).toMatchObject({
      type: "file",
      body: { text: "the menu", file: { size: 700_000 } },
    });
  });

  it("shows a person the rooms they are in, and marks what is new in the others", async () => {
    await openKitchen();
    await ada.person("Grace Hopper").check();
    await ada.room("Bellhop").waitFor({ state: "detached" });
    await ada.person("Ada Lovelace").check();
    await ada.page.getByRole("heading", { name: "Bellhop", exact: true }).waitFor();
    playground.spika.says("Grace", "Is anybody there?");
    await ada.room("Kitchen new messages").click();
    await ada.heard("Is anybody there?");
  });

  it("does not take for Grace's what Ada sent a moment before", async () => {
    await openKitchen();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await ada.page.route("**/api/spika/messages", async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    await ada.say("by Ada");
    await ada.person("Grace Hopper").check();
    await ada.room("Bellhop").waitFor({ state: "detached" });
    const message = await ada.heard("by Ada");
    const answered = ada.page.waitForResponse("**/api/spika/messages");
    release();
    await (await answered).finished();
    await ada.say("by Grace");
    await ada.heard("by Grace");
    expect(await message.getAttribute("class")).not.toContain("message-mine");
  });

  it("shows in Intercom comments, internal notes, files, and what was done", async () => {
    await ask("Where is my parcel?");
    await inIntercom("reply", { message_type: "comment", body: "<p>In <b>Ockham</b>.</p>" });
    expect(await (await ada.heard("In Ockham.")).locator("b").textContent()).toBe("Ockham");
    await inIntercom("reply", { message_type: "note", body: "<p>She asks often.</p>" });
    await (await ada.heard("She asks often.")).getByText("internal note").waitFor();
    await inIntercom("reply", {
      ...{ message_type: "comment", body: "<p>A picture</p>" },
      attachment_files: [{ name: "dot.png", content_type: "image/png", data: pixel }],
      attachment_urls: ["https://example.com/map.png"],
    });
    const picture = await ada.heard("A picture");
    await picture.getByRole("img", { name: "dot.png" }).waitFor();
    const elsewhere = picture.getByRole("link", { name: "map.png" });
    expect(await elsewhere.getAttribute("href")).toBe("https://example.com/map.png");
    const assignment = { message_type: "assignment", assignee_id: playground.intercom.adminId };
    await inIntercom("parts", assignment);
    await ada.page.getByText("open, assigned to Bellhop").waitFor();
    await inIntercom("parts", { message_type: "snoozed", snoozed_until: 1_900_000_000 });
    await ada.conversation.getByText("Bellhop snoozed the conversation").waitFor();
    await inIntercom("parts", { message_type: "close" });
    await ada.room("Where is my parcel? closed").waitFor();
    await ada.say("Wait!");
    await ada.page.getByText("open, assigned to Bellhop").waitFor();
  });

  it("lets one press a quick reply once, by keyboard too", async () => {
    await ask("Which one?");
    const options = [
      { text: "The big one", uuid: "11111111-1111-4111-8111-111111111111" },
      { text: "The small one", uuid: "22222222-2222-4222-8222-222222222222" },
    ];
    await inIntercom("reply", { message_type: "quick_reply", reply_options: options });
    const small = ada.conversation.getByRole("button", { name: "The small one" });
    await small.focus();
    await ada.page.keyboard.press("Enter");
    await ada.conversation.getByRole("button", { name: "The small one", pressed: true }).waitFor();
    expect(await ada.page.evaluate("document.activeElement.ariaLabel")).toBe("Message");
    const own = ada.conversation.getByRole("article", { name: /^Ada/ }).filter({ hasText: "The small one" });
    await own.waitFor();
    expect(await ada.conversation.getByRole("button", { name: "The big one" }).isDisabled()).toBe(true);
  });

  it("lets one press a quick reply again when it was refused", async () => {
    await ask("Which one?");
    const options = [{ text: "The big one", uuid: "11111111-1111-4111-8111-111111111111" }];
    await inIntercom("reply", { message_type: "quick_reply", reply_options: options });
    const refuse = { status: 500, contentType: "application/json", body: '{"message":"Not today"}' };
    await ada.page.route("**/api/intercom/presses", (route) => route.fulfill(refuse), { times: 1 });
    const big = ada.conversation.getByRole("button", { name: "The big one" });
    await big.click();
    await ada.page.getByRole("alert").getByText("Not today").waitFor();
    await big.click();
    await ada.conversation.getByRole("button", { name: "The big one", pressed: true }).waitFor();
    ada.complaints.length = 0;
  });

  it("shows each person in Intercom their own conversations, and begins another one", async () => {
    await ask("The first");
    await ada.open("New conversation");
    await ada.say("The second");
    await ada.page.getByRole("heading", { name: "The second" }).waitFor();
    await ada.room("The first").waitFor();
    await ada.person("Grace Hopper").check();
    await ada.room("The first").waitFor({ state: "detached" });
    await ada.page.getByRole("heading", { name: "New conversation" }).waitFor();
  });

  it("goes back by the browser's button, also to another platform", async () => {
    await openKitchen();
    await ada.tab("Intercom").click();
    await ada.page.getByRole("heading", { name: "New conversation" }).waitFor();
    await ada.page.goBack();
    await ada.page.getByRole("heading", { name: "Kitchen" }).waitFor();
    await ada.page.goForward();
    await ada.page.getByRole("heading", { name: "New conversation" }).waitFor();
  });

  it("keeps platform, person, conversation and draft over a reload, and over a look at another platform", async () => {
    await openKitchen();
    await ada.say("before the reload");
    await ada.heard("before the reload");
    await ada.person("Grace Hopper").check();
    await ada.room("Bellhop").waitFor({ state: "detached" });
    await ada.heard("before the reload");
    await ada.box.fill("half a sen");
    await ada.page.reload();
    await ada.heard("before the reload");
    for (const look of [false, true]) {
      if (look) {
        await ada.tab("Webex").click();
        await ada.page.getByRole("heading", { name: "Bellhop", exact: true }).waitFor();
        // As the same person.
        expect(await ada.person("Grace Hopper").isChecked()).toBe(true);
        await ada.tab("Spika").click();
        await ada.page.getByRole("heading", { name: "Kitchen" }).waitFor();
      }
      expect(await ada.tab("Spika").getAttribute("aria-selected")).toBe("true");
      expect(await ada.person("Grace Hopper").isChecked()).toBe(true);
      expect(await ada.box.inputValue()).toBe("half a sen");
    }
  });

  it("loads older messages of a room in Spika when they are asked for", async () => {
    for (let index = 0; index < 105; index++) playground.spika.says("Grace", `number ${index}.`);
    await openKitchen();
    await ada.heard("number 104.");
    expect(await ada.messages.filter({ hasText: "number 3." }).count()).toBe(0);
    await ada.page.getByRole("button", { name: "Load older messages" }).click();
    await ada.heard("number 3.");
    expect(await ada.messages.count()).toBe(105);
  });

  it("gives back what was refused, with what it quoted, and says why", async () => {
    await openKitchen();
    playground.spika.says("Grace", "What is for lunch?");
    await (await ada.heard("What is for lunch?")).hover();
    await ada.page.getByRole("button", { name: "Quote" }).click();
    await ada.page.route("**/api/spika/messages", (route) =>
      route.fulfill({
        status: 400,
        contentType: "application/json",
        body: '{"message":"Room user not found"}',
      }),
    );
    await ada.say("nobody hears me");
    await ada.page.getByRole("alert").getByText("Room user not found").waitFor();
    expect(await ada.box.inputValue()).toBe("nobody hears me");
    await ada.page.getByText("Quoting: What is for lunch?").waitFor();
    // What the browser and the page say about it in the console.
    ada.complaints.length = 0;
  });
});

const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
