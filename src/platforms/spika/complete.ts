import type { BotEvent, MessageEvent } from "../../core/event";
import type { JsonObject, Notice } from "../../core/notice";
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
      fileUrls: fileUrlsOf(message.body, baseUrl),
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

function fileUrlsOf(body: JsonObject[string], baseUrl: string): readonly string[] {
  if (!isObject(body)) return [];
  const { file, fileId } = body;
  if (typeof fileId === "number") return [fileUrl(baseUrl, fileId)];
  // Servers of 2022 gave an address in the place of an id.
  const path = isObject(file) ? file.path : undefined;
  return typeof path === "string" && path.startsWith(`${baseUrl}/`) ? [path] : [];
}
