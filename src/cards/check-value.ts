import type { JsonValue } from "../core/contract/notice";
import { didYouMean } from "../core/util/suggest-name";
import { isObject } from "./json-values";
import { patternFault } from "./pattern";
import type { Plain, Version } from "./schema/shapes";

/** What is wrong with a plain value. */
export interface ValueFault {
  readonly code: "wrong-value" | "later-value";
  /** @default "error" */
  readonly severity?: "warning";
  readonly message: string;
  readonly remedy: string;
}

/** How messages show a value. */
export type Say = (value: JsonValue) => string;

interface PlainRule {
  readonly expected: string;
  /** Whether the published schema accepts more than clients heed, so that another text is a warning. */
  readonly isLenient?: true;
  isOne(value: JsonValue): boolean;
  /** Why a value is not one, if there is more to say; never with the value. */
  reason?(value: JsonValue): string | undefined;
}

const PLAIN: { readonly [Name in Plain]: PlainRule } = {
  text: { expected: "a text in quotes", isOne: isText },
  markdown: { expected: "a text in quotes", isOne: isText },
  dated: { expected: "a text in quotes", isOne: isText },
  url: { expected: "an address that begins with https://, or data:image/", isOne: isUrl },
  boolean: { expected: "true or false, without quotes", isOne: (value) => typeof value === "boolean" },
  number: { expected: "a number, without quotes", isOne: (value) => typeof value === "number" },
  count: {
    expected: "a whole number, 0 or more, without quotes",
    isOne: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  pixels: { expected: 'pixels such as "80px"', isOne: isPixels },
  pattern: {
    expected: "a regular expression that JavaScript can read",
    isOne: (value) => typeof value === "string" && patternFault(value) === undefined,
    reason: (value) => (typeof value === "string" ? patternFault(value) : undefined),
  },
  date: {
    expected: 'a date such as "2026-01-31"',
    isLenient: true,
    isOne: (value) => value === "" || (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)),
  },
  time: {
    expected: 'a time such as "14:30"',
    isLenient: true,
    isOne: (value) => value === "" || (typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value)),
  },
  height: {
    expected: '"auto", "stretch", or pixels such as "80px"',
    isOne: (value) => isWord(value, ["auto", "stretch"]) || isPixels(value),
  },
  columnWidth: {
    expected: '"auto", "stretch", pixels such as "80px", or a number: its share beside the other columns',
    isOne: (value) =>
      isWord(value, ["auto", "stretch"]) ||
      isPixels(value) ||
      (typeof value === "number" && value > 0) ||
      (typeof value === "string" && /^\d+(\.\d+)?$/.test(value)),
  },
  data: {
    expected: 'an object in { }, for example { "action": "send" }',
    isOne: isObject,
    reason: (value) =>
      isObject(value) ? undefined : "clients send only an object, and only an object can be signed",
  },
  object: { expected: "an object in { }", isOne: isObject },
  anything: { expected: "anything", isOne: () => true },
};

/** @returns what is wrong with the value, if anything */
export function plainFault(name: Plain, value: JsonValue, say: Say): ValueFault | undefined {
  const { expected, isLenient, isOne, reason } = PLAIN[name];
  if (isOne(value)) return undefined;
  if (isLenient && typeof value === "string")
    return {
      code: "wrong-value",
      severity: "warning",
      message: `is ${say(value)}, which clients do not understand and leave out`,
      remedy: `expected ${expected}`,
    };
  const why = reason?.(value);
  const message = `is ${say(value)}${why === undefined ? "" : ` (${why})`}`;
  return { code: "wrong-value", message, remedy: `expected ${expected}` };
}

/** The same for one of some words, whose case does not matter. */
export function wordFault(
  words: readonly string[],
  value: JsonValue,
  say: Say,
  later: Readonly<Record<string, Version>> = {},
): ValueFault | undefined {
  if (isWord(value, words)) return undefined;
  const given = typeof value === "string" ? value : "";
  const since = Object.entries(later).find(([word]) => isWord(value, [word]))?.[1];
  return {
    code: since === undefined ? "wrong-value" : "later-value",
    message: since === undefined ? `is ${say(value)}` : `"${given}" came in with ${since}`,
    remedy: `expected ${oneOf(words)}${since === undefined ? didYouMean(given, words) : ""}`,
  };
}

export function expectedOf(name: Plain): string {
  return PLAIN[name].expected;
}

/** `"a", "b" or "c"` */
export function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

function isWord(value: JsonValue, words: readonly string[]): boolean {
  return typeof value === "string" && words.some((word) => word.toLowerCase() === value.toLowerCase());
}

function isText(value: JsonValue): boolean {
  return typeof value === "string";
}

function isPixels(value: JsonValue): boolean {
  return typeof value === "string" && /^\d+(\.\d+)?px$/i.test(value);
}

/** Schemes that run something, or read what is on the person's machine. */
const UNSAFE = /^(?:javascript|vbscript|data|file|blob):$/;

// The parser leaves out blanks at the beginning and line breaks within a scheme, as browsers do.
function isUrl(value: JsonValue): boolean {
  if (typeof value !== "string") return false;
  if (/^data:image\//i.test(value)) return true;
  if (!URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  // `example.com:8080/page` and `localhost:3000` are addresses without a scheme.
  return !UNSAFE.test(protocol) && !protocol.includes(".") && protocol !== "localhost:";
}
