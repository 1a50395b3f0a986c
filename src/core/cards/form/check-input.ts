import type { CardInput } from "../../contract/clicked-form";
import type { JsonValue } from "../../contract/notice";
import { BoundedText, READ_CHARACTERS, type TimeLeft } from "../../util/bounded-regexp";
import { readDate, readNumber, readTime } from "./value-forms";

/** A value of an input, checked against the card. */
export type CheckedValue =
  /** `value`: as a client that draws the card sends it. Empty if the input was left empty. */
  { readonly kind: "fit"; readonly value: string } | Misfit;

/** A value that the card does not allow. */
export interface Misfit {
  readonly kind: "misfit";
  /** The predicate of a sentence about the input, such as "is more than 10"; it never repeats the value. */
  readonly problem: string;
  /** The card's `regex` cannot be read, or ran out of time, so that it is unknown whether the value is right. */
  readonly isUnchecked?: true;
}

/**
 * Checks a value against everything that the card states about its input. Clicks and typed answers go through here.
 * @param given a value as a client sends it; `undefined` if the click has none
 * @param time that the expressions of the card have left @default 200 ms
 */
export function checkInput(input: CardInput, given: JsonValue | undefined, time?: TimeLeft): CheckedValue {
  // A hidden input has the value that the bot has put into it.
  if (!input.isAsked && given === input.initial) return accept(input.initial);
  if (input.type === "toggle") return checkToggle(input, given);
  if (isEmptyValue(given)) return checkEmpty(input);
  return CHECKS[input.type](input, given, time);
}

/** Whether a value counts as left empty: missing, `null`, or nothing but blanks. */
export function isEmptyValue(given: JsonValue | undefined): given is undefined | null | string {
  return given === undefined || given === null || (typeof given === "string" && given.trim() === "");
}

const CHECKS: {
  readonly [Type in Exclude<CardInput["type"], "toggle">]: (
    input: CardInput,
    given: JsonValue,
    time: TimeLeft | undefined,
  ) => CheckedValue;
} = {
  text: checkText,
  number: (input, given) => within(input, readNumber(given), Number),
  date: (input, given) => within(input, readDate(given), (text) => readDate(text) ?? ""),
  time: (input, given) => within(input, readTime(given), (text) => readTime(text) ?? ""),
  choice(input, given) {
    const text = scalarText(given);
    const value = text !== undefined && input.isOpen ? text : optionOf(input, text);
    return value === undefined ? misfit(input, "is not among the choices") : accept(value);
  },
  choices(input, given) {
    const chosen = chosenOf(input, scalarText(given));
    if (chosen === undefined) return misfit(input, "has something that is not among the choices");
    return chosen.length === 0 ? checkEmpty(input) : accept([...new Set(chosen)].join(","));
  },
};

function checkEmpty(input: CardInput): CheckedValue {
  if (!input.required || !input.isAsked) return accept("");
  return input.type === "text" ? misfit(input, "is empty", "") : misfit(input, "is empty");
}

/** Some clients send `true` and `false` whatever the card's own values are. */
function checkToggle(input: CardInput, given: JsonValue | undefined): CheckedValue {
  const [on, off] = input.options.map(({ value }) => value);
  const text = given === undefined || given === null ? off : scalarText(given);
  const isOn = text === on || (text !== off && text === "true");
  if (isOn) return accept(on ?? "true");
  if (text !== off && text !== "false" && text?.trim() !== "") return misfit(input, "is not yes or no", "");
  return input.required && input.isAsked ? misfit(input, "has to be on") : accept(off ?? "false");
}

function checkText(input: CardInput, given: JsonValue, time: TimeLeft | undefined): CheckedValue {
  const text = scalarText(given);
  if (text === undefined) return misfit(input, "is not a text", "");
  const { regex, maxLength = Number.POSITIVE_INFINITY } = input;
  const most = regex === undefined ? maxLength : Math.min(maxLength, READ_CHARACTERS);
  // A line break counts once, as it does while the person types.
  const length = text.replaceAll("\r\n", "\n").length;
  if (length > most) return misfit(input, `has ${length} characters`, `at most ${most}`);
  const verdict = regex === undefined ? "matches" : verdictOf(regex, text, time);
  if (verdict === "matches") return accept(text);
  if (verdict === "differs") return misfit(input, "does not have the form that is asked for", "");
  return { ...misfit(input, "could not be checked", ""), isUnchecked: true };
}

