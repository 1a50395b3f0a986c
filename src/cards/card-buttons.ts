import { cardActions } from "../core/cards/form/card-actions";
import type { CardButton, CardButtonInput } from "../core/contract/card-source";
import type { CardInput } from "../core/contract/clicked-form";
import { shownPath } from "../core/contract/load-error";
import type { JsonObject, JsonValue } from "../core/contract/notice";
import type { CardFile } from "./card-file";
import type { JsonPath } from "./json-source";
import { isList, isObject, members } from "./json-values";

/** Finds the submit buttons of a card whose action is a constant, wherever they are nested, with the inputs that they send. */
export function findButtons(card: CardFile): CardButton[] {
  const { content } = card;
  if (content === undefined) return [];
  const objects = [...objectsIn(content, [])];
  const paths = new Map(objects.map(({ object, path }) => [object, path]));
  const byId = new Map(objects.toReversed().map((placed) => [placed.object.id, placed]));
  const hasUnknown = objects.some(({ object }) => hasUnknownElements(object));

  const toButtonInput = (input: CardInput): CardButtonInput => {
    const { object, path } = byId.get(input.id) ?? { object: {}, path: [] };
    return { ...input, element: String(object.type), at: positionOf(card, path) };
  };
  return cardActions(content).flatMap(({ action: button, inputs }): CardButton[] => {
    const { type, data } = button;
    if (type !== "Action.Submit" || !isObject(data)) return [];
    const { action } = data;
    if (typeof action !== "string" || action.includes("${")) return [];
    return [
      {
        action,
        at: positionOf(card, [...(paths.get(button) ?? []), "data", "action"]),
        inputs: inputs.map(toButtonInput),
        data: Object.keys(data),
        hasUnknown,
      },
    ];
  });
}

interface PlacedObject {
  readonly object: JsonObject;
  readonly path: JsonPath;
}

/** The objects of a card, from top to bottom. Data of buttons is the bot's own, whatever it looks like. */
function* objectsIn(value: JsonValue, path: JsonPath): Generator<PlacedObject> {
  if (isList(value)) for (const [index, item] of value.entries()) yield* objectsIn(item, [...path, index]);
  if (!isObject(value)) return;
  yield { object: value, path };
  for (const [key, child] of members(value)) if (key !== "data") yield* objectsIn(child, [...path, key]);
}

/** Whether inputs depend on the data that fills the template: elements, or the id of one, that are expressions. */
function hasUnknownElements(object: JsonObject): boolean {
  const { body, items, columns, id, type } = object;
  const isInput = typeof type === "string" && (type.startsWith("Input.") || type.includes("${"));
  if (isInput && typeof id === "string" && id.includes("${")) return true;
  return [body, items, columns].some(
    (elements) =>
      typeof elements === "string" || (isList(elements) && elements.some((one) => typeof one === "string")),
  );
}

function positionOf(card: CardFile, path: JsonPath): string {
  const { file, line } = card.locate(path);
  return `${shownPath(file)}:${line ?? 1}`;
}
