import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core holds against the page as it is now: the rule and where. */
export async function violations({ page }: { readonly page: Page }): Promise<string[]> {
  // Faint while it appears is not faint for good.
  await page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))");
  await page.evaluate(axe);
  return await page.evaluate(
    "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))",
  );
}
