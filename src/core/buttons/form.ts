import type { InputProblem } from "../inputs";
import { escapeMarkdown } from "../markdown";
import type { JsonObject, JsonValue } from "../notice";
import type { Card } from "../platform";
import { isInput, isObject } from "./submits";

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
    if (input.type !== "Input.Number") return { ...input, value: given };
    // What is no number cannot stand in such a field.
    const { value: _old, ...empty } = input;
    const number = String(given).trim() === "" ? Number.NaN : Number(given);
    return Number.isNaN(number) ? empty : { ...empty, value: number };
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

function toText({ id, label, problem }: InputProblem): JsonObject {
  return {
    type: "TextBlock",
    id: PROBLEM_ID + id,
    text: `${escapeMarkdown(label)} ${escapeMarkdown(problem)}`,
    color: "Attention",
    wrap: true,
    spacing: "Small",
  };
}
