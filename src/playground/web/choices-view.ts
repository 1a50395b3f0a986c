import { h } from "./dom";
import type { Choice } from "./message";

/** Answers as buttons, until one of them was chosen. */
export function drawChoices(
  choices: readonly Choice[],
  chosenId: string | undefined,
  choose: (choice: Choice) => void,
): HTMLElement {
  const buttons = choices.map((choice) => {
    const isChosen = choice.id === chosenId;
    const attributes = {
      type: "button",
      class: isChosen ? "choice choice-made" : "choice",
      disabled: chosenId !== undefined,
      onclick: () => choose(choice),
    };
    return h(
      "button",
      attributes,
      choice.text,
      isChosen && h("span", { class: "visually-hidden" }, ", chosen"),
    );
  });
  return h("div", { class: "choices", role: "group", "aria-label": "Quick replies" }, ...buttons);
}
