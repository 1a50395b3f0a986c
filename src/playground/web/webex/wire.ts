import { JsonObject } from "../json";

/** A room as the person sees it: a direct room's title is the other person's name. */
export interface Room {
  readonly id: string;
  readonly title: string;
  readonly type: "direct" | "group";
  /** ISO 8601. */
  readonly lastActivity: string;
}

/** One person in one room. */
export interface Membership {
  readonly id: string;
  readonly roomId: string;
  readonly personId: string;
  readonly personEmail: string;
  readonly personDisplayName: string;
}

/** A message with everything that can be drawn of it. */
export interface Message {
  readonly id: string;
  readonly roomId: string;
  /** The message that began the thread. */
  readonly parentId: string | undefined;
  readonly personId: string;
  readonly personEmail: string;
  readonly text: string;
  /** As it was written; absent when it was sent as plain text. */
  readonly markdown: string | undefined;
  /** Not to be trusted: a bot, or a stranger, wrote it. */
  readonly html: string | undefined;
  /** Contents of Adaptive Cards. */
  readonly cards: readonly unknown[];
  readonly fileUrls: readonly string[];
  /** ISO 8601, as is `updated`. */
  readonly created: string;
  readonly updated: string | undefined;
}

const cardType = "application/vnd.microsoft.card.adaptive";

export function parseRoom(value: unknown): Room {
  const room = new JsonObject("room", value);
  return {
    id: room.string("id"),
    title: room.string("title"),
    type: room.string("type") === "direct" ? "direct" : "group",
    lastActivity: room.string("lastActivity"),
  };
}

export function parseMembership(value: unknown): Membership {
  const membership = new JsonObject("membership", value);
  return {
    id: membership.string("id"),
    roomId: membership.string("roomId"),
    personId: membership.string("personId"),
    personEmail: membership.string("personEmail"),
    personDisplayName: membership.string("personDisplayName"),
  };
}

export function parseMessage(value: unknown): Message {
  const message = new JsonObject("message", value);
  const attachments = message.list("attachments", (item) => new JsonObject("attachment", item));
  return {
    id: message.string("id"),
    roomId: message.string("roomId"),
    parentId: message.optionalString("parentId"),
    personId: message.string("personId"),
    personEmail: message.string("personEmail"),
    text: message.optionalString("text") ?? "",
    markdown: message.optionalString("markdown"),
    html: message.optionalString("html"),
    cards: attachments
      .filter((attachment) => attachment.optionalString("contentType") === cardType)
      .map((attachment) => attachment.get("content")),
    fileUrls: message.list("files", String),
    created: message.string("created"),
    updated: message.optionalString("updated"),
  };
}
