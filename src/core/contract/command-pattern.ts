import { ArgumentError } from "./errors";

/** What an argument's type in a pattern gives the handler. */
interface ArgumentTypes {
  string: string;
  /** Decimal point, no thousands separator: `12.50`. */
  number: number;
  integer: number;
  /** yes, no, true, false, on, off. */
  boolean: boolean;
  email: string;
}

type Tokens<Pattern extends string> = Pattern extends `${infer Head} ${infer Tail}`
  ? Head | Tokens<Tail>
  : Pattern;
type Required<Token extends string> = Token extends `<${infer Spec}>` ? Spec : never;
type Optional<Token extends string> = Token extends `[${infer Spec}]` ? Spec : never;
type NameOf<Spec extends string> = Spec extends `${infer Name}:${string}`
  ? Name
  : Spec extends `${infer Name}...`
    ? Name
    : Spec;
type ValueOf<Spec extends string> = Spec extends `${string}:${infer Type}`
  ? Type extends keyof ArgumentTypes
    ? ArgumentTypes[Type]
    : never
  : string;

/** The arguments that a pattern's handler gets: `"expense <amount:number> [currency]"` → `{ amount: number; currency?: string }`. */
export type ArgsOf<Pattern extends string> = {
  readonly [Spec in Required<Tokens<Pattern>> as NameOf<Spec>]: ValueOf<Spec>;
} & {
  readonly [Spec in Optional<Tokens<Pattern>> as NameOf<Spec>]?: ValueOf<Spec> | undefined;
};

interface Argument {
  readonly name: string;
  readonly type: keyof ArgumentTypes;
  readonly required: boolean;
  /** Takes all the words that are left. */
  readonly rest: boolean;
}

/** A pattern, read. */
export interface CommandPattern {
  /** As it was written. */
  readonly source: string;
  /** The fixed words it begins with, lower case. */
  readonly words: readonly string[];
  readonly arguments: readonly Argument[];
}

/** What a command's words were read as, or why they do not fit. */
export type ArgumentsResult =
  | { readonly kind: "fit"; readonly args: Readonly<Record<string, string | number | boolean>> }
  /** For the person: `amount: expected a number`. */
  | { readonly kind: "misfit"; readonly problem: string };

const TYPES: Record<
  keyof ArgumentTypes,
  { expected: string; read(word: string): string | number | boolean | undefined }
> = {
  string: { expected: "a word", read: (word) => word },
  number: {
    expected: "a number such as 12.50",
    read: (word) => (/^[+-]?\d+(\.\d+)?$/.test(word) ? finite(Number(word)) : undefined),
  },
  integer: {
    expected: "a whole number",
    read: (word) =>
      /^[+-]?\d+$/.test(word) && Number.isSafeInteger(Number(word)) ? Number(word) : undefined,
  },
  boolean: {
    expected: "yes or no",
    read: (word) =>
      /^(yes|true|on)$/i.test(word) ? true : /^(no|false|off)$/i.test(word) ? false : undefined,
  },
  email: {
    expected: "an e-mail address",
    read: (word) => (isEmail(word) ? word : undefined),
  },
};

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}

/** Whether a text has one `@`, a dot within what follows it, and no blank. */
function isEmail(text: string): boolean {
  const at = text.indexOf("@");
  const dot = text.lastIndexOf(".", text.length - 2);
  return at > 0 && at === text.lastIndexOf("@") && dot > at + 1 && !/\s/.test(text);
}

/**
 * Reads a command's pattern: fixed words, then `<required>`, then `[optional]` arguments, each `name`, `name:type` or,
 * at the very end, `name...` for all the words that are left.
 * @throws ArgumentError that names the pattern and the part that is wrong
 */
export function parseCommandPattern(source: string): CommandPattern {
  const refuse = (problem: string): Error => new ArgumentError(`command "${source}": ${problem}`);
  const words: string[] = [];
  const args: Argument[] = [];

  for (const token of source.trim().split(/\s+/)) {
    if (/^[<[]/.test(token)) addArgument(token);
    else addWord(token);
  }
  if (words.length === 0) throw refuse("it begins with no fixed word");
  return { source, words, arguments: args };

  function addWord(token: string): void {
    if (/[<>[\]]/.test(token)) throw refuse(`"${token}" is neither a word nor <name> nor [name]`);
    if (args.length > 0)
      throw refuse(`the word "${token}" stands behind an argument; fixed words come first`);
    // People type the slash or leave it out, and the router removes it, so the word does not have it.
    const word = words.length === 0 ? token.replace(/^\//, "") : token;
    if (word !== "") words.push(word.toLowerCase());
  }

  function addArgument(token: string): void {
    const argument = parseArgument(token);
    if (argument === undefined)
      throw refuse(
        `"${token}" is no argument; expected <name>, [name], <name:type> with type ${Object.keys(TYPES).join(", ")}, or <name...>`,
      );
    const previous = args.at(-1);
    if (previous?.rest)
      throw refuse(`"${token}" stands behind "${previous.name}...", which takes everything`);
    if (previous?.required === false && argument.required)
      throw refuse(`"${token}" is required and stands behind an optional argument`);
    if (args.some((other) => other.name === argument.name))
      throw refuse(`two arguments are called "${argument.name}"`);
    args.push(argument);
  }
}

function parseArgument(token: string): Argument | undefined {
  const match = /^(?:<([a-z]\w*)(?::(\w+)|(\.\.\.))?>|\[([a-z]\w*)(?::(\w+)|(\.\.\.))?\])$/i.exec(token);
  const name = match?.[1] ?? match?.[4];
  const type = match?.[2] ?? match?.[5] ?? "string";
  if (match === null || name === undefined || !isType(type)) return undefined;
  return { name, type, required: match[1] !== undefined, rest: (match[3] ?? match[6]) !== undefined };
}

function isType(type: string): type is keyof ArgumentTypes {
  return Object.hasOwn(TYPES, type);
}

/** A word of a message; several when a person put them in quotes. */
export interface Word {
  readonly text: string;
  /** Where it begins in the message. */
  readonly at: number;
}

/**
 * Splits a message into words. A part in "double quotes" is one word.
 * @param most words to find, because the rest of a long message decides nothing @default all
 */
export function splitWords(text: string, most = Number.POSITIVE_INFINITY): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/["“”]([^"“”]*)["“”](?=\s|$)|\S+/g)) {
    if (words.length >= most) break;
    words.push({ text: match[1] ?? match[0], at: match.index });
  }
  return words;
}

/**
 * Reads the words behind a command's fixed words as its arguments. A command without arguments takes any words.
 * @param text the message that `words` was split from
 */
export function readArguments(
  pattern: CommandPattern,
  text: string,
  words: readonly Word[],
): ArgumentsResult {
  const args: Record<string, string | number | boolean> = {};
  let at = pattern.words.length;

  for (const argument of pattern.arguments) {
    const word = words[at];
    if (word === undefined) {
      if (argument.required) return { kind: "misfit", problem: `${argument.name} is missing` };
      continue;
    }
    if (argument.rest) {
      args[argument.name] = text.slice(word.at).trim();
      at = words.length;
      continue;
    }
    const value = TYPES[argument.type].read(word.text);
    if (value === undefined)
      return { kind: "misfit", problem: `${argument.name}: expected ${TYPES[argument.type].expected}` };
    args[argument.name] = value;
    at++;
  }
  if (pattern.arguments.length > 0 && at < words.length)
    return { kind: "misfit", problem: "there are words left over; put what belongs together in quotes" };
  return { kind: "fit", args };
}
