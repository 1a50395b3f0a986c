import type { BotEvent, Message, MessageEvent } from "../../core/contract/event";
import type { JsonObject, JsonValue, Notice } from "../../core/contract/notice";
import { statedFileInfo } from "../api/file-info";
import { isObject } from "../api/wire";
import { withoutMention } from "./mention";
import { fileUrl } from "./resources/files";

/**
 * Makes an event of a notice, which has it all.
 * @param baseUrl where files are
 * @param ownName the bot's display name
 */
export function completeEvent(notice: Notice, baseUrl: string, ownName: string): BotEvent {
  const { message } = notice.data;
  const { person, room } = notice;
  if (!isObject(message) || person === undefined || room === undefined || notice.name !== "messages.created")
    return {
      kind: "other",
      notice,
      person,
      room,
      target: room === undefined ? undefined : { roomId: room.id },
      resource: isObject(message) ? message : notice.data,
    };
  const id = String(message.id);
  const { text, isMentioned } = withoutMention(textOf(message.body), ownName);
  const event: MessageEvent = {
    kind: "message",
    notice,
    person,
    room,
    // Where several people write, an answer quotes what it answers.
    target: room.kind === "direct" ? { roomId: room.id } : { roomId: room.id, threadId: id },
    message: {
      id,
      text,
      ...filesOf(message.body, baseUrl),
      mentions: [],
      isAddressed: room.kind === "direct" || isMentioned,
      threadId: typeof message.replyId === "number" ? String(message.replyId) : undefined,
      createdAt: typeof message.createdAt === "number" ? new Date(message.createdAt) : undefined,
    },
    resource: message,
  };
  return event;
}

/** Pictures have captions. */
function textOf(body: JsonObject[string]): string {
  return isObject(body) && typeof body.text === "string" ? body.text.trim() : "";
}

/** A message has one file; its thumbnail is not another one. */
function filesOf(body: JsonObject[string], baseUrl: string): Pick<Message, "fileUrls" | "fileInfos"> {
  if (!isObject(body)) return { fileUrls: [] };
  const file = isObject(body.file) ? body.file : {};
  const url = addressOf(body.fileId ?? file.id, file.path, baseUrl);
  if (url === undefined) return { fileUrls: [] };
  return { fileUrls: [url], fileInfos: [statedFileInfo(file.fileName, file.mimeType, file.size)] };
}

/** Servers of 2022 gave an address in the place of an id. */
function addressOf(
  id: JsonValue | undefined,
  path: JsonValue | undefined,
  baseUrl: string,
): string | undefined {
  if (typeof id === "number") return fileUrl(baseUrl, id);
  if (typeof path !== "string") return undefined;
  if (path.startsWith("/")) return baseUrl + path;
  return path.startsWith(`${baseUrl}/`) ? path : undefined;
}
