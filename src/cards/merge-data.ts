import type { JsonObject, JsonValue } from "../core/contract/notice";
import { isObject, members } from "./json-values";

/** The data with the defaults for what it lacks, also within objects; a list is taken whole, and null is a value. */
export function mergeData(defaults: JsonObject, data: JsonObject): JsonObject {
  const own = members(data).map(([key, value]): [string, JsonValue] => {
    const before = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
    return [key, isObject(before) && isObject(value) ? mergeData(before, value) : value];
  });
  return { ...defaults, ...Object.fromEntries(own) };
}
