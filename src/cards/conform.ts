import type { JsonObject, JsonValue } from "../core/contract/notice";
import { normalizeDates } from "./date-macros";
import { hasDates, mapCard, type PlainPlace } from "./map-card";
import type { Plain } from "./schema/shapes";

const WRITTEN: ReadonlySet<Plain> = new Set(["text", "markdown", "dated", "url", "pattern", "date", "time"]);
const COUNTED: ReadonlySet<Plain> = new Set(["number", "count"]);

/**
 * A filled card as Webex wants it: `"text": "${amount}"` keeps the type that the amount has in the data, so numbers and
 * truth values become texts where a text is expected, and texts that are numbers or truth values those. What has one
 * possible type says it. All else, a button's data above all, stays.
 */
export function conform(card: JsonObject): JsonObject {
  return mapCard(card, (value, place) => conformDates(conformPlain(value, place.plain), place), {
    addsTypes: true,
  });
}

/** A card with its date macros in the form that clients understand. */
export function withConformDates(card: JsonObject): JsonObject {
  return mapCard(card, conformDates);
}

function conformDates(value: JsonValue, place: PlainPlace): JsonValue {
  return typeof value === "string" && hasDates(place) ? normalizeDates(value) : value;
}

function conformPlain(value: JsonValue, plain: Plain): JsonValue {
  if (typeof value === "number" || typeof value === "boolean")
    return WRITTEN.has(plain) ? String(value) : value;
  if (typeof value !== "string") return value;
  if (COUNTED.has(plain) && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return plain === "boolean" && /^(true|false)$/.test(value) ? value === "true" : value;
}
