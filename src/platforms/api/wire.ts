/** How the JSON of an API's answers is read: what must be there is checked, what may be missing is `undefined`. */
import type { JsonObject } from "../../core/contract/notice";

/** An answer lacks what it always has. */
export class WireError extends Error {
  override readonly name = "WireError";
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

/** @throws WireError when it is no finite number */
export function number(from: JsonObject, name: string): number {
  const value = from[name];
  if (typeof value !== "number" || !Number.isFinite(value)) throw new WireError(`"${name}" is not a number`);
  return value;
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

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
