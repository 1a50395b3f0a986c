/**
 * What the Webex API answers, as far as we read it; everything else stays in `raw`.
 * @see https://developer.webex.com/docs/api/v1/messages
 */
import type { JsonObject } from "../../core/notice";

/** An answer lacks what it always has. */
export class WireError extends Error {
  override readonly name = "WireError";
}

interface Parsed {
  /** The answer as it came. */
  readonly raw: JsonObject;
}

export interface WebexMessage extends Parsed {
  readonly id: string;
  readonly roomId: string;
  readonly roomType: string | undefined;
  /** Root of the thread. */
  readonly parentId: string | undefined;
  readonly personId: string;
  readonly personEmail: string | undefined;
  readonly text: string | undefined;
  readonly markdown: string | undefined;
  /** Only when something is formatted or mentioned. */
  readonly html: string | undefined;
  readonly files: readonly string[];
  readonly mentionedPeople: readonly string[];
  /** `["all"]` or empty. */
  readonly mentionedGroups: readonly string[];
  readonly created: string | undefined;
  /** Some fields could not be decrypted yet. */
  readonly isIncomplete: boolean;
}

/** What we need of a message that we posted. Asked for no more, so that no post fails for what nobody reads. */
export interface WebexPosted {
  readonly id: string;
  readonly roomId: string;
  readonly parentId: string | undefined;
}

export interface WebexPerson extends Parsed {
  readonly id: string;
  readonly emails: readonly string[];
  readonly displayName: string | undefined;
  /** `"person"`, `"bot"`, `"appuser"`. */
  readonly type: string | undefined;
}

export interface WebexRoom extends Parsed {
  readonly id: string;
  readonly title: string | undefined;
  readonly type: string | undefined;
}

export interface WebexAttachmentAction extends Parsed {
  readonly id: string;
  readonly messageId: string;
  readonly personId: string;
  readonly roomId: string;
  readonly inputs: JsonObject;
}

export interface WebexWebhook extends Parsed {
  readonly id: string;
  readonly name: string;
  readonly targetUrl: string;
  readonly resource: string;
  readonly event: string;
  readonly filter: string | undefined;
  /** Published examples show it; an answer without it says nothing about whether there is one. */
  readonly secret: string | undefined;
  /** `"active"`, else it is off. */
  readonly status: string | undefined;
}

export function parseMessage(value: unknown): WebexMessage {
  const raw = object(value);
  return {
    raw,
    id: string(raw, "id"),
    roomId: string(raw, "roomId"),
    roomType: optional(raw, "roomType"),
    parentId: optional(raw, "parentId"),
    personId: string(raw, "personId"),
    personEmail: optional(raw, "personEmail"),
    text: optional(raw, "text"),
    markdown: optional(raw, "markdown"),
    html: optional(raw, "html"),
    files: strings(raw, "files"),
    mentionedPeople: strings(raw, "mentionedPeople"),
    mentionedGroups: strings(raw, "mentionedGroups"),
    created: optional(raw, "created"),
    isIncomplete: isFilled(raw.errors),
  };
}

export function parsePosted(value: unknown): WebexPosted {
  const raw = object(value);
  return { id: string(raw, "id"), roomId: string(raw, "roomId"), parentId: optional(raw, "parentId") };
}

export function parsePerson(value: unknown): WebexPerson {
  const raw = object(value);
  return {
    raw,
    id: string(raw, "id"),
    emails: strings(raw, "emails"),
    displayName: optional(raw, "displayName"),
    type: optional(raw, "type"),
  };
}

export function parseRoom(value: unknown): WebexRoom {
  const raw = object(value);
  return { raw, id: string(raw, "id"), title: optional(raw, "title"), type: optional(raw, "type") };
}

export function parseAttachmentAction(value: unknown): WebexAttachmentAction {
  const raw = object(value);
  return {
    raw,
    id: string(raw, "id"),
    messageId: string(raw, "messageId"),
    personId: string(raw, "personId"),
    roomId: string(raw, "roomId"),
    inputs: isFilled(raw.inputs) ? raw.inputs : {},
  };
}

export function parseWebhook(value: unknown): WebexWebhook {
  const raw = object(value);
  return {
    raw,
    id: string(raw, "id"),
    name: string(raw, "name"),
    targetUrl: string(raw, "targetUrl"),
    resource: string(raw, "resource"),
    event: string(raw, "event"),
    filter: optional(raw, "filter"),
    secret: optional(raw, "secret"),
    status: optional(raw, "status"),
  };
}

/** One page of a list. */
export function parseItems(value: unknown): readonly unknown[] {
  const { items } = object(value);
  if (!Array.isArray(items)) throw new WireError(`"items" is not a list`);
  return items;
}

function object(value: unknown): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError("it is not an object");
  return value as JsonObject; // from JSON.parse
}

function string(from: JsonObject, name: string): string {
  const value = from[name];
  if (typeof value !== "string" || value === "") throw new WireError(`"${name}" is missing`);
  return value;
}

function optional(from: JsonObject, name: string): string | undefined {
  const value = from[name];
  return typeof value === "string" ? value : undefined;
}

function strings(from: JsonObject, name: string): readonly string[] {
  const value: unknown = from[name];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
}

function isFilled(value: unknown): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}
