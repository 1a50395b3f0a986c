import { TOKEN_KEY } from "../core/cards/submit-actions";
import { cardText } from "../core/cards/text/card-to-text";
import type { JsonObject } from "../core/contract/notice";
import { actionRules } from "./action-rules";
import { emptyRules } from "./empty-rules";
import type { Finding } from "./finding";
import { inputRules, inputs } from "./input-rules";
import { formatPath } from "./json-source";
import { isList, isObject } from "./json-values";
import { finding, isFilledLater, type Passed, type RuleOptions } from "./rule";
import { isInputType } from "./schema/families";

/** Webex documents it for a message. */
const MOST_IMAGES = 10;
/** Webex documents "up to five"; more are accepted, and drawn by some clients only. */
const MOST_ACTIONS = 5;
/** Webex documents no limit. A card is a message on a telephone; beyond this it was meant to be a document. In bytes. */
export const MAX_CARD_BYTES = 100_000;

/** Finds what only the card as a whole shows. */
export function cardRules(card: JsonObject, passed: readonly Passed[], options: RuleOptions): Finding[] {
  return [
    ...duplicateIds(passed, options),
    ...reservedNames(passed),
    ...inputRules(passed, options),
    ...actionRules(passed, options),
    ...emptyRules(passed),
    ...tooMany(passed),
    ...tooLarge(card),
    ...wordless(card),
  ];
}

// What stands under a condition may be one of two that are never there both; whether they are, the filled card shows.
function duplicateIds(passed: readonly Passed[], { isTemplate, quotes }: RuleOptions): Finding[] {
  const first = new Map<string, Passed>();
  const isInput = new Set(inputs(passed));
  return passed.flatMap((one): Finding[] => {
    const { object, path, isConditional } = one;
    const { id } = object;
    if (isConditional || typeof id !== "string" || id === "" || isFilledLater(id, isTemplate)) return [];
    const other = first.get(id);
    if (other === undefined) first.set(id, one);
    if (other === undefined) return [];
    const areInputs = isInput.has(one) && isInput.has(other);
    const shown = quotes ? `the id "${id}"` : "its id";
    const message = `${shown} is taken by the ${areInputs ? "input" : "element"} at ${formatPath(other.path)}`;
    // Of two inputs with one id, one is lost. Of other elements, a button shows or hides the wrong one.
    return [
      finding(areInputs ? "error" : "warning", "duplicate-id", path, message, "give it an id of its own"),
    ];
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
