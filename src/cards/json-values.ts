import type { JsonObject, JsonValue } from "../core/contract/notice";

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

// Array.isArray() by itself does not see that a read-only array is one.
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Keys and values, without those that are undefined. */
export function members(object: JsonObject): [string, JsonValue][] {
  return Object.entries(object).flatMap(([key, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[key, value]],
  );
}

/** A value of a file as messages show it: short. */
export function shown(value: JsonValue): string {
  if (isList(value) || isObject(value)) return kindOf(value);
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 58)}…"`;
}

/** What a value is, for messages that must not repeat what somebody wrote. */
export function kindOf(value: JsonValue): string {
  if (isList(value)) return "a list";
  if (isObject(value)) return "an object";
  if (value === null) return "null";
  if (typeof value === "string") return "another text";
  return typeof value === "number" ? "a number" : "true or false";
}
