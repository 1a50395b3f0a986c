import { isUtf8 } from "node:buffer";
import type { JsonObject, JsonValue } from "./notice";

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Why some bytes are not JSON that we take. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  /** What is wrong, without anything of the content: `not well-formed JSON`. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Far more than any platform sends (Adaptive Cards stay below 30), and safe for functions that call themselves per level. */
const DEFAULT_MAX_DEPTH = 1_000;

/**
 * Reads JSON in UTF-8 as every parser does: of a key that is repeated the last value counts, and a byte order mark is
 * ignored.
 * @param maxDepth deeper nesting is refused. @default 1_000
 * @throws JsonError
 */
export function parseJson(bytes: Buffer, maxDepth: number = DEFAULT_MAX_DEPTH): JsonValue {
  if (!isUtf8(bytes)) throw new JsonError("not UTF-8");
  const text = withoutMark(bytes.toString("utf8"));
  checkDepth(text, maxDepth);
  try {
    return JSON.parse(text) as JsonValue; // the type is what JSON.parse is defined to return
  } catch {
    // The engine's own message quotes the text, which is what a person wrote.
    throw new JsonError(text.trim() === "" ? "the body is empty" : "not well-formed JSON");
  }
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

/** An object as JSON says it: dates become ISO text, what JSON cannot say is left out. */
export function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject; // what JSON.stringify wrote of an object is one
}

/** As `toJson`, of anything; nothing at all is `null`. */
export function toJsonValue(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue; // what JSON.parse returns
}

const BYTE_ORDER_MARK = 0xfeff;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

// One pass before JSON.parse. It only needs to be right about well-formed text: JSON.parse refuses the rest.
function checkDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
    else if ((code === OPEN_BRACE || code === OPEN_BRACKET) && ++depth > maxDepth)
      throw new JsonError(`nested deeper than ${maxDepth}`);
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}
