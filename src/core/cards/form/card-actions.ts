import type { CardInput } from "../../contract/clicked-form";
import { isObject } from "../../contract/json";
import type { JsonObject, JsonValue } from "../../contract/notice";
import { isInput } from "../submit-actions";
import { toCardInput, withRulesOnly } from "./card-input";

/** An action of a card, with the inputs that it sends. */
export interface CardAction {
  /** As the card has it. */
  readonly action: JsonObject;
  /** Of its card, and of the cards around it if `Action.ShowCard` opened it; none for `associatedInputs: "none"`. */
  readonly inputs: readonly CardInput[];
  /** Whether it is a visible button, and not what happens when something else is clicked. */
  readonly isButton: boolean;
}

/**
 * Finds all actions of a card, wherever they are nested: those between the elements from top to bottom, then those below
 * them. An `Action.ShowCard` is followed by the actions of its card.
 */
export function cardActions(content: JsonObject): readonly CardAction[] {
  return [...actionsIn(content, [], true)];
}

function* actionsIn(
  card: JsonObject,
  above: readonly CardInput[],
  isAroundSeen: boolean,
): Generator<CardAction> {
  const parts = [...partsOf(card, isAroundSeen, false)];
  const own = parts.flatMap(({ part, isSeen }) => (isInput(part) ? [toCardInput(part, isSeen)] : []));
  const inputs = [...above, ...own];
  for (const { part, isSeen, isListed } of parts) {
    if (typeof part.type !== "string" || !part.type.startsWith("Action.")) continue;
    const sent = part.associatedInputs === "none" ? [] : inputs;
    yield { action: part, inputs: sent, isButton: isSeen && isListed };
    if (part.type === "Action.ShowCard" && isObject(part.card))
      yield* actionsIn(part.card, inputs, isSeen && isListed);
  }
}

interface Part {
  readonly part: JsonObject;
  /** Whether it and all around it is visible. */
  readonly isSeen: boolean;
  /** Whether it stands in a list of actions. */
  readonly isListed: boolean;
}

/** The objects in an object. The data of a button and the card that it opens are none of them. */
function* partsOf(object: JsonObject, isSeen: boolean, isAction: boolean): Generator<Part> {
  for (const [key, value] of entriesOf(object)) {
    if (isAction && (key === "data" || key === "card")) continue;
    const isListed = key === "actions";
    for (const part of Array.isArray(value) ? (value as readonly JsonValue[]) : [value]) {
      if (!isObject(part)) continue;
      const isPartSeen = isSeen && part.isVisible !== false;
      yield { part, isSeen: isPartSeen, isListed };
      yield* partsOf(part, isPartSeen, String(part.type).startsWith("Action."));
    }
  }
}

/** Actions last, as they are drawn below the elements. */
function entriesOf(object: JsonObject): readonly (readonly [string, JsonValue])[] {
  const { actions, ...others } = object;
  const entries = Object.entries(others).filter(
    (entry): entry is [string, JsonValue] => entry[1] !== undefined,
  );
  return actions === undefined ? entries : [...entries, ["actions", actions]];
}

/** The card reduced to the inputs, their rules, and the actions that send them. */
export function outlineOf(content: JsonObject): JsonObject {
  return outlineIn(content, true);
}

function outlineIn(card: JsonObject, isAroundSeen: boolean): JsonObject {
  const body: JsonObject[] = [];
  const actions: JsonObject[] = [];
  for (const { part, isSeen, isListed } of partsOf(card, isAroundSeen, false)) {
    if (isInput(part)) body.push({ ...withRulesOnly(part), ...(isSeen ? {} : { isVisible: false }) });
    const isButton = isSeen && isListed;
    if (part.type === "Action.ShowCard" && isObject(part.card))
      actions.push({ type: part.type, card: outlineIn(part.card, isButton) });
    if (part.type === "Action.Submit") {
      const { type, data, associatedInputs } = part;
      actions.push({ type, data, ...(associatedInputs === undefined ? {} : { associatedInputs }) });
    }
  }
  return { type: "AdaptiveCard", body, actions };
}

/** All inputs of a card, those of the cards that it opens included. */
export function cardInputs(content: JsonObject): readonly CardInput[] {
  return inputsIn(content, true);
}

function inputsIn(card: JsonObject, isAroundSeen: boolean): readonly CardInput[] {
  return [...partsOf(card, isAroundSeen, false)].flatMap(({ part, isSeen, isListed }) => {
    if (isInput(part)) return [toCardInput(part, isSeen)];
    return isObject(part.card) ? inputsIn(part.card, isSeen && isListed) : [];
  });
}
