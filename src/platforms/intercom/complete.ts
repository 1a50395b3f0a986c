import { ApiError, ContentGoneError } from "../../core/contract/errors";
import type { BotEvent, MessageEvent } from "../../core/contract/event";
import type { JsonObject, Notice } from "../../core/contract/notice";
import { isObject } from "../api/wire";
import { isKeptByIntercom } from "./attachments";
import type { IntercomClient } from "./client";
import { beginningOf, isContact, isHandledByOthers, partsOf, type Said } from "./item";
import { toPerson } from "./parse";
import { readBody } from "./text";

export interface CompleteParts {
  readonly client: IntercomClient;
  /** Of the API. */
  readonly baseUrl: string;
  /** Id of the admin that the bot answers as. */
  readonly adminId: string;
}

/**
 * Completes a notice: most bring the words; where they do not, the conversation is asked for.
 * @param adminId the admin as whom the bot answers
 * @throws ContentGoneError, ApiError, NetworkError
 */
export async function completeEvent(
  notice: Notice,
  { client, baseUrl, adminId }: CompleteParts,
  signal: AbortSignal,
): Promise<BotEvent> {
  const { room } = notice;
  const item = isObject(notice.data.item) ? notice.data.item : {};
  if (notice.name !== "messages.created" || room === undefined)
    return {
      kind: "other",
      notice,
      person: notice.person,
      room,
      target: room === undefined ? undefined : { roomId: room.id },
      resource: item,
    };
  const said = find(notice, item) ?? find(notice, await read(room.id, client, signal));
  if (said === undefined) throw new ContentGoneError(`intercom GET /conversations/${room.id}`, undefined);
  const { text, images } = readBody(said.body, (url) => isKeptByIntercom(url, baseUrl));
  const files = [...said.attachments, ...images];
  const event: MessageEvent = {
    kind: "message",
    notice,
    person: toPerson(said.author),
    room,
    target: { roomId: room.id },
    message: {
      id: said.id,
      text,
      html: said.body.startsWith("<") ? said.body : undefined,
      fileUrls: files.map(({ url }) => url),
      fileInfos: files.map(({ info }) => info),
      mentions: [],
      isAddressed: !isHandledByOthers(item, adminId),
      choiceId: said.choiceId,
      createdAt: said.createdAt === undefined ? undefined : new Date(said.createdAt * 1_000),
    },
    resource: item,
  };
  return event;
}

function find({ key, alias }: Notice, conversation: JsonObject): Said | undefined {
  if (alias === "intercom:conversation.user.created") return beginningOf(conversation);
  const parts = partsOf(conversation).filter(({ author }) => isContact(author));
  const partId = key.slice(key.lastIndexOf("|") + 1);
  return parts.find(({ id }) => id === partId) ?? (key.includes("|notification|") ? parts.at(-1) : undefined);
}

async function read(id: string, client: IntercomClient, signal: AbortSignal): Promise<JsonObject> {
  try {
    return (await client.conversations.get(id, { signal })).raw;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 410))
      throw new ContentGoneError(error.call, error);
    throw error;
  }
}
