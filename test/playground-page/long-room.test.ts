import { describeInBrowser } from "./browser";
import type { ChatPage } from "./chat-page";
import { servePlaygroundAlone } from "./served-playground";
import { startOnce } from "./start-once";

const count = 1_000;

describeInBrowser("the chat page, with a thousand messages in a room", () => {
  const started = startOnce(servePlaygroundAlone);
  let ada: ChatPage;

  beforeAll(async () => {
    const { playground } = started;
    for (let index = 0; index < count; index++) {
      const text = `number ${index}. ${"Words to fill a line or two. ".repeat(index % 7)}`;
      playground.spika.says(index % 2 === 0 ? "Grace" : "Alan", text);
    }
    ada = await started.open();
    await ada.tab("Spika").click();
    await ada.open("Kitchen");
    await ada.heard(`number ${count - 1}.`);
  });
  afterAll(async () => {
    expect(ada?.complaints).toEqual([]);
  });

  it("keeps in place what is read while older messages are loaded above, and draws it only once", async () => {
    await markMessages(ada);
    for (let older = count - 200; older >= 0; older -= 100) {
      await ada.page.evaluate("document.getElementById('log').scrollTop = 0");
      const first = ada.messages.first();
      const before = await first.boundingBox();
      const text = (await first.textContent()) ?? "";
      await ada.page.getByRole("button", { name: "Load older messages" }).click();
      await ada.messages.filter({ hasText: `number ${older}.` }).waitFor({ state: "attached" });
      const now = await ada.messages.filter({ hasText: text }).boundingBox();
      expect(Math.abs((now?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    }
    expect(await ada.messages.count()).toBe(count);
    expect(await markedMessages(ada)).toBe(100);
  });

  it("lays out only what is in sight", async () => {
    const drawn = await ada.page.evaluate(
      "[...document.querySelectorAll('article')].filter((a) => a.checkVisibility({ contentVisibilityAuto: true })).length",
    );
    expect(drawn).toBeGreaterThan(0);
    expect(drawn).toBeLessThan(100);
  });

  it("adds what arrives, and touches nothing else", async () => {
    await ada.page.evaluate("document.getElementById('log').scrollTop = 1e9");
    await markMessages(ada);
    await ada.page.evaluate(`
      window.changes = { added: 0, removed: 0 };
      new MutationObserver((records) => {
        for (const { addedNodes, removedNodes } of records) {
          window.changes.added += addedNodes.length;
          window.changes.removed += removedNodes.length;
        }
      }).observe(document.querySelector(".messages"), { childList: true, subtree: true });
    `);
    for (let index = 0; index < 100; index++) started.playground.spika.says("Grace", `late ${index}.`);
    await ada.heard("late 99.");
    expect(await ada.page.evaluate("window.changes")).toEqual({ added: 100, removed: 0 });
    expect(await markedMessages(ada)).toBe(count);
    // The end stays in sight.
    expect(
      await ada.page.evaluate(
        "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.getElementById('log'))",
      ),
    ).toBeLessThan(2);
  });

  it("draws no more often than there are frames, however much happens in one", async () => {
    await ada.page.evaluate(`
      window.drawings = 0;
      new MutationObserver(() => window.drawings++).observe(document.querySelector(".messages"), { childList: true });
      window.frames = 0;
      const count = () => { window.frames++; requestAnimationFrame(count); };
      requestAnimationFrame(count);
    `);
    for (let index = 0; index < 300; index++) started.playground.spika.says("Alan", `later ${index}.`);
    await ada.heard("later 299.");
    const { drawings, frames } = await ada.page.evaluate<{ drawings: number; frames: number }>(
      "({ drawings, frames })",
    );
    expect(drawings).toBeGreaterThan(0);
    expect(drawings).toBeLessThanOrEqual(frames);
  });
});

/** Marks the drawn messages, so that one that is drawn anew can be told. */
async function markMessages({ page }: ChatPage): Promise<void> {
  await page.evaluate("document.querySelectorAll('article').forEach((article) => (article.isKept = true))");
}

async function markedMessages({ page }: ChatPage): Promise<number> {
  return await page.evaluate(
    "[...document.querySelectorAll('article')].filter(({ isKept }) => isKept).length",
  );
}
