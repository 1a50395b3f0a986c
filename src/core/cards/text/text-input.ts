import type { CardInput } from "../../contract/clicked-form";
import type { TimeLeft } from "../../util/bounded-regexp";
import { checkInput, type Misfit, rangeOf } from "../form/check-input";
import { foldCase, LONGEST_CHOICE, normalizeText, parseOrdinal } from "./normalize-text";

/** Words for leaving an answer as it is. */
const SKIP = new Set(["-", "skip"]);

/** The question for an input. */
export function questionFor(input: CardInput): string {
  const { type, label, required, initial, options } = input;
  const asked = /[?:.!]$/.test(label) ? label : `${label}?`;
  const choices = type === "choice" || type === "choices";
  const list = choices ? options.map(({ title }, index) => `${index + 1}. ${title}`) : [];
  const current = shownInitial(input);
  const ways = [
    [input.isOpen ? "" : HOW[type], rangeOf(input)].filter((part) => part !== "").join(", "),
    current === undefined ? (required || initial !== "" ? "" : "- to leave it empty") : `- for ${current}`,
  ].filter((way) => way !== "");
  return [asked, ...list, ways.length === 0 ? "" : `(${ways.join("; ")})`]
    .filter((line) => line !== "")
    .join("\n");
}

const HOW: Readonly<Record<CardInput["type"], string>> = {
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
  /** `problem`: sentences for the person, which never repeat the answer. `isUnchecked`: as of a `Misfit`. */
  | { readonly kind: "misfit"; readonly problem: string; readonly isUnchecked?: true };

/** Reads the text of a person as the value that a client which draws the card would send, and checks that against the card. */
export function parseAnswer(input: CardInput, text: string, time?: TimeLeft): Answer {
  const checked = checkInput(input, toValue(input, text), time);
  return checked.kind === "fit" ? checked : told(input, checked);
}

function toValue(input: CardInput, text: string): string {
  const said = normalizeText(text);
  const value = VALUES[input.type](input, input.type === "text" ? text.trim() : said);
  // A choice may be called as the word for leaving the input unchanged.
  if (value !== undefined && isOption(input, value)) return value;
  return said === "" || SKIP.has(said.toLowerCase()) ? input.initial : (value ?? said);
}

function isOption({ type, options }: CardInput, value: string): boolean {
  return (type === "choice" || type === "choices") && options.some((option) => option.value === value);
}

/** A text as a value; `undefined` if it is none of the words that stand for a value. */
const VALUES: Readonly<Record<CardInput["type"], (input: CardInput, said: string) => string | undefined>> = {
  text: (_input, said) => said,
  number: (_input, said) => said,
  date: (_input, said) => said,
  time: (_input, said) => said,
  toggle({ options: [on, off] }, said) {
    if (/^(?:y|yes|true|on|1)$/i.test(said)) return on?.value;
    if (/^(?:n|no|false|off|0)$/i.test(said)) return off?.value;
    return [on, off].find((option) => option !== undefined && foldCase(option.value) === foldCase(said))
      ?.value;
  },
  choice: (input, said) => createOptionFinder(input)(said),
  choices(input, said) {
    if (said.length > LONGEST_CHOICE) return undefined;
    const find = createOptionFinder(input);
    const parts = said.split(/[,;]/).filter((part) => part.trim() !== "");
    const found = parts.map(find);
    return found.includes(undefined) || found.length === 0 ? find(said) : [...new Set(found)].join(",");
  },
};

function told({ label, errorMessage }: CardInput, { problem, isUnchecked }: Misfit): Answer {
  const name = label.replace(/[?:.!]$/, "");
  if (isUnchecked) {
    // The card's own text says how a value has to be, and not that it could not be checked.
    return {
      kind: "misfit",
      problem: `${name} ${problem}. ${errorMessage ?? "Send a shorter answer."}`,
      isUnchecked,
    };
  }
  return { kind: "misfit", problem: errorMessage ?? `${name} ${problem}.` };
}

/** Finds options by their number, title or value; of several with one name, the first. */
function createOptionFinder({ options }: CardInput): (text: string) => string | undefined {
  const byName = new Map<string, string>();
  for (const { title, value } of options.toReversed()) {
    byName.set(foldCase(value), value);
    byName.set(foldCase(title), value);
  }
  return (text) => {
    if (text.length > LONGEST_CHOICE) return undefined;
    return options[parseOrdinal(text) ?? -1]?.value ?? byName.get(foldCase(text));
  };
}

function shownInitial({ initial, options }: CardInput): string | undefined {
  if (initial === "") return undefined;
  const titleOf = new Map(options.toReversed().map(({ title, value }) => [value, title]));
  const titles = initial.split(",").map((one) => titleOf.get(one) ?? one);
  return titles.join(", ");
}
