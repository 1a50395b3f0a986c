import type { InputRule, InputSchema, InputType } from "../../core/contract/input-schema";
import type { JsonObject, JsonValue } from "../../core/contract/notice";
import { isList, isObject } from "../json-values";
import type { BuiltCard } from "./card";

const TYPES: Readonly<Record<string, InputType>> = {
  "Input.Text": "string",
  "Input.Number": "number",
  "Input.Date": "date",
  "Input.Time": "time",
  "Input.Toggle": "boolean",
};

/**
 * What can be entered in a card, for `bot.action("approve", { inputs: inputsOf(form) }, …)`. Cards that its buttons unfold
 * have inputs of their own: `{ ...inputsOf(form), ...inputsOf(more) }` is what a button in them sends.
 */
export function inputsOf<Inputs extends InputSchema>(card: BuiltCard<Inputs>): Inputs {
  return Object.fromEntries(entriesOf(card.content.body)) as Inputs; // the builder's types follow the same path
}

function entriesOf(value: JsonValue | undefined): [string, InputRule][] {
  if (isList(value)) return value.flatMap(entriesOf);
  if (!isObject(value)) return [];
  const type = typeOf(value);
  if (type === undefined || typeof value.id !== "string")
    return [value.items, value.columns].flatMap(entriesOf);
  // A toggle always says yes or no, so it is never empty.
  const isOptional = value.isRequired !== true && type !== "boolean";
  const label = typeof value.label === "string" ? { label: value.label } : {};
  return [[value.id, { type, ...(isOptional ? { optional: true } : {}), ...label }]];
}

function typeOf(element: JsonObject): InputType | undefined {
  if (element.type === "Input.ChoiceSet") return element.isMultiSelect === true ? "list" : "string";
  return typeof element.type === "string" && Object.hasOwn(TYPES, element.type)
    ? TYPES[element.type]
    : undefined;
}
