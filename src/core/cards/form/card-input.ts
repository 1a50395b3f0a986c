import type { CardInput } from "../../contract/clicked-form";
import { isObject } from "../../contract/json";
import type { JsonObject, JsonValue } from "../../contract/notice";

const TYPES: Readonly<Record<string, CardInput["type"]>> = {
  "Input.Text": "text",
  "Input.Number": "number",
  "Input.Date": "date",
  "Input.Time": "time",
  "Input.Toggle": "toggle",
  "Input.ChoiceSet": "choice",
};

/** Reads an input element. @param isSeen whether it and all around it is visible @default true */
export function toCardInput(element: JsonObject & { readonly id: string }, isSeen = true): CardInput {
  const type = typeOf(element);
  const choices = type === "choice" || type === "choices" ? choicesOf(element) : undefined;
  const options = type === "toggle" ? toggleOptions(element) : (choices ?? []);
  return {
    id: element.id,
    type,
    label: firstText(element.label, type === "toggle" ? element.title : element.placeholder, element.id),
    required: element.isRequired === true,
    isAsked: isSeen,
    initial: initialOf(type, element, options),
    options,
    isOpen: type.startsWith("choice") && choices === undefined ? true : undefined,
    // An empty bound is none, as in a client that draws the card.
    min: textOf(element.min) || undefined,
    max: textOf(element.max) || undefined,
    maxLength: lengthOf(element.maxLength),
    regex: textOf(element.regex) || undefined,
    errorMessage: textOf(element.errorMessage)?.trim() || undefined,
  };
}

/** The properties that `toCardInput` reads, apart from `type` and `id`. */
const RULES = [
  ...["label", "title", "placeholder", "value", "isRequired", "isVisible", "min", "max", "maxLength"],
  ...["regex", "errorMessage", "choices", "choices.data", "isMultiSelect", "valueOn", "valueOff"],
];

/** The element without the properties that only say how it is drawn. */
export function withRulesOnly(element: JsonObject): JsonObject {
  const kept = ["type", "id", ...RULES].filter((key) => element[key] !== undefined);
  return Object.fromEntries(kept.map((key) => [key, element[key]]));
}

function typeOf({ type, isMultiSelect }: JsonObject): CardInput["type"] {
  const named = (typeof type === "string" && Object.hasOwn(TYPES, type) && TYPES[type]) || "text";
  return named === "choice" && isMultiSelect === true ? "choices" : named;
}

/** A client drops a preset that is not among the choices. */
function initialOf(type: CardInput["type"], { value }: JsonObject, options: CardInput["options"]): string {
  const given = textOf(value) ?? "";
  if (type === "toggle") return given === "" ? (options[1]?.value ?? "") : given;
  if (options.length === 0) return given;
  const known = new Set(options.map((option) => option.value));
  if (type === "choice") return known.has(given) ? given : "";
  return given
    .split(",")
    .filter((one) => known.has(one))
    .join(",");
}

function toggleOptions({ valueOn, valueOff }: JsonObject): CardInput["options"] {
  return [
    { title: "yes", value: textOf(valueOn) ?? "true" },
    { title: "no", value: textOf(valueOff) ?? "false" },
  ];
}

/** @returns `undefined` if the card does not list them all */
function choicesOf(element: JsonObject): CardInput["options"] | undefined {
  const { choices } = element;
  if (!Array.isArray(choices) || isObject(element["choices.data"])) return undefined;
  return (choices as readonly JsonValue[]).filter(isObject).map(({ title, value }) => ({
    title: String(title ?? value ?? ""),
    value: String(value ?? title ?? ""),
  }));
}

function lengthOf(value: JsonValue | undefined): number | undefined {
  const length = typeof value === "string" ? Number(value) : value;
  // Clients take zero and less for no limit.
  return typeof length === "number" && length > 0 ? length : undefined;
}

function firstText(...candidates: readonly (JsonValue | undefined)[]): string {
  for (const candidate of candidates)
    if (typeof candidate === "string" && candidate.trim() !== "") return candidate.trim();
  return "";
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}
