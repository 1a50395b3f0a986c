import type { JsonObject, JsonValue } from "../core/contract/notice";
import { isList, isObject, members } from "./json-values";
import { familyRule, objectType } from "./schema/families";
import type { Family, Plain, Shape } from "./schema/shapes";

/** Where a plain value stands. */
export interface PlainPlace {
  readonly plain: Plain;
  /** The object that has it. */
  readonly object: JsonObject;
  /** The object around that one; absent at the top. */
  readonly around?: JsonObject | undefined;
}

export type MapPlain = (value: JsonValue, place: PlainPlace) => JsonValue;

/** What may leave its type out in a template, and not where it is sent. */
const NAMED: ReadonlySet<Family> = new Set(["image", "column", "inline"]);

interface Mapping {
  readonly map: MapPlain;
  /** Whether objects that have one possible type get it. */
  readonly addsTypes: boolean;
}

/**
 * The card with each plain value, such as a text or a number, replaced. Objects of unknown types, and the data of buttons,
 * stay unchanged.
 */
export function mapCard(card: JsonObject, map: MapPlain, { addsTypes = false } = {}): JsonObject {
  return mapObject(card, "card", undefined, { map, addsTypes });
}

/** The same for a part of a card, which is the value of a property of this shape. */
export function mapPart(
  value: JsonValue,
  shape: Shape,
  place: Omit<PlainPlace, "plain">,
  map: MapPlain,
): JsonValue {
  return mapValue(value, shape, place, { map, addsTypes: false });
}

function mapObject(
  object: JsonObject,
  family: Family,
  around: JsonObject | undefined,
  mapping: Mapping,
): JsonObject {
  const { types, implied } = familyRule(family);
  const isSaid = types.some((name) => name === object.type);
  const name = isSaid ? object.type : implied;
  if (typeof name !== "string") return object;
  const properties = objectType(name)?.properties ?? {};
  const mapped = Object.fromEntries(
    members(object).map(([key, value]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return [
        key,
        property === undefined ? value : mapValue(value, property.is, { object, around }, mapping),
      ];
    }),
  );
  return mapping.addsTypes && object.type === undefined && NAMED.has(family)
    ? { type: name, ...mapped }
    : mapped;
}

function mapValue(
  value: JsonValue,
  shape: Shape,
  place: Omit<PlainPlace, "plain">,
  mapping: Mapping,
): JsonValue {
  if (typeof shape === "string") return mapping.map(value, { ...place, plain: shape });
  if ("one" in shape) return isObject(value) ? mapObject(value, shape.one, place.object, mapping) : value;
  if (!("list" in shape) || !isList(value)) return value;
  return value.map((item) =>
    isObject(item)
      ? mapObject(item, shape.list, place.object, mapping)
      : mapping.map(item, { ...place, plain: shape.or ?? "anything" }),
  );
}

/** Whether clients read a value as Markdown: not the titles of choices that stand in a list that opens. */
export function isMarkdown({ plain, object, around }: PlainPlace): boolean {
  if (plain !== "markdown") return false;
  const isChoice = around?.type === "Input.ChoiceSet" && "value" in object;
  if (!isChoice || around.isMultiSelect === true) return true;
  const { style } = around;
  return typeof style === "string" && (style.toLowerCase() === "expanded" || style.includes("${"));
}

/** Whether clients write out the dates of a value. */
export function hasDates({ plain }: PlainPlace): boolean {
  return plain === "markdown" || plain === "dated";
}
