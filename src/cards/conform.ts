import type { JsonObject, JsonValue } from "../core/notice";
import { isList, isObject, members } from "./json-values";
import { familyRule, objectType } from "./schema/families";
import type { Family, Plain, Shape } from "./schema/shapes";

const WRITTEN: ReadonlySet<Plain> = new Set(["text", "url", "date", "time"]);
/** What may leave its type out in a template, and not where it is sent. */
const NAMED: ReadonlySet<Family> = new Set(["image", "column", "inline"]);

/**
 * A filled card as Webex wants it: numbers and truth values are texts where a text is expected (`"text": "${amount}"`
 * keeps its type when it is filled), and what has one possible type says it. All else, a button's data above all, stays.
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
  if (typeof shape === "string")
    return WRITTEN.has(shape) && (typeof value === "number" || typeof value === "boolean")
      ? String(value)
      : value;
  if ("one" in shape) return isObject(value) ? conformObject(value, shape.one) : value;
  if (!("list" in shape) || !isList(value)) return value;
  return value.map((item) =>
    isObject(item) ? conformObject(item, shape.list) : conformValue(item, shape.or ?? "anything"),
  );
}
