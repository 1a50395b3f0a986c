import { h } from "./dom";
import type { Choice } from "./message";

/** Answers as buttons, until one of them was chosen. @param choose Rejects when it was refused; it can then be tried again. */
export function drawChoices(
  choices: readonly Choice[],
  chosenId: string | undefined,
  choose: (choice: Choice) => Promise<void>,
): HTMLElement {
  const disableAll = (isDisabled: boolean): void => {
    for (const button of buttons) button.disabled = isDisabled;
  };
  const press = (choice: Choice): void => {
    // A second press would be a second answer.
    disableAll(true);
    choose(choice).catch(() => disableAll(false));
  };
  const buttons = choices.map((choice) => {
    const isPressed = choice.id === chosenId ? "true" : undefined;
    const onclick = () => press(choice);
    return h("button", { type: "button", class: "choice", "aria-pressed": isPressed, onclick }, choice.text);
  });
  disableAll(chosenId !== undefined);
  return h("div", { class: "choices", role: "group", "aria-label": "Quick replies" }, ...buttons);
}
