import { TOKEN_KEY } from "../core/buttons/submits";
import { cardText } from "../core/card-text";
import type { JsonObject } from "../core/notice";
import type { Finding } from "./finding";
import { formatPath, type JsonPath } from "./json-source";
import { isList, isObject } from "./json-values";
import { isExponential, patternFault } from "./pattern";
import { isInputType } from "./schema/families";

/** An object that the walk through a card has passed. */
export interface Passed {
  readonly type: string;
  readonly object: JsonObject;
  readonly path: JsonPath;
  /** It, or something around it, is there under a condition or repeatedly. */
  readonly isConditional: boolean;
}

/** Webex documents it for a message. */
const MOST_IMAGES = 10;
/** Webex documents "up to five"; more are accepted, and drawn by some clients only. */
const MOST_ACTIONS = 5;
/** Webex documents no limit. A card is a message on a telephone; beyond this it was meant to be a document. In bytes. */
export const MAX_CARD_BYTES = 100_000;

/** What can only be said of a card as a whole. */
export function cardRules(
  card: JsonObject,
  passed: readonly Passed[],
  { isTemplate }: { readonly isTemplate: boolean },
): Finding[] {
  return [
    ...duplicateIds(passed, isTemplate),
    ...reservedNames(passed),
    ...unknownTargets(passed),
    ...commasInChoices(passed),
    ...slowPatterns(passed, isTemplate),
    ...unnamedActions(passed, isTemplate),
    ...tooMany(passed),
    ...tooLarge(card),
    ...wordless(card),
  ];
}

// What stands under a condition may be one of two that are never there both; whether they are, the filled card shows.
function duplicateIds(passed: readonly Passed[], isTemplate: boolean): Finding[] {
  const first = new Map<string, JsonPath>();
  return inputs(passed).flatMap(({ object, path, isConditional }): Finding[] => {
    const { id } = object;
    if (isConditional || typeof id !== "string" || id === "" || id.includes("${")) return [];
    const other = first.get(id);
    if (other === undefined) first.set(id, path);
    if (other === undefined) return [];
    // What an id comes to may be what somebody wrote.
    const shown = isTemplate ? `the id "${id}"` : "its id";
    const message = `${shown} is taken by the input at ${formatPath(other)}`;
    return [finding("error", "duplicate-id", path, message, "give it an id of its own")];
  });
}

function reservedNames(passed: readonly Passed[]): Finding[] {
  return passed.flatMap(({ type, object, path }): Finding[] => {
    const isId = isInputType(type) && object.id === TOKEN_KEY;
    const isData = type === "Action.Submit" && isObject(object.data) && Object.hasOwn(object.data, TOKEN_KEY);
    if (!isId && !isData) return [];
    const at = isId ? [...path, "id"] : [...path, "data", TOKEN_KEY];
    const message = `"${TOKEN_KEY}" is where a button's signature stands`;
    return [finding("error", "reserved-name", at, message, "choose another name")];
  });
}

function unknownTargets(passed: readonly Passed[]): Finding[] {
  const ids = new Set(passed.flatMap(({ object }) => (typeof object.id === "string" ? [object.id] : [])));
  if ([...ids].some((id) => id.includes("${"))) return [];
  return passed.flatMap(({ type, object, path }) => {
    if (type !== "Action.ToggleVisibility" || !isList(object.targetElements)) return [];
    return object.targetElements.flatMap((target, index): Finding[] => {
      const id = isObject(target) ? target.elementId : target;
      if (typeof id !== "string" || id.includes("${") || ids.has(id)) return [];
      const message = `nothing in the card has the id "${id}"`;
      const at = [...path, "targetElements", index];
      return [finding("warning", "unknown-target", at, message, "name an element by its id")];
    });
  });
}

function commasInChoices(passed: readonly Passed[]): Finding[] {
  return passed.flatMap(({ type, object, path }) => {
    if (type !== "Input.ChoiceSet" || object.isMultiSelect !== true || !isList(object.choices)) return [];
    return object.choices.flatMap((choice, index): Finding[] => {
      if (!isObject(choice) || typeof choice.value !== "string" || choice.value.includes("${")) return [];
      if (!choice.value.includes(",")) return [];
      const message = "several choices come as one text with commas between them, and this one has a comma";
      const at = [...path, "choices", index, "value"];
      return [finding("error", "comma-in-choice", at, message, "use a value without a comma")];
    });
  });
}

function slowPatterns(passed: readonly Passed[], isTemplate: boolean): Finding[] {
  // Of a card that is about to be sent it is too late to tell, and an answer is matched with a time limit.
  if (!isTemplate) return [];
  return passed.flatMap(({ type, object, path }): Finding[] => {
    const { regex } = object;
    if (type !== "Input.Text" || typeof regex !== "string" || regex.includes("${")) return [];
    if (patternFault(regex) !== undefined || !isExponential(regex)) return [];
    const message = "this expression needs too long for some answers, which are then refused";
    const remedy = "repeat no group that can be split in several ways: (a+)+ is a+";
    return [finding("warning", "slow-pattern", [...path, "regex"], message, remedy)];
  });
}

function unnamedActions(passed: readonly Passed[], isTemplate: boolean): Finding[] {
  // Of a card that is about to be sent it is too late to tell, and it works.
  if (!isTemplate) return [];
  return passed.flatMap(({ type, object, path }): Finding[] => {
    const { data } = object;
    if (type !== "Action.Submit" || !isObject(data) || "action" in data) return [];
    const message = '"data" has no "action", so bot.action() cannot tell that it is this button';
    return [finding("warning", "no-action-name", path, message, 'add "action" to "data"')];
  });
}

function tooMany(passed: readonly Passed[]): Finding[] {
  const images = passed.filter(({ type }) => type === "Image");
  const tooManyImages = images.slice(MOST_IMAGES, MOST_IMAGES + 1).map(({ path }) => {
    const message = `there are ${images.length} images; Webex takes ${MOST_IMAGES}`;
    return finding("error", "too-many-images", path, message, "leave some out, or send several cards");
  });
  const tooManyActions = passed.flatMap(({ object, path }): Finding[] => {
    const { actions } = object;
    if (!isList(actions) || actions.length <= MOST_ACTIONS) return [];
    const message = `there are ${actions.length} actions side by side; Webex promises to draw ${MOST_ACTIONS}`;
    const remedy = "use an Input.ChoiceSet, an ActionSet for some of them, or Action.ShowCard";
    return [finding("warning", "too-many-actions", [...path, "actions"], message, remedy)];
  });
  return [...tooManyImages, ...tooManyActions];
}

function tooLarge(card: JsonObject): Finding[] {
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes <= MAX_CARD_BYTES) return [];
  const message = `it has ${bytes} bytes; a card may have ${MAX_CARD_BYTES}`;
  return [
    finding("error", "too-large", [], message, "shorten it, or link to pictures instead of enclosing them"),
  ];
}

function wordless(card: JsonObject): Finding[] {
  if (typeof card.fallbackText === "string" && card.fallbackText.trim() !== "") return [];
  if (cardText(card) !== "") return [];
  const message = "it has no text, so notifications and clients that draw no cards show its name alone";
  return [finding("warning", "no-fallback-text", [], message, 'add "fallbackText"')];
}

function inputs(passed: readonly Passed[]): Passed[] {
  return passed.filter(({ type }) => isInputType(type));
}

function finding(
  severity: Finding["severity"],
  code: Finding["code"],
  path: JsonPath,
  message: string,
  remedy: string,
): Finding {
  return { severity, code, path, message, remedy };
}
