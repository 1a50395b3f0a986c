import type { JsonObject, JsonValue } from "../core/contract/notice";

/** Keys and indexes from the top of a document down to one value. */
export type JsonPath = readonly (string | number)[];

/** JSON that still knows where its values stood. */
export interface JsonSource {
  readonly value: JsonValue;
  /** The line, counted from 1, in which the value at a path begins; of the nearest one around it when there is none. */
  lineOf(path: JsonPath): number;
}

/** Text that is no JSON, and where it stops being it. */
export class JsonSourceError extends Error {
  override readonly name = "JsonSourceError";
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;

  constructor(text: string, at: number, problem: string) {
    const before = text.slice(0, at).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    super(`column ${column}: ${problem}`);
    this.line = before.length;
    this.column = column;
  }
}

/** `["body", 0, "text"]` → `body[0].text`. */
export function formatPath(path: JsonPath): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

const MAX_DEPTH = 100;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const WORDS = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

/**
 * Reads a JSON file that people write. Unlike JSON.parse it tells where a fault is, refuses a key that an object has
 * twice, and remembers lines.
 * @throws JsonSourceError
 */
export function parseJsonSource(text: string): JsonSource {
  const starts = new Map<string, number>();
  let at = text.startsWith("\uFEFF") ? 1 : 0;

  const fail = (problem: string, where = at): JsonSourceError => new JsonSourceError(text, where, problem);
  const found = (): string => (at < text.length ? `found ${JSON.stringify(text[at])}` : "the file ends");
  const skipBlanks = (): void => {
    while (/[ \t\r\n]/.test(text[at] ?? "")) at++;
  };
  const takes = (character: string): boolean => {
    skipBlanks();
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const matched = pattern.exec(text)?.[0];
    at += matched?.length ?? 0;
    return matched;
  };

  function readValue(path: JsonPath): JsonValue {
    skipBlanks();
    if (path.length > MAX_DEPTH) throw fail(`nested deeper than ${MAX_DEPTH}`);
    starts.set(JSON.stringify(path), at);
    if (text[at] === "{") return readObject(path);
    if (text[at] === "[") return readArray(path);
    if (text[at] === '"') return readString();
    for (const [word, value] of WORDS) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return value;
    }
    const number = match(NUMBER);
    if (number === undefined) throw fail(`expected a value, ${found()}`);
    return Number(number);
  }

  function readObject(path: JsonPath): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null);
    at++;
    if (takes("}")) return { ...object };
    do {
      skipBlanks();
      if (text[at] !== '"') throw fail(`expected a key in double quotes, ${found()}`);
      const keyAt = at;
      const key = readString();
      if (Object.hasOwn(object, key)) throw fail(`the key "${key}" is there twice`, keyAt);
      if (!takes(":")) throw fail(`expected : after the key "${key}", ${found()}`);
      object[key] = readValue([...path, key]);
    } while (takes(","));
    if (!takes("}")) throw fail(`expected , or }, ${found()}`);
    return { ...object };
  }

  function readArray(path: JsonPath): JsonValue[] {
    const array: JsonValue[] = [];
    at++;
    if (takes("]")) return array;
    do array.push(readValue([...path, array.length]));
    while (takes(","));
    if (!takes("]")) throw fail(`expected , or ], ${found()}`);
    return array;
  }

  function readString(): string {
    const start = at;
    const literal = match(STRING);
    if (literal === undefined) throw fail("this text is not closed");
    try {
      return String(JSON.parse(literal));
    } catch {
      throw fail("this text is not closed in its line, or has a character that must be escaped", start);
    }
  }

  const value = readValue([]);
  skipBlanks();
  if (at < text.length) throw fail(`expected the end of the file, ${found()}`);
  return {
    value,
    lineOf(path) {
      for (let length = path.length; length >= 0; length--) {
        const start = starts.get(JSON.stringify(path.slice(0, length)));
        if (start !== undefined) return text.slice(0, start).split("\n").length;
      }
      return 1;
    },
  };
}
