import { JsonObject } from "../json";

export interface IntercomAuthor {
  readonly isContact: boolean;
  readonly id: string;
  readonly name: string;
}

export interface IntercomAttachment {
  readonly name: string;
  readonly url: string;
  readonly type: string;
}

/** Something that was said, or done, in a conversation. */
export interface IntercomPart {
  readonly id: string;
  /** `"comment"`, `"note"`, `"close"`, …: an open list. */
  readonly type: string;
  /** HTML, or plain text in newer versions of the API; not to be trusted. */
  readonly body: string;
  readonly author: IntercomAuthor;
  readonly attachments: readonly IntercomAttachment[];
  readonly options: readonly { readonly id: string; readonly text: string }[];
  /** The quick reply that was pressed. */
  readonly optionId: string | undefined;
  /** In seconds since 1970. */
  readonly createdAt: number;
}

export interface IntercomConversation {
  readonly id: string;
  readonly contactIds: readonly string[];
  /** `"open"`, `"closed"`, `"snoozed"`. */
  readonly state: string;
  /** 0: nobody's. */
  readonly assigneeId: number;
  /** Of a team; `undefined`: no team's. */
  readonly teamId: string | undefined;
  /** In seconds since 1970; `undefined` unless it is snoozed. */
  readonly snoozedUntil: number | undefined;
  /** What it began with, as if it were a part. */
  readonly source: IntercomPart;
  /** All, or those that are new. */
  readonly parts: readonly IntercomPart[];
}

export function parseConversation(value: unknown): IntercomConversation {
  const conversation = new JsonObject("conversation", value);
  const createdAt = conversation.number("created_at");
  const source = new JsonObject("source", conversation.get("source"));
  return {
    id: conversation.string("id"),
    contactIds: new JsonObject("list", conversation.get("contacts")).list("contacts", (contact) =>
      new JsonObject("contact", contact).string("id"),
    ),
    state: conversation.string("state"),
    assigneeId: conversation.optionalNumber("admin_assignee_id") ?? 0,
    teamId: conversation.optionalString("team_assignee_id"),
    snoozedUntil: conversation.optionalNumber("snoozed_until"),
    source: readPart(source, "comment", createdAt),
    parts: new JsonObject("list", conversation.get("conversation_parts")).list(
      "conversation_parts",
      parsePart,
    ),
  };
}

function parsePart(value: unknown): IntercomPart {
  const part = new JsonObject("part", value);
  return readPart(part, part.string("part_type"), part.number("created_at"));
}

function readPart(part: JsonObject, type: string, createdAt: number): IntercomPart {
  const metadata = new JsonObject("metadata", part.get("metadata") ?? {});
  return {
    id: part.string("id"),
    type,
    body: part.optionalString("body") ?? "",
    author: parseAuthor(part.get("author")),
    attachments: part.list("attachments", parseAttachment),
    options: metadata.list("quick_reply_options", parseOption),
    // Intercom's own pages name it in both ways.
    optionId:
      metadata.optionalString("quick_reply_option_uuid") ?? metadata.optionalString("quick_reply_uuid"),
    createdAt,
  };
}

function parseAuthor(value: unknown): IntercomAuthor {
  const author = new JsonObject("author", value);
  return {
    isContact: author.string("type") === "user",
    id: author.string("id"),
    name: author.string("name"),
  };
}

function parseAttachment(value: unknown): IntercomAttachment {
  const attachment = new JsonObject("attachment", value);
  return {
    name: attachment.string("name"),
    url: attachment.string("url"),
    type: attachment.string("content_type"),
  };
}

function parseOption(value: unknown): IntercomPart["options"][0] {
  const option = new JsonObject("quick reply", value);
  return { id: option.string("uuid"), text: option.string("text") };
}
