import { h } from "./dom";
import type { Choice } from "./message";

/** Answers as buttons, until one of them was chosen. */
export function drawChoices(
  choices: readonly Choice[],
  chosenId: string | undefined,
  choose: (choice: Choice) => void,
): HTMLElement {
  const buttons = choices.map((choice) => {
    const attributes = {
      type: "button",
      class: "choice",
      disabled: chosenId !== undefined,
      "aria-pressed": choice.id === chosenId ? "true" : undefined,
      onclick: () => choose(choice),
    };
    return h("button", attributes, choice.text);
  });
  return h("div", { class: "choices", role: "group", "aria-label": "Quick replies" }, ...buttons);
}
