import { isObject } from "../contract/json";
import type { JsonObject, JsonValue } from "../contract/notice";
import { TOKEN_KEY } from "./submit-actions";

/**
 * Whether a card that was posted is this one. Buttons say so by themselves: each token is signed for one call of one event.
 * A card without buttons is compared as it is.
 */
export function isSameCard(posted: JsonObject, wanted: JsonObject): boolean {
  const tokens = tokensIn(wanted);
  if (tokens.length > 0) {
    const found = new Set(tokensIn(posted));
    return tokens.every((token) => found.has(token));
  }
  return isSameJson(posted, wanted);
}

/** The tokens of a card's buttons. */
export function tokensIn(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(tokensIn);
  if (!isObject(value)) return [];
  const token = value[TOKEN_KEY];
  const inside = Object.values(value).flatMap((child) => (child === undefined ? [] : tokensIn(child)));
  return typeof token === "string" ? [token, ...inside] : inside;
}

/** Whether two values are the same as JSON: the order of keys does not matter. */
export function isSameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((child, index) => isSameJson(child, other[index]));
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSameJson(one[name], other[name]));
}
