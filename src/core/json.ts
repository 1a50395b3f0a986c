import { isUtf8 } from "node:buffer";
import type { JsonObject, JsonValue } from "./notice";

/** Why some bytes are not JSON that we take. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  /** Where and what, without anything of the content: `object key repeated at character 17`. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** Nesting that no platform comes near; Adaptive Cards, the deepest we are sent, stay below 30. */
const DEFAULT_MAX_DEPTH = 64;

/**
 * Reads JSON as strictly as two readers have to agree on it: UTF-8 without faults, no key twice in one object
 * (parsers differ in which one they take), no nesting beyond `maxDepth`.
 * @param maxDepth @default 64
 * @throws JsonError
 */
export function parseJson(bytes: Buffer, maxDepth: number = DEFAULT_MAX_DEPTH): JsonValue {
  if (!isUtf8(bytes)) throw new JsonError("not UTF-8");
  const text = bytes.toString("utf8");
  checkStructure(text, maxDepth);
  try {
    return JSON.parse(text) as JsonValue; // the type is what JSON.parse is defined to return
  } catch {
    // The engine's own message quotes the text, which is what somebody wrote.
    throw new JsonError(text.trim() === "" ? "the body is empty" : "not well-formed JSON");
  }
}

/** An object as JSON says it: dates become ISO text, what JSON cannot say is left out. */
export function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject; // what JSON.stringify wrote of an object is one
}

/** As `toJson`, of anything; nothing at all is `null`. */
export function toJsonValue(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue; // what JSON.parse returns
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

// One pass before JSON.parse. It only needs to be right about well-formed text: JSON.parse refuses the rest.
function checkStructure(text: string, maxDepth: number): void {
  const keysByDepth: Array<Set<string> | undefined> = [];
  let keys: Set<string> | undefined;
  let depth = 0;

  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (keys !== undefined && isKey(text, end)) {
          const key = keyBetween(text, at, end);
          if (keys.has(key)) throw new JsonError(`object key repeated at character ${at}`);
          keys.add(key);
        }
        at = end;
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        keysByDepth[depth++] = keys;
        if (depth > maxDepth) throw new JsonError(`nested deeper than ${maxDepth}`);
        keys = text.charCodeAt(at) === OPEN_BRACE ? new Set() : undefined;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth === 0) return;
        keys = keysByDepth[--depth];
        break;
    }
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function isKey(text: string, endOfString: number): boolean {
  let at = endOfString + 1;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === COLON;
}

// "a" and "\u0061" are the same key.
function keyBetween(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}
