import { CardError } from "../contract/errors";
import { isObject } from "../contract/json";
import type { JsonObject, JsonValue } from "../contract/notice";
import type { Card } from "../contract/platform";

/** The one key of a button's data that is ours. */
export const TOKEN_KEY = "bellhop";

/**
 * The card with the data of each `Action.Submit` replaced, wherever it stands. A button without data has an empty
 * object; one whose data is no object, which nothing could be added to, stays as it is.
 * @returns the same card when it has no such button
 * @throws CardError when an input or a button's data uses the key that is ours
 */
export function withSubmitData(card: Card, replace: (data: JsonObject) => JsonObject): Card {
  const content = replaceIn(card.content, replace, card.name);
  return content === card.content ? card : { ...card, content: content as JsonObject }; // made of an object
}

/** Whether somebody can enter something. */
export function hasInputs(value: JsonValue): boolean {
  return isInput(value) || childrenOf(value).some(hasInputs);
}

/** An element that somebody enters something into. */
export function isInput(value: JsonValue): value is JsonObject & { readonly id: string } {
  return (
    isObject(value) &&
    typeof value.type === "string" &&
    value.type.startsWith("Input.") &&
    typeof value.id === "string"
  );
}

// Copies only what leads to a button: most of a card is shared with the template's result.
function replaceIn(value: JsonValue, replace: (data: JsonObject) => JsonObject, card: string): JsonValue {
  if (Array.isArray(value)) {
    const list = value as readonly JsonValue[];
    const replaced = list.map((one) => replaceIn(one, replace, card));
    return replaced.some((one, index) => one !== list[index]) ? replaced : value;
  }
  if (!isObject(value)) return value;
  if (isInput(value) && value.id === TOKEN_KEY) throw reserved(card, "an input's id");
  const isSubmit = value.type === "Action.Submit";
  const changed: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(value)) {
    // Data is the bot's own, whatever it looks like.
    if (child === undefined || (isSubmit && key === "data")) continue;
    const replaced = replaceIn(child, replace, card);
    if (replaced !== child) changed[key] = replaced;
  }
  if (isSubmit && (value.data === undefined || isObject(value.data))) {
    const { data = {} } = value;
    if (Object.hasOwn(data, TOKEN_KEY)) throw reserved(card, "a key of a button's data");
    changed.data = replace(data);
  }
  return Object.keys(changed).length === 0 ? value : { ...value, ...changed };
}

function childrenOf(value: JsonValue): readonly JsonValue[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).filter((child) => child !== undefined);
}

function reserved(card: string, what: string): CardError {
  return new CardError(
    "card-invalid",
    `card "${card}": "${TOKEN_KEY}" is ${what}; it is where a button's signature stands, choose another name`,
  );
}
