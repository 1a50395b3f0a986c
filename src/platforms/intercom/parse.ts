import { createHash } from "node:crypto";
import { MalformedDeliveryError } from "../../core/contract/errors";
import {
  createNotice,
  type JsonObject,
  type Notice,
  type NoticeParts,
  type Person,
} from "../../core/contract/notice";
import { readEnvelope } from "../api/envelope";
import { isObject } from "../api/wire";
import { type Author, beginningOf, idOf, isContact, partsOf, type Said } from "./item";

/** Which account notices are of. */
export interface NoticeSource {
  readonly name: string;
  readonly account: string;
  /** The workspace; notifications of others are refused. */
  readonly appId: string | undefined;
}

/** What people who are helped write; everything else keeps its own name. */
const MESSAGES: Readonly<Record<string, "beginning" | "newest part">> = {
  "conversation.user.created": "beginning",
  "conversation.user.replied": "newest part",
};

/**
 * Reads what a notification says happened. What somebody wrote is known by the conversation and its part, so that it is the
 * same however often, and in whichever way, it comes; everything else by the notification's id.
 * @throws MalformedDeliveryError
 */
export function parseNotice(body: Buffer, source: NoticeSource): Notice {
  const envelope = readEnvelope("intercom", body);
  const { topic, data, app_id: appId } = envelope;
  if (typeof topic !== "string" || !/^[\w.-]{1,100}$/.test(topic)) throw malformed('"topic" is missing');
  if (source.appId !== undefined && appId !== source.appId)
    throw malformed("it is of another workspace than the one that is configured");
  const inner = isObject(data) ? data.item : undefined;
  const item = isObject(inner) ? inner : {};
  const alias = `intercom:${topic}`;
  const conversationId = topic.startsWith("conversation")
    ? (idOf(item.id) ?? idOf(item.conversation_id))
    : undefined;
  const kind = MESSAGES[topic];
  if (kind === undefined || conversationId === undefined)
    return createNotice(source, { ...otherParts(envelope, item, topic, conversationId), name: alias });
  const said =
    kind === "beginning" ? beginningOf(item) : partsOf(item).findLast(({ author }) => isContact(author));
  return createNotice(source, {
    ...messageParts(
      conversationId,
      kind === "beginning" ? "source" : (said?.id ?? otherKey(envelope, topic, item)),
      said?.author,
    ),
    alias,
    // Of a conversation only its newest parts are sent; the rest is read when it is needed.
    data: { topic, item },
  });
}

/** When what a notice reports was said, in milliseconds since 1970; Intercom counts in seconds. */
export function happenedAt({ data: { topic, item } }: Notice): number | undefined {
  if (!isObject(item)) return undefined;
  const kind = MESSAGES[String(topic)];
  const said =
    kind === "newest part" ? partsOf(item).findLast(({ author }) => isContact(author)) : beginningOf(item);
  return said?.createdAt === undefined ? undefined : said.createdAt * 1_000;
}

/** The same for what was found by asking. */
export function toMessageNotice(
  conversation: JsonObject,
  said: Said,
  source: NoticeSource,
  kind: "beginning" | "newest part",
): Notice {
  const conversationId = idOf(conversation.id) ?? "";
  const topic = kind === "beginning" ? "conversation.user.created" : "conversation.user.replied";
  const { source: first, ...rest } = conversation;
  const item: JsonObject =
    kind === "beginning"
      ? { ...rest, source: first, conversation_parts: { conversation_parts: [] } }
      : { ...rest, conversation_parts: { conversation_parts: [onlyPart(conversation, said.id)] } };
  return createNotice(source, {
    ...messageParts(conversationId, kind === "beginning" ? "source" : said.id, said.author),
    alias: `intercom:${topic}`,
    data: { topic, item },
  });
}

function onlyPart(conversation: JsonObject, id: string): JsonObject {
  const { conversation_parts: list } = conversation;
  const parts = isObject(list) ? list.conversation_parts : list;
  const found = Array.isArray(parts)
    ? parts.find((part) => isObject(part) && idOf(part.id) === id)
    : undefined;
  return isObject(found) ? found : {};
}

function messageParts(
  conversationId: string,
  partId: string,
  author: Author | undefined,
): Omit<NoticeParts, "data"> {
  return {
    name: "messages.created",
    key: `conversation|${conversationId}|${partId}`,
    conversation: conversationId,
    person: author && toPerson(author),
    room: { id: conversationId, kind: "direct" },
  };
}

function otherParts(
  envelope: JsonObject,
  item: JsonObject,
  topic: string,
  conversationId: string | undefined,
): Omit<NoticeParts, "name"> {
  const author = partsOf(item).at(-1)?.author;
  return {
    key: otherKey(envelope, topic, item),
    conversation: conversationId ?? `${topic}|${idOf(item.id) ?? ""}`,
    person: author && toPerson(author),
    room: conversationId === undefined ? undefined : { id: conversationId, kind: "direct" },
    data: { topic, item },
  };
}

/** Pings have no id, and others have been seen without one. */
function otherKey({ id, created_at: createdAt }: JsonObject, topic: string, item: JsonObject): string {
  const known = idOf(id);
  if (known !== undefined) return `notification|${known}`;
  const digest = createHash("sha256").update(JSON.stringify(item)).digest("base64url").slice(0, 22);
  return `${topic}|${idOf(item.id) ?? ""}|${String(createdAt ?? "")}|${digest}`;
}

/** The person, teammate, team or bot that an author is. */
export function toPerson(author: Author): Person {
  const { id, type, name, email } = author;
  return { id, type, displayName: name, email, isBot: isBotOf(author) };
}

/** A teammate's name may be that of a program; of a contact Intercom knows that it is a person. */
function isBotOf(author: Author): boolean | undefined {
  if (author.type === "bot" || author.isAiAgent) return true;
  return isContact(author) ? false : undefined;
}

function malformed(reason: string): MalformedDeliveryError {
  return new MalformedDeliveryError("intercom", reason);
}
