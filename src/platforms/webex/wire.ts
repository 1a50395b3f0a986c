/** How the JSON of the Webex API is read: what must be there is checked, what may be missing is `undefined`. */
import type { JsonObject } from "../../core/notice";

/** An answer lacks what it always has. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** What every resource has, besides the fields that we know of. */
export interface Parsed {
  /** The answer as it came. */
  readonly raw: JsonObject;
  /** base64url, to be taken as it is. */
  readonly id: string;
  /** ISO 8601. */
  readonly created: string | undefined;
}

/** The fields that every resource has. @throws WireError */
export function parseCommon(value: unknown): Parsed {
  const raw = object(value);
  return { raw, id: string(raw, "id"), created: optional(raw, "created") };
}

/** One page of a list. @throws WireError */
export function parseItems(value: unknown): readonly unknown[] {
  const { items } = object(value);
  if (!Array.isArray(items)) throw new WireError(`"items" is not a list`);
  return items;
}

/** @throws WireError */
export function object(value: unknown): JsonObject {
  if (!isObject(value)) throw new WireError("it is not an object");
  return value;
}

/** @throws WireError when it is missing or empty */
export function string(from: JsonObject, name: string): string {
  const value = from[name];
  if (typeof value !== "string" || value === "") throw new WireError(`"${name}" is missing`);
  return value;
}

export function optional(from: JsonObject, name: string): string | undefined {
  const value = from[name];
  return typeof value === "string" ? value : undefined;
}

export function flag(from: JsonObject, name: string): boolean | undefined {
  const value = from[name];
  return typeof value === "boolean" ? value : undefined;
}

/** Empty when there is none. */
export function strings(from: JsonObject, name: string): readonly string[] {
  const value: unknown = from[name];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
}

export function isFilled(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).length > 0;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
