import type { JsonObject, JsonValue } from "../core/notice";

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

/** A value as messages show it: short, and never what somebody wrote. */
export function shown(value: JsonValue | undefined): string {
  if (value === undefined) return "missing";
  if (isList(value)) return "a list";
  if (isObject(value)) return "an object";
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 58)}…"`;
}
