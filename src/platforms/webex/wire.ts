/** What all answers of the Webex API have in common. */
import type { JsonObject } from "../../core/contract/notice";
import { object, optional, string, WireError } from "../api/wire";

/** What every resource has, besides the fields that we know of. */
export interface Parsed {
  /** The unchanged answer. */
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
