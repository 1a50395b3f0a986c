/** What is in a conversation, in the forms that notifications and the API have had. */
import type { FileInfo } from "../../core/contract/files";
import type { JsonObject, JsonValue } from "../../core/contract/notice";
import { statedFileInfo } from "../api/file-info";
import { isObject } from "../api/wire";

/** One thing that was said in a conversation. */
export interface Said {
  /** Unique within the conversation. */
  readonly id: string;
  /** As it came: HTML, or plain text. */
  readonly body: string;
  readonly author: Author;
  readonly attachments: readonly Attachment[];
  /** Seconds since 1970. */
  readonly createdAt: number | undefined;
  /** Of a quick reply that was pressed. */
  readonly choiceId: string | undefined;
}

/** A file that comes with a part of a conversation. */
export interface Attachment {
  readonly url: string;
  readonly info: FileInfo;
}

export interface Author {
  /** `"user"`, `"lead"`, `"contact"`, `"admin"`, `"bot"`, `"team"`; others may come. */
  readonly type: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** Whether Intercom's AI agent wrote it. */
  readonly isAiAgent: boolean;
}

/** What began the conversation; `undefined` when it has no words and no files, or is not there. */
export function beginningOf(conversation: JsonObject): Said | undefined {
  const { source, conversation_message: older } = conversation;
  const first = isObject(source) ? source : older;
  return isObject(first) ? toSaid(first, "source", conversation.created_at) : undefined;
}

/** What was said since, oldest first, without what only happened. */
export function partsOf(conversation: JsonObject): readonly Said[] {
  const { conversation_parts: list } = conversation;
  const parts = isObject(list) ? list.conversation_parts : list;
  if (!Array.isArray(parts)) return [];
  return parts.flatMap((part) => (isObject(part) ? (toSaid(part, "", undefined) ?? []) : []));
}

function toSaid(from: JsonObject, fallbackId: string, fallbackTime: JsonValue | undefined): Said | undefined {
  const attachments = attachmentsOf(from.attachments);
  const choiceId = choiceOf(from.metadata);
  const body = textIn(from.body) ?? (attachments.length > 0 ? undefined : textIn(from.subject)) ?? "";
  if (body === "" && attachments.length === 0 && choiceId === undefined) return undefined;
  return {
    id: idOf(from.id) ?? fallbackId,
    body,
    author: authorOf(from.author),
    attachments,
    createdAt: secondsOf(from.created_at ?? fallbackTime),
    choiceId,
  };
}

/** The clients and the API's description do not agree on its name. */
function choiceOf(metadata: JsonValue | undefined): string | undefined {
  if (!isObject(metadata)) return undefined;
  const { quick_reply_option_uuid: one, quick_reply_uuid: other } = metadata;
  return idOf(one) ?? idOf(other);
}

function authorOf(value: JsonValue | undefined): Author {
  const author = isObject(value) ? value : {};
  return {
    type: typeof author.type === "string" ? author.type : "unknown",
    id: idOf(author.id) ?? "unknown",
    name: typeof author.name === "string" && author.name !== "" ? author.name : undefined,
    email: typeof author.email === "string" && author.email !== "" ? author.email.toLowerCase() : undefined,
    isAiAgent: author.from_ai_agent === true,
  };
}

/** Whether a contact is the author, and not a teammate, a team or a bot. */
export function isContact({ type }: Pick<Author, "type">): boolean {
  return CONTACT_TYPES.has(type);
}

const CONTACT_TYPES: ReadonlySet<string> = new Set(["user", "lead", "contact", "visitor"]);

/** Whether the author is a teammate or a bot with this id: a contact may have the same one. */
export function isAuthor({ type, id }: Pick<Author, "type" | "id">, adminId: string): boolean {
  return id === adminId && !CONTACT_TYPES.has(type) && type !== "team";
}

/**
 * Whether a teammate, a team or Intercom's own agent handles the conversation: it is assigned to them, or they have answered
 * in the parts that are there.
 * @param adminId the admin as whom the bot answers
 */
export function isHandledByOthers(conversation: JsonObject, adminId: string): boolean {
  const {
    admin_assignee_id: admin,
    team_assignee_id: team,
    assignee,
    ai_agent_participated: hasAgent,
  } = conversation;
  const older = isObject(assignee) && assignee.type !== "nobody_admin" ? assignee.id : undefined;
  const assigned = [admin, team, older].map(idOf).filter((id) => id !== undefined && id !== "0");
  if (hasAgent === true || assigned.some((id) => id !== adminId)) return true;
  return partsOf(conversation).some(({ author }) => author.type === "admin" && author.id !== adminId);
}

/** An e-mail may have a subject and nothing else. */
function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function attachmentsOf(list: JsonValue | undefined): readonly Attachment[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one) => {
    if (!isObject(one) || typeof one.url !== "string") return [];
    return [{ url: one.url, info: statedFileInfo(one.name, one.content_type, one.filesize) }];
  });
}

/** Ids are texts in some places and numbers in others. */
export function idOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string" && /^[\x21-\x7e]{1,200}$/.test(value)) return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Times are seconds in some places and ISO texts in others. */
export function secondsOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000);
}
