import type { InputProblem } from "../contract/clicked-form";
import { isObject } from "../contract/json";
import { escapeMarkdown } from "../contract/markdown";
import type { JsonObject, JsonValue } from "../contract/notice";
import type { Card } from "../contract/platform";
import { toCardInput } from "./form/card-input";
import { checkInput } from "./form/check-input";
import { isInput } from "./submit-actions";

/** Characters of a text that comes back, at most: a card has a largest size. */
const LONGEST_TEXT = 4_000;

/** What we have put at a field, to be taken away when the form is filled in again. */
const PROBLEM_ID = "bellhop-problem-";

/**
 * A form as somebody filled it in, with what does not fit written below the field.
 * @param entered by id, as the platform sent it
 * @returns `undefined` when a problem is about something that the form does not ask for
 */
export function correctedForm(
  card: Card,
  entered: JsonObject,
  problems: readonly InputProblem[],
): Card | undefined {
  const told = new Set<string>();

  function fill(input: JsonObject & { readonly id: string }): JsonObject {
    const given = Object.hasOwn(entered, input.id) ? entered[input.id] : undefined;
    if (given === undefined) return input;
    const { value: _old, ...empty } = input;
    const rules = toCardInput(input);
    const checked = checkInput({ ...rules, required: false, regex: undefined }, given);
    const isText = rules.type === "text" && typeof given === "string" && given.length <= LONGEST_TEXT;
    // A value of another type cannot stand in a field, and the platform might refuse the card.
    const value = checked.kind === "fit" ? checked.value : isText ? given : "";
    if (value === "") return empty;
    return { ...empty, value: rules.type === "number" ? Number(value) : value };
  }

  function correct(value: JsonValue): JsonValue {
    if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(inList);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      // Data is the bot's own, whatever it looks like.
      Object.entries(value).map(([key, child]) => [
        key,
        child === undefined || key === "data" ? child : correct(child),
      ]),
    );
  }

  function inList(value: JsonValue): readonly JsonValue[] {
    if (isObject(value) && typeof value.id === "string" && value.id.startsWith(PROBLEM_ID)) return [];
    if (!isInput(value)) return [correct(value)];
    const problem = problems.find(({ id }) => id === value.id);
    if (problem === undefined) return [fill(value)];
    told.add(problem.id);
    return [fill(value), toText(problem)];
  }

  const content = correct(card.content) as JsonObject; // made of an object
  return problems.every(({ id }) => told.has(id)) ? { ...card, content } : undefined;
}

function toText({ id, label, problem, message }: InputProblem): JsonObject {
  return {
    type: "TextBlock",
    id: PROBLEM_ID + id,
    text: escapeMarkdown(message ?? `${label} ${problem}`),
    color: "Attention",
    wrap: true,
    spacing: "Small",
  };
}
