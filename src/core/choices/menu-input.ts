import { BoundedText, READ_CHARACTERS } from "../bounded-regexp";
import { isObject } from "../buttons/submits";
import { type InputType, readInputs } from "../inputs";
import type { JsonObject, JsonValue } from "../notice";
import { fold, LONGEST_CHOICE, plainly, toIndex } from "./written";

/** Something that a card's button asks for, as it is asked in words. Survives JSON. */
export interface MenuInput {
  readonly id: string;
  readonly type: "text" | "number" | "date" | "time" | "toggle" | "choice" | "choices";
  readonly label: string;
  readonly required: boolean;
  /** Whether it is asked for: one that nobody sees is sent as it is, as a client does. */
  readonly isAsked: boolean;
  /** What is sent when it is left as it is. */
  readonly initial: string;
  /** Of a set of choices; of a toggle, what is sent for yes and for no. */
  readonly options: readonly { readonly title: string; readonly value: string }[];
  /** Least and most: of a number, a date or a time. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  /** Of a text, in characters. */
  readonly maxLength?: number | undefined;
  readonly regex?: string | undefined;
  /** What the card says of an answer that does not fit. */
  readonly errorMessage?: string | undefined;
}

const TYPES: Readonly<Record<string, MenuInput["type"]>> = {
  "Input.Text": "text",
  "Input.Number": "number",
  "Input.Date": "date",
  "Input.Time": "time",
  "Input.Toggle": "toggle",
  "Input.ChoiceSet": "choice",
};

/** Words for leaving an answer as it is. */
const SKIP = new Set(["-", "skip"]);

/** Reads an element that somebody enters something into. @param isSeen whether it can be seen @default true */
export function toMenuInput(input: JsonObject & { readonly id: string }, isSeen = true): MenuInput {
  const named = TYPES[String(input.type)] ?? "text";
  const type = named === "choice" && input.isMultiSelect === true ? "choices" : named;
  return {
    id: input.id,
    type,
    label: firstText(input.label, type === "toggle" ? input.title : input.placeholder, input.id),
    required: input.isRequired === true,
    isAsked: isSeen,
    initial: textOf(input.value) ?? (type === "toggle" ? (textOf(input.valueOff) ?? "false") : ""),
    options: type === "toggle" ? toggleOptions(input) : choicesOf(input.choices),
    // An empty bound is none, as in a client that draws the card.
    min: textOf(input.min) || undefined,
    max: textOf(input.max) || undefined,
    maxLength: typeof input.maxLength === "number" ? input.maxLength : undefined,
    regex: textOf(input.regex) || undefined,
    errorMessage: textOf(input.errorMessage) || undefined,
  };
}

/** How it is asked for. */
export function questionFor(input: MenuInput): string {
  const { type, label, required, initial, options } = input;
  const asked = /[?:.!]$/.test(label) ? label : `${label}?`;
  const choices = type === "choice" || type === "choices";
  const list = choices ? options.map(({ title }, index) => `${index + 1}. ${title}`) : [];
  const current = shownInitial(input);
  const ways = [
    HOW[type],
    current === undefined ? (required || initial !== "" ? "" : "- to leave it empty") : `- for ${current}`,
  ].filter((way) => way !== "");
  return [asked, ...list, ways.length === 0 ? "" : `(${ways.join("; ")})`]
    .filter((line) => line !== "")
    .join("\n");
}

const HOW: Readonly<Record<MenuInput["type"], string>> = {
  text: "",
  number: "a number",
  date: "a date such as 2026-01-31",
  time: "a time such as 14:30",
  toggle: "yes or no",
  choice: "a number, or the name",
  choices: "one or several numbers, separated by commas",
};

export type Answer =
  | { readonly kind: "fit"; readonly value: string }
  /**
   * What is wrong, to be told; what was entered is not repeated. `isUnchecked`: the card's `regex` cannot be read, or ran out of
   * time, so that it is not known whether the answer is right.
   */
  | { readonly kind: "misfit"; readonly problem: string; readonly isUnchecked?: true };

/** What somebody's text is as an answer, as a client that draws the card would send it. */
export function readAnswer(input: MenuInput, text: string): Answer {
  const said = plainly(text);
  if (said === "" || SKIP.has(said.toLowerCase())) {
    if (input.required && input.initial === "") return misfit(input, "is needed");
    return { kind: "fit", value: input.initial };
  }
  return READERS[input.type](input, input.type === "text" ? text.trim() : said);
}

