import type { JsonObject, JsonValue } from "../core/notice";
import { isList, isObject, members } from "./json-values";
import { familyRule, objectType } from "./schema/families";
import type { Family, Plain, Shape } from "./schema/shapes";

const WRITTEN: ReadonlySet<Plain> = new Set(["text", "url", "pattern", "date", "time"]);
const COUNTED: ReadonlySet<Plain> = new Set(["number", "count"]);
/** What may leave its type out in a template, and not where it is sent. */
const NAMED: ReadonlySet<Family> = new Set(["image", "column", "inline"]);

/**
 * A filled card as Webex wants it: `"text": "${amount}"` keeps the type that the amount has in the data, so numbers and
 * truth values become texts where a text is expected, and texts that are numbers or truth values those. What has one
 * possible type says it. All else, a button's data above all, stays.
 */
export function conform(card: JsonObject): JsonObject {
  return conformObject(card, "card");
}

function conformObject(object: JsonObject, family: Family): JsonObject {
  const { types, implied } = familyRule(family);
  const isSaid = types.some((name) => name === object.type);
  const name = isSaid ? object.type : implied;
  if (typeof name !== "string") return object;
  const properties = objectType(name)?.properties ?? {};
  const conformed = Object.fromEntries(
    members(object).map(([key, value]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return [key, property === undefined ? value : conformValue(value, property.is)];
    }),
  );
  return object.type === undefined && NAMED.has(family) ? { type: name, ...conformed } : conformed;
}

function conformValue(value: JsonValue, shape: Shape): JsonValue {
  if (typeof shape === "string") return conformPlain(value, shape);
  if ("one" in shape) return isObject(value) ? conformObject(value, shape.one) : value;
  if (!("list" in shape) || !isList(value)) return value;
  return value.map((item) =>
    isObject(item) ? conformObject(item, shape.list) : conformPlain(item, shape.or ?? "anything"),
  );
}

function conformPlain(value: JsonValue, plain: Plain): JsonValue {
  if (typeof value === "number" || typeof value === "boolean")
    return WRITTEN.has(plain) ? String(value) : value;
  if (typeof value !== "string") return value;
  if (COUNTED.has(plain) && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return plain === "boolean" && /^(true|false)$/.test(value) ? value === "true" : value;
}
