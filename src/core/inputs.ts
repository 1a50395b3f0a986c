import type { JsonObject, JsonValue } from "./notice";

/** What the types of a card's inputs are read as. */
interface InputTypes {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  /** Midnight UTC of the day that was chosen. */
  date: Date;
  /** `HH:MM`, of 24 hours. */
  time: string;
  /** The values chosen in a set of choices that takes several. */
  list: readonly string[];
}

export type InputType = keyof InputTypes;

/** How one input is read. */
export interface InputRule {
  readonly type: InputType;
  /** Whether it may be left empty; the handler is then given `undefined`. @default false */
  readonly optional?: boolean;
  /** What people are told it is called. @default its id */
  readonly label?: string;
}

/** Inputs by their ids: `{ amount: "number", day: { type: "date", optional: true } }`. A type alone is required. */
export type InputSchema = Readonly<Record<string, InputType | InputRule>>;

/** What a handler is given for a schema. */
export type InputsOf<Schema extends InputSchema> = {
  readonly [Id in keyof Schema]: Schema[Id] extends InputType
    ? InputTypes[Schema[Id]]
    : Schema[Id] extends InputRule
      ? InputTypes[Schema[Id]["type"]] | (Schema[Id] extends { readonly optional: true } ? undefined : never)
      : never;
};

/** An input that does not fit, in words for the person who filled it in; what they entered is not repeated. */
export interface InputProblem {
  readonly id: string;
  readonly label: string;
  readonly problem: string;
}

export type ReadInputs =
  | { readonly kind: "fit"; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly kind: "misfit"; readonly problems: readonly InputProblem[] };

const TYPES: { readonly [Type in InputType]: InputReader<InputTypes[Type]> } = {
  string: { expected: "a text", read: (given) => (typeof given === "string" ? given : undefined) },
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
    read(given) {
      if (typeof given === "boolean") return given;
      if (given === "true") return true;
      return given === "false" ? false : undefined;
    },
  },
  date: { expected: "a date such as 2026-01-31", read: toDate },
  time: {
    expected: "a time such as 14:30",
    read: (given) =>
      typeof given === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(given) ? given : undefined,
  },
  list: {
    expected: "one or more choices",
    // Several choices come as one text, separated by commas.
    read(given) {
      const chosen = typeof given === "string" ? given.split(",").filter((one) => one !== "") : [];
      return chosen.length === 0 ? undefined : chosen;
    },
  },
};

interface InputReader<T> {
  readonly expected: string;
  /** `undefined` for what is none. */
  read(given: JsonValue): T | undefined;
}

/** The types there are, for messages. */
export const INPUT_TYPES: readonly string[] = Object.keys(TYPES);

/** Whether a schema's type is one of ours; modules in JavaScript have no compiler that would say so. */
export function isInputType(value: unknown): value is InputType {
  return typeof value === "string" && Object.hasOwn(TYPES, value);
}

/** Reads a click's inputs, which platforms send as texts. All that do not fit are told at once; an empty text is absent. */
export function readInputs(schema: InputSchema, raw: JsonObject): ReadInputs {
  const inputs: Record<string, unknown> = {};
  const problems: InputProblem[] = [];
  for (const [id, entry] of Object.entries(schema)) {
    const rule: InputRule = typeof entry === "string" ? { type: entry } : entry;
    const { expected, read } = TYPES[rule.type];
    const given = Object.hasOwn(raw, id) ? raw[id] : undefined;
    const isEmpty = given === undefined || given === null || given === "";
    const value: unknown = isEmpty ? undefined : read(given);
    if (value !== undefined) inputs[id] = value;
    else if (!isEmpty || rule.optional !== true)
      problems.push({
        id,
        label: rule.label ?? id,
        problem: isEmpty ? `is empty; expected ${expected}` : `is not ${expected}`,
      });
  }
  return problems.length === 0 ? { kind: "fit", inputs } : { kind: "misfit", problems };
}

function toNumber(given: JsonValue): number | undefined {
  if (typeof given === "number") return given;
  if (typeof given !== "string" || !/^[+-]?\d+(\.\d+)?$/.test(given)) return undefined;
  const number = Number(given);
  return Number.isFinite(number) ? number : undefined;
}

function toDate(given: JsonValue): Date | undefined {
  if (typeof given !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(given)) return undefined;
  const date = new Date(`${given}T00:00:00Z`);
  // The 31st of April would otherwise be taken for the 1st of May.
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== given ? undefined : date;
}
