import type { JsonObject, JsonValue } from "../core/contract/notice";
import type { Finding } from "./finding";
import type { JsonPath } from "./json-source";
import { isList, isObject } from "./json-values";

/** What is lost where a card is not drawn but written, with its buttons as numbered choices. */
export function textRules(card: JsonObject): readonly Finding[] {
  const actions: Action[] = [];
  const findings = [...losses(card, [], actions)];
  return [...findings, ...sameTitles(actions)];
}

interface Action {
  readonly title: string;
  readonly path: JsonPath;
}

/** @param actions those that can be chosen are added */
function* losses(value: JsonValue, path: JsonPath, actions: Action[]): Generator<Finding> {
  if (isList(value)) {
    for (const [index, one] of value.entries()) yield* losses(one, [...path, index], actions);
    return;
  }
  if (!isObject(value)) return;
  yield* lossOf(value, path, actions);
  for (const [key, child] of Object.entries(value)) {
    // Data is the bot's own; what can be clicked without being a button is told above.
    if (child === undefined || key === "data" || key === "selectAction") continue;
    yield* losses(child, [...path, key], actions);
  }
}

function* lossOf(element: JsonObject, path: JsonPath, actions: Action[]): Generator<Finding> {
  const { type, title, selectAction } = element;
  if (element.isVisible === false)
    yield lost(path, "it is hidden at first, and a text shows nothing later", "say it without hiding it");
  if (isObject(selectAction) && selectAction.type !== "Action.OpenUrl")
    yield lost([...path, "selectAction"], "a text cannot be clicked", "add a button that does the same");
  if (type === "Image" && !isText(element.altText))
    yield lost(path, "the image is left out", 'describe it in "altText", or say in words what it shows');
  if (type === "Action.ToggleVisibility")
    yield lost(path, "the button is left out", "show what it would show, or use Action.ShowCard");
  if (type === "Action.Submit" || type === "Action.OpenUrl") {
    if (!isText(title)) yield lost(path, "without a title it cannot be chosen", 'add a "title"');
    else if (type === "Action.Submit") actions.push({ title, path });
  }
  if (typeof type === "string" && type.startsWith("Input.") && !hasLabel(element))
    yield lost(path, "it is asked for by its id", 'add a "label"');
}

function sameTitles(actions: readonly Action[]): readonly Finding[] {
  return actions.flatMap(({ title, path }, index) =>
    actions.findIndex((other) => other.title.toLowerCase() === title.toLowerCase()) < index
      ? [
          lost(
            path,
            "another button has the same title, so only its number tells them apart",
            "call it something else",
          ),
        ]
      : [],
  );
}

function hasLabel({ type, label, title, placeholder }: JsonObject): boolean {
  return isText(label) || isText(type === "Input.Toggle" ? title : placeholder);
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function lost(path: JsonPath, message: string, remedy: string): Finding {
  return { severity: "warning", code: "lost-as-text", path, message: `as text, ${message}`, remedy };
}
