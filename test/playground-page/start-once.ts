import type { Browser, BrowserContextOptions } from "playwright-core";
import { launchBrowser } from "./browser";
import { ChatPage } from "./chat-page";

/** A playground and a browser that all tests of a `describe` share. */
interface Started<Served> {
  readonly playground: Served;
  readonly browser: Browser;
  open(options?: BrowserContextOptions): Promise<ChatPage>;
}

/** Starts a playground and a browser before the tests of a `describe`, and ends both after them. */
export function startOnce<Served extends { readonly url: string; close(): Promise<void> }>(
  serve: () => Promise<Served>,
): Started<Served> {
  let playground: Served;
  let browser: Browser;
  beforeAll(async () => {
    [playground, browser] = await Promise.all([serve(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.close();
  });
  return {
    get playground() {
      return playground;
    },
    get browser() {
      return browser;
    },
    open: (options) => ChatPage.open(browser, playground.url, options),
  };
}
