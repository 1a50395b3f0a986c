import type { Finding } from "./finding";
import { isObject } from "./json-values";
import { finding, type Passed } from "./rule";

/** The list of each type without which nothing is shown, and what it is a list of. */
const CONTENTS: Readonly<Record<string, readonly [key: string, what: string]>> = {
  FactSet: ["facts", "facts"],
  ColumnSet: ["columns", "columns"],
  ImageSet: ["images", "images"],
  ActionSet: ["actions", "buttons"],
  Container: ["items", "elements"],
  RichTextBlock: ["inlines", "texts"],
  "Action.ToggleVisibility": ["targetElements", "elements"],
};

/** Finds elements that have nothing in them, for example because every item of a list was left out. */
export function emptyRules(passed: readonly Passed[]): Finding[] {
  return passed.flatMap(({ type, object, path }): Finding[] => {
    if (type === "Input.ChoiceSet" && isEmptyList(object.choices)) {
      const message = "there are no choices, so the question cannot be answered";
      const remedy = 'give it "choices", or leave it out with a $when while there are none';
      return [finding("error", "empty-element", [...path, "choices"], message, remedy)];
    }
    if (type === "Action.ShowCard" && isObject(object.card) && isBlank(object.card.body, object.card.actions))
      return [
        finding(
          "warning",
          "empty-element",
          [...path, "card"],
          "the card that it opens is empty",
          "give it a body",
        ),
      ];
    const [key, what] = CONTENTS[type] ?? [];
    if (key === undefined || !isEmptyList(object[key] ?? (type === "ColumnSet" ? [] : undefined))) return [];
    const message = `there are no ${what}, so it shows nothing`;
    const remedy = "leave it out with a $when while there are none";
    return [finding("warning", "empty-element", [...path, key], message, remedy)];
  });
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isBlank(...lists: readonly unknown[]): boolean {
  return lists.every((list) => list === undefined || isEmptyList(list));
}
