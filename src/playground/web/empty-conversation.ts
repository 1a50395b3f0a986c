import { h } from "./dom";
import type { State } from "./state";

/** What stands where nobody has written yet: what one could write. */
export function drawEmptyConversation(state: State, say: (text: string) => void): HTMLElement {
  const { current, platform } = state;
  const bot = platform.botName;
  if (current?.kind === "group" && platform.can.mention === true)
    return h(
      "div",
      { class: "empty" },
      h("p", { class: "empty-title" }, `Nobody has written in ${current.title} yet`),
      h(
        "p",
        {},
        ...[
          "In a group room a bot reads only what mentions it: type ",
          h("kbd", {}, "@"),
          ` and pick ${bot}.`,
        ],
      ),
      suggestion(`@${bot} hello`, say),
    );
  if (current?.kind === "person")
    return h("div", { class: "empty" }, h("p", { class: "empty-title" }, `Write to ${current.title}`));
  return h(
    "div",
    { class: "empty" },
    h("p", { class: "empty-title" }, "Write ", h("strong", {}, "hello"), " to the bot"),
    h("p", {}, `It answers as it would in ${platform.title}. What happens in between is in the timeline.`),
    h("p", { class: "suggestions" }, ...["hello", "card", "help"].map((text) => suggestion(text, say))),
  );
}

function suggestion(text: string, say: (text: string) => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: "quiet", "aria-label": `Say ${text}`, onclick: () => say(text) },
    text,
  );
}