function within<Ordered extends string | number>(
  input: CardInput,
  value: string | undefined,
  ordered: (text: string) => Ordered,
): CheckedValue {
  if (value === undefined) return misfit(input, `is not ${KINDS[input.type]}`, rangeOf(input));
  const [min, max] = [input.min, input.max].map((bound) =>
    bound === undefined ? undefined : ordered(bound),
  );
  const at = ordered(value);
  const [less, more] = input.type === "number" ? ["less than", "more than"] : ["before", "after"];
  if (isBound(min) && at < min) return misfit(input, `is ${less} ${input.min}`);
  if (isBound(max) && at > max) return misfit(input, `is ${more} ${input.max}`);
  return accept(value);
}

/** A bound that is not a value of its type is heeded by no client. */
function isBound<Ordered extends string | number>(bound: Ordered | undefined): bound is Ordered {
  return bound !== undefined && bound !== "" && !Number.isNaN(bound);
}

/** The value of a choice; blanks around it may get lost on the way. */
function optionOf({ options }: CardInput, text: string | undefined): string | undefined {
  const bare = text?.trim();
  return (
    options.find(({ value }) => value === text)?.value ??
    options.find(({ value }) => value.trim() === bare)?.value
  );
}

/** Several choices come as one text with commas between them; older clients put semicolons there. */
function chosenOf(input: CardInput, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  for (const separator of [",", ";"]) {
    const parts = text.split(separator).filter((part) => part.trim() !== "");
    if (input.isOpen) return parts;
    if (parts.length > input.options.length * MOST_REPEATS) return undefined;
    const values = valuesOf(input);
    const chosen = parts.map((part) => values.get(part) ?? values.get(part.trim()));
    if (!chosen.includes(undefined)) return chosen as string[]; // none is missing
  }
  return undefined;
}

/** A list in which each choice stands more often than this was made up. */
const MOST_REPEATS = 10;

function valuesOf({ options }: CardInput): ReadonlyMap<string, string> {
  return new Map(options.flatMap(({ value }) => [[value.trim(), value] as const, [value, value] as const]));
}

function scalarText(given: JsonValue | undefined): string | undefined {
  if (typeof given === "string") return given;
  return typeof given === "number" || typeof given === "boolean" ? String(given) : undefined;
}

function accept(value: string): CheckedValue {
  return { kind: "fit", value };
}

function misfit(input: CardInput, problem: string, expected = expectedOf(input)): Misfit {
  return { kind: "misfit", problem: expected === "" ? problem : `${problem}; expected ${expected}` };
}

const KINDS: Readonly<Record<CardInput["type"], string>> = {
  text: "a text",
  number: "a number such as 12.50",
  date: "a date such as 2026-01-31",
  time: "a time such as 14:30",
  toggle: "yes or no",
  choice: "one of the choices",
  choices: "one or several of the choices",
};

/** The values that the card allows, in words; empty if there is no more to say than the kind. */
export function rangeOf(input: CardInput): string {
  const { type, min, max } = input;
  if (type !== "number" && type !== "date" && type !== "time") return "";
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return type === "number" ? `at least ${min}` : `${min} or later`;
  if (max !== undefined) return type === "number" ? `at most ${max}` : `${max} or earlier`;
  return "";
}

/** Choices that a message lists at most, and characters of each. */
const MOST_LISTED = 12;
const LONGEST_LISTED = 60;

function expectedOf(input: CardInput): string {
  const { type, options } = input;
  if (type === "toggle") return input.required ? "yes" : KINDS.toggle;
  if ((type === "choice" || type === "choices") && options.length > 0) {
    const titles = options.slice(0, MOST_LISTED).map(({ title }) => title.slice(0, LONGEST_LISTED));
    const more = options.length > MOST_LISTED ? " …" : "";
    return `${type === "choice" ? "one" : "some"} of ${titles.join(", ")}${more}`;
  }
  return rangeOf(input) || KINDS[type];
}

/** `unknown`: the expression cannot be read, or ran out of time. */
function verdictOf(
  regex: string,
  text: string,
  time: TimeLeft | undefined,
): "matches" | "differs" | "unknown" {
  const expression = toExpression(regex);
  if (expression === undefined) return "unknown";
  const result = new BoundedText(text, time).search([expression]);
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
