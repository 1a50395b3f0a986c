import { isSameCard } from "../../core/cards/same-card";
import { ApiError } from "../../core/contract/errors";
import type { Target } from "../../core/contract/event";
import type { JsonObject } from "../../core/contract/notice";
import type { OutgoingMessage, Recipient, SentMessage } from "../../core/contract/platform";
import { markdownToText } from "../../text/markdown-to-text";
import { fileNameOf, fileSizeOf } from "../api/outgoing-file";
import { isSameText } from "../api/same-text";
import { isObject } from "../api/wire";
import type { WebexClient } from "./client";
import { isSameId } from "./ids";
import { toMessageBody } from "./render";
import type { NewWebexMessage, WebexMessage } from "./resources/messages";

/** Messages looked at, newest first: a room may be busy. */
const MOST_LOOKED_AT = 200;

interface FindParts {
  readonly client: WebexClient;
  readonly ownId: string;
}

/**
 * Looks for the bot's own messages that are this answer. In a group room Webex lets a bot list only what mentions
 * it, and refuses the rest.
 * @returns oldest first; `undefined` where the bot may not look
 */
export async function findSent(
  target: Target | Recipient,
  message: OutgoingMessage,
  since: number,
  { client, ownId }: FindParts,
  signal: AbortSignal,
): Promise<readonly SentMessage[] | undefined> {
  const wanted = toWanted(target, message);
  const found: WebexMessage[] = [];
  let lookedAt = 0;
  try {
    for await (const one of messagesAt(target, client, signal)) {
      if (isOlder(one, since) || ++lookedAt > MOST_LOOKED_AT) break;
      if (isSameId(one.personId, ownId) && (await isThisAnswer(one, wanted, client, signal))) found.push(one);
    }
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    // Nobody has written to this person yet, or the room is gone.
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
  const inPlace = await inThread(found, target, client, signal);
  return inPlace.map(({ id, roomId, parentId }) => ({ id, roomId, threadId: parentId })).reverse();
}

/** Whether a message that was posted is this answer. `true` when Webex does not let the bot read it. */
export async function isAnswer(
  { id }: SentMessage,
  target: Target | Recipient,
  message: OutgoingMessage,
  client: WebexClient,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const one = await client.messages.get(id, { signal });
    return await isThisAnswer(one, toWanted(target, message), client, signal);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return true;
    throw error;
  }
}

/** The message that is looked for. */
interface Wanted {
  readonly body: NewWebexMessage;
  readonly file: OutgoingMessage["file"];
  /** Its Markdown as text without marks: read once, however many messages are compared with it. */
  readonly words: () => Promise<string>;
}

function toWanted(target: Target | Recipient, message: OutgoingMessage): Wanted {
  const body = toMessageBody(target, message);
  let words: Promise<string> | undefined;
  return {
    body,
    file: message.file,
    words: () => {
      words ??= markdownToText((body.markdown ?? "").replace(LINK, "$1")).then(withoutMarks);
      return words;
    },
  };
}

/** Whether a message of the bot says and shows what was to be sent, wherever it stands. */
async function isThisAnswer(
  one: WebexMessage,
  wanted: Wanted,
  client: WebexClient,
  signal: AbortSignal,
): Promise<boolean> {
  return (
    (await hasSameWords(one, wanted)) &&
    hasSameCard(one, wanted.body) &&
    (await hasSameFile(one, wanted.file, client, signal))
  );
}

function messagesAt(
  target: Target | Recipient,
  { messages }: WebexClient,
  signal: AbortSignal,
): AsyncIterable<WebexMessage> {
  if ("roomId" in target) return messages.list({ roomId: target.roomId }, { signal });
  return messages.listDirect(
    "personId" in target ? { personId: target.personId } : { personEmail: target.email },
    { signal },
  );
}

function isOlder({ created }: WebexMessage, since: number): boolean {
  const at = created === undefined ? Number.NaN : Date.parse(created);
  return at < since;
}

/**
 * Those in the thread that was asked for. A message that its thread did not take was posted outside it: that is where it
 * may be when the root of the thread is gone.
 */
async function inThread(
  found: readonly WebexMessage[],
  target: Target | Recipient,
  { messages }: WebexClient,
  signal: AbortSignal,
): Promise<readonly WebexMessage[]> {
  const threadId = "threadId" in target ? target.threadId : undefined;
  const outside = found.filter(({ parentId }) => parentId === undefined);
  if (threadId === undefined) return outside;
  const inside = found.filter(({ parentId }) => parentId !== undefined && isSameId(parentId, threadId));
  if (inside.length > 0 || outside.length === 0) return inside;
  try {
    await messages.get(threadId, { signal });
    return [];
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return outside;
    throw error;
  }
}

async function hasSameWords(
  one: WebexMessage,
  { body: { markdown, text }, words }: Wanted,
): Promise<boolean> {
  if (markdown === undefined) return isSameText(one.text ?? "", text ?? "");
  if (one.markdown !== undefined) return isSameText(one.markdown, markdown);
  // What was written as Markdown may come back as plain text alone.
  return withoutMarks(one.text ?? "") === (await words());
}

const LINK = /\[([^\][]*)\]\([^()]*\)/g;

/** What is left of a text when all is removed that Markdown may have been drawn with. Signs before numbers stay. */
function withoutMarks(text: string): string {
  return text
    .normalize("NFC")
    .replace(/^[ \t]{0,16}(?:[-+*\u2022]|\d{1,9}[.)])[ \t]{1,16}/gm, "")
    .replace(/[\s*_~`#>\\|]/g, "");
}

function hasSameCard({ attachments: [shown] }: WebexMessage, { attachments }: NewWebexMessage): boolean {
  const [wanted] = attachments ?? [];
  if (shown === undefined || wanted === undefined) return shown === undefined && wanted === undefined;
  return isSameCard(contentOf(shown), wanted.content);
}

function contentOf({ content }: JsonObject): JsonObject {
  return isObject(content) ? content : {};
}

async function hasSameFile(
  one: WebexMessage,
  file: OutgoingMessage["file"],
  { files }: WebexClient,
  signal: AbortSignal,
): Promise<boolean> {
  const [url] = one.files;
  if (file === undefined || url === undefined) return (file === undefined) === (url === undefined);
  const { name, size } = await files.info(url, { allowUnscannable: true, signal });
  if (name !== undefined && name !== fileNameOf(file)) return false;
  const wanted = await fileSizeOf(file);
  return size === undefined || wanted === undefined || size === wanted;
}
