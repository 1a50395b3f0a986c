import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { parseSession } from "../../src/playground/web/wire";

/** The page as a person at it sees it: by what things are and are called. */
export class ChatPage {
  readonly page: Page;
  /** What the browser complained about: script errors, refused sources, failed requests. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  /** Opens the page in a window of its own, which knows nothing of others. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    // Shorter than a test may take, so that a failure says what was waited for.
    context.setDefaultTimeout(60_000);
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(url);
    await chat.box.waitFor();
    await chat.room("Bellhop").waitFor({ state: "attached" });
    return chat;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Where one writes. */
  get box(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  get conversation(): Locator {
    return this.page.getByRole("log", { name: "Conversation" });
  }

  get messages(): Locator {
    return this.conversation.getByRole("article");
  }

  get timeline(): Locator {
    return this.page.getByRole("complementary", { name: "Timeline" });
  }

  /** A row of the timeline. */
  entry(text: string | RegExp): Locator {
    return this.timeline.getByRole("listitem").filter({ hasText: text });
  }

  /** Also where the list is out of sight, as on a narrow screen. */
  room(name: string | RegExp): Locator {
    return this.page
      .getByRole("list", { name: /^(?:Rooms|Conversations)$/, includeHidden: true })
      .getByRole("button", { name, includeHidden: true });
  }

  tab(platform: "Webex" | "Spika" | "Intercom"): Locator {
    return this.page.getByRole("tab", { name: platform });
  }

  person(name: string): Locator {
    return this.page.getByRole("radio", { name });
  }

  async open(room: string): Promise<void> {
    await this.room(room).click();
    await this.page.getByRole("heading", { name: room, exact: true }).waitFor();
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** Chooses a file to go along with the next message. */
  async attach(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.getByRole("button", { name: "Attach a file" }).click();
    await (await chooser).setFiles(file);
  }

  /** Posts to the bot as Ada, past the page. */
  async post(content: object): Promise<void> {
    const session = parseSession(await (await fetch(new URL("api/session", this.page.url()))).json());
    const response = await fetch(new URL(`${session.apiBase}/messages`, this.page.url()), {
      method: "POST",
      headers: { Authorization: `Bearer ${session.people[0].token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ toPersonEmail: session.bot.email, ...content }),
    });
    if (!response.ok) throw new Error(`POST /messages answered ${response.status}: ${await response.text()}`);
  }

  /** The newest message with this text, once it is there. */
  async heard(text: string | RegExp): Promise<Locator> {
    const message = this.messages.filter({ hasText: text }).last();
    await message.waitFor();
    return message;
  }
}
