import type { CardInput, ClickedForm, InputProblem } from "../../contract/clicked-form";
import type { InputRule, InputSchema, InputType, InputTypes } from "../../contract/input-schema";
import type { JsonObject, JsonValue } from "../../contract/notice";
import { isEmptyValue } from "./check-input";
import { readDate, readNumber, readTime } from "./value-forms";

export type ReadInputs =
  | { readonly kind: "fit"; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly kind: "misfit"; readonly problems: readonly InputProblem[] };

const TYPES: { readonly [Type in InputType]: InputReader<InputTypes[Type]> } = {
  string: {
    expected: "a text",
    read: (given) => (typeof given === "object" ? undefined : String(given)),
  },
  number: { expected: "a number such as 12.50", read: toNumber },
  integer: {
    expected: "a whole number",
    read: (given) => {
      const number = toNumber(given);
      return Number.isSafeInteger(number) ? number : undefined;
    },
  },
  boolean: {
    expected: "yes or no",
    read(given, input) {
      if (input?.type === "toggle") return given === input.options[0]?.value;
      if (typeof given === "boolean") return given;
      if (given === "true") return true;
      return given === "false" ? false : undefined;
    },
  },
  date: { expected: "a date such as 2026-01-31", read: toDate },
  time: { expected: "a time such as 14:30", read: readTime },
  list: {
    expected: "one or more choices",
    read(given, input) {
      if (typeof given !== "string") return undefined;
      if (input?.type === "choice") return [given];
      // Several choices come as one text, separated by commas.
      const chosen = given.split(",").filter((one) => one !== "");
      return chosen.length === 0 ? undefined : chosen;
    },
  },
};

interface InputReader<T> {
  readonly expected: string;
  /**
   * @param input as the card states it, which allows the value; `undefined` if the card is unknown
   * @returns `undefined` if the value does not have this type
   */
  read(given: JsonValue, input: CardInput | undefined): T | undefined;
}

/** The types there are, for messages. */
export const INPUT_TYPES: readonly string[] = Object.keys(TYPES);

/** Whether a schema's type is one of ours; modules in JavaScript have no compiler that would say so. */
export function isInputType(value: unknown): value is InputType {
  return typeof value === "string" && Object.hasOwn(TYPES, value);
}

/** Whether an input whose card allows these values can be read as the type. @returns `true` if it depends on the value */
export function isReadableAs(type: InputType, input: CardInput): boolean {
  if (type === "string") return true;
  switch (input.type) {
    case "toggle":
      return type === "boolean" || areReadable(type, input);
    case "choice":
      return type === "list" || areReadable(type, input);
    case "choices":
      return type === "list";
    case "number":
      return type === "number" || type === "integer";
    case "text":
      return false;
    default:
      return type === input.type;
  }
}

function areReadable(type: InputType, { options }: CardInput): boolean {
  return options.every(
    ({ value }) => value.includes("${") || TYPES[type].read(value, undefined) !== undefined,
  );
}

/**
 * Reads the inputs of a click for a handler.
 * @param schema the handler's; without one it is given the values as texts
 */
export function readClick(
  schema: InputSchema | undefined,
  { inputs, form }: { readonly inputs: JsonObject; readonly form?: ClickedForm | undefined },
): ReadInputs {
  if (form === undefined) return schema === undefined ? { kind: "fit", inputs } : readInputs(schema, inputs);
  const { values, problems } = form;
  const read: ReadInputs =
    schema === undefined ? { kind: "fit", inputs: values } : readInputs(schema, values, form.inputs);
  if (problems.length === 0) return read;
  const ids = new Set(problems.map(({ id }) => id));
  const others = read.kind === "misfit" ? read.problems.filter(({ id }) => !ids.has(id)) : [];
  const named = problems.map((problem) => ({
    ...problem,
    label: labelIn(schema, problem.id) ?? problem.label,
  }));
  return { kind: "misfit", problems: [...named, ...others] };
}

/**
 * Reads values by a schema. All invalid ones are reported at once. An empty text is absent.
 * @param card the inputs of the card that the values come from, which it allows; `undefined` if the card is unknown
 */
export function readInputs(
  schema: InputSchema,
  raw: JsonObject,
  card: readonly CardInput[] = [],
): ReadInputs {
  const inputs: [string, unknown][] = [];
  const problems: InputProblem[] = [];
  for (const [id, entry] of Object.entries(schema)) {
    const rule: InputRule = typeof entry === "string" ? { type: entry } : entry;
    const input = card.find((one) => one.id === id);
    const { expected, read } = TYPES[rule.type];
    const given = Object.hasOwn(raw, id) ? raw[id] : undefined;
    // A toggle is never empty, even if the card says so.
    const isEmpty = isEmptyValue(given) && !(input?.type === "toggle" && given !== undefined);
    const value: unknown = isEmpty || given === undefined ? undefined : read(given, input);
    if (value !== undefined) inputs.push([id, value]);
    else if (!isEmpty || rule.optional !== true)
      problems.push({
        id,
        label: rule.label ?? input?.label ?? id,
        problem: isEmpty ? `is empty; expected ${expected}` : `is not ${expected}`,
      });
  }
  // An id may be "__proto__", which an assignment would take for the prototype.
  return problems.length === 0
    ? { kind: "fit", inputs: Object.fromEntries(inputs) }
    : { kind: "misfit", problems };
}

function labelIn(schema: InputSchema = {}, id: string): string | undefined {
  const entry = Object.hasOwn(schema, id) ? schema[id] : undefined;
  return typeof entry === "object" ? entry.label : undefined;
}

function toNumber(given: JsonValue): number | undefined {
  const text = readNumber(given);
  return text === undefined ? undefined : Number(text);
}

function toDate(given: JsonValue): Date | undefined {
  const text = readDate(given);
  return text === undefined ? undefined : new Date(`${text}T00:00:00Z`);
}