const READERS: Readonly<Record<MenuInput["type"], (input: MenuInput, said: string) => Answer>> = {
  text(input, said) {
    const { regex, maxLength = Number.POSITIVE_INFINITY } = input;
    const most = regex === undefined ? maxLength : Math.min(maxLength, READ_CHARACTERS);
    if (said.length > most) return misfit(input, `has ${said.length} characters, and may have ${most}`);
    const verdict = regex === undefined ? "matches" : verdictOf(regex, said);
    if (verdict === "matches") return { kind: "fit", value: said };
    return verdict === "differs" ? misfit(input, "is not as it has to be") : unchecked(input);
  },
  number: (input, said) => within(input, said, "number", Number),
  date: (input, said) => within(input, said, "date", (value) => value),
  time: (input, said) => within(input, said.replace(/^\d:/, "0$&"), "time", (value) => value),
  toggle(input, said) {
    const [on, off] = input.options;
    const isYes = /^(?:y|yes|true|on|1)$/i.test(said);
    if (!isYes && !/^(?:n|no|false|off|0)$/i.test(said)) return misfit(input, "is not yes or no");
    return { kind: "fit", value: (isYes ? on : off)?.value ?? String(isYes) };
  },
  choice(input, said) {
    const option = createOptionFinder(input)(said);
    return option === undefined ? misfit(input, "is not among the choices") : { kind: "fit", value: option };
  },
  choices(input, said) {
    const find = createOptionFinder(input);
    const options = said.length > LONGEST_CHOICE ? [undefined] : said.split(/[,;]/).map(find);
    return options.includes(undefined)
      ? misfit(input, "has something that is not among the choices")
      : { kind: "fit", value: [...new Set(options)].join(",") };
  },
};

function within<Ordered extends string | number>(
  input: MenuInput,
  said: string,
  type: InputType,
  ordered: (value: string) => Ordered,
): Answer {
  const { id, label, min, max } = input;
  const read = readInputs({ [id]: { type, label } }, { [id]: said });
  if (read.kind === "misfit") return misfit(input, read.problems[0]?.problem ?? "does not fit");
  const value = ordered(said);
  if (min !== undefined && value < ordered(min)) return misfit(input, `is less than ${min}`);
  if (max !== undefined && value > ordered(max)) return misfit(input, `is more than ${max}`);
  return { kind: "fit", value: said };
}

function misfit({ label, errorMessage }: MenuInput, problem: string): Answer {
  return { kind: "misfit", problem: errorMessage ?? `${label.replace(/[?:.!]$/, "")} ${problem}.` };
}

/** The card's own text says what is expected, and not that it could not be checked. */
function unchecked({ label, errorMessage = "Send a shorter answer." }: MenuInput): Answer {
  const problem = `${label.replace(/[?:.!]$/, "")} could not be checked. ${errorMessage}`;
  return { kind: "misfit", problem, isUnchecked: true };
}

/** Finds options by their number, title or value; of several with one name, the first. */
function createOptionFinder({ options }: MenuInput): (text: string) => string | undefined {
  const byName = new Map<string, string>();
  for (const { title, value } of options.toReversed()) {
    byName.set(fold(value), value);
    byName.set(fold(title), value);
  }
  return (text) => {
    if (text.length > LONGEST_CHOICE) return undefined;
    return options[toIndex(text) ?? -1]?.value ?? byName.get(fold(text));
  };
}

/** `unknown`: the expression cannot be read, or ran out of time. */
function verdictOf(regex: string, said: string): "matches" | "differs" | "unknown" {
  const expression = toExpression(regex);
  if (expression === undefined) return "unknown";
  const result = new BoundedText(said).search([expression]);
  if (result === undefined) return "differs";
  return result.kind === "match" ? "matches" : "unknown";
}

function toExpression(regex: string): RegExp | undefined {
  try {
    return new RegExp(regex);
  } catch {
    return undefined;
  }
}

function shownInitial({ initial, options }: MenuInput): string | undefined {
  if (initial === "") return undefined;
  const titleOf = new Map(options.toReversed().map(({ title, value }) => [value, title]));
  const titles = initial.split(",").map((one) => titleOf.get(one) ?? one);
  return titles.join(", ");
}

function toggleOptions({ valueOn, valueOff }: JsonObject): MenuInput["options"] {
  return [
    { title: "yes", value: textOf(valueOn) ?? "true" },
    { title: "no", value: textOf(valueOff) ?? "false" },
  ];
}

function choicesOf(choices: JsonValue | undefined): MenuInput["options"] {
  if (!Array.isArray(choices)) return [];
  return (choices as readonly JsonValue[]).filter(isObject).map(({ title, value }) => ({
    title: String(title ?? value ?? ""),
    value: String(value ?? title ?? ""),
  }));
}

function firstText(...candidates: readonly (JsonValue | undefined)[]): string {
  for (const candidate of candidates)
    if (typeof candidate === "string" && candidate.trim() !== "") return candidate.trim();
  return "";
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}
