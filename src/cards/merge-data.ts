import type { JsonObject } from "../core/notice";
import { isObject, members } from "./json-values";

/** The data with the defaults for what it lacks, also within objects; a list is taken whole, and null is a value. */
export function mergeData(defaults: JsonObject, data: JsonObject): JsonObject {
  const merged: Record<string, JsonObject[string]> = { ...defaults };
  for (const [key, value] of members(data)) {
    const before = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
    merged[key] = isObject(before) && isObject(value) ? mergeData(before, value) : value;
  }
  return merged;
}
