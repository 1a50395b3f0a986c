import { badRequest } from "../webex/api-error";
import type { Person } from "../webex/records";
import type { Webex } from "../webex/webex";
import type { Occurrence } from "./occurrence";
import type { ResourceRule } from "./resources";

/** A filter read once: key, and the values that match it. */
export type Filter = readonly (readonly [key: string, values: readonly string[]])[];

const booleans = ["true", "false"];
const words: Readonly<Record<string, readonly string[]>> = {
  roomType: ["direct", "group"],
  type: ["direct", "group"],
  isLocked: booleans,
  isModerator: booleans,
  hasFiles: booleans,
  hasAttachments: booleans,
};

/** Reads `key=value&key=value`. @throws ApiError 400 for a key the resource does not have, and for ids of what the creator cannot see. */
export function parseFilter(webex: Webex, creator: Person, rule: ResourceRule, source: string): Filter {
  return source.split("&").map((part) => {
    const equals = part.indexOf("=");
    const key = part.slice(0, equals === -1 ? undefined : equals);
    const raw = equals === -1 ? "" : decode(part.slice(equals + 1));
    if (!rule.filters.includes(key)) throw badRequest(`invalid filter: ${key}`);
    if (!isPossible(webex, creator, key, raw)) throw badRequest(`invalid value for filter: ${key}`);
    const values =
      key === "mentionedPeople" ? raw.split(",") : [key === "personEmail" ? raw.toLowerCase() : raw];
    return [key, values.map((value) => (value === "me" ? creator.id : value))] as const;
  });
}

/** Whether everything that the filter asks for is so. */
export function matches(filter: Filter, occurrence: Occurrence): boolean {
  return filter.every(([key, values]) => {
    const actual = occurrence.hidden[key] ?? occurrence.data[key];
    if (Array.isArray(actual)) return actual.some((one) => values.includes(String(one)));
    return values.includes(key === "personEmail" ? String(actual).toLowerCase() : String(actual));
  });
}

function isPossible(webex: Webex, creator: Person, key: string, value: string): boolean {
  const allowed = words[key];
  if (allowed !== undefined) return allowed.includes(value);
  if (key === "roomId") return webex.store.membership(value, creator.id) !== undefined;
  if (key === "personId") return value === "me" || webex.store.people.has(value);
  if (key === "messageId") return webex.store.messages.has(value);
  if (key === "mentionedPeople")
    return value.split(",").every((one) => one === "me" || webex.store.people.has(one));
  return value !== "";
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
