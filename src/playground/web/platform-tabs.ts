import type { ChatPlatform } from "./chat-platform";
import { byId, h } from "./dom";
import type { State } from "./state";

/**
 * The platforms as tabs. Arrow keys go from one to the next and show it at once, Home and End to the first and the last.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function createPlatformTabs(
  list: HTMLElement,
  platforms: readonly ChatPlatform[],
  change: (platform: ChatPlatform) => void,
): (state: State) => void {
  const panel = byId("platform");
  const tabs = platforms.map((platform) => {
    const onclick = () => change(platform);
    const attributes = { type: "button", role: "tab", id: `tab-${platform.name}`, "aria-controls": panel.id };
    return h("button", { ...attributes, class: "platform", onclick }, platform.title);
  });
  list.append(...tabs);
  list.addEventListener("keydown", (event) => {
    const from = tabs.findIndex((tab) => tab.matches(":focus"));
    const to = indexAfter(event.key, from, tabs.length);
    const platform = platforms[to ?? -1];
    if (to === undefined || platform === undefined) return;
    event.preventDefault();
    tabs[to]?.focus();
    change(platform);
  });
  return ({ platform: shown }) => {
    tabs.forEach((tab, index) => {
      const isShown = platforms[index] === shown;
      tab.setAttribute("aria-selected", String(isShown));
      // One stop for the Tab key; arrows do the rest.
      tab.tabIndex = isShown ? 0 : -1;
      if (isShown) panel.setAttribute("aria-labelledby", tab.id);
    });
  };
}

function indexAfter(key: string, from: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (from + 1) % count;
    case "ArrowLeft":
      return (from - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
