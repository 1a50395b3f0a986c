import { basename } from "node:path";
import { ApiError } from "../../core/errors";
import type { Target } from "../../core/event";
import type { OutgoingFile } from "../../core/files";
import type { Addressee, Outgoing, SentMessage } from "../../core/platform";
import type { WebexClient } from "./client";
import { isSameId } from "./ids";
import { toMessageBody } from "./render";
import type { NewWebexMessage, WebexMessage } from "./resources/messages";

/** Messages looked at, newest first: a room may be busy. */
const MOST_LOOKED_AT = 200;

/**
 * Looks for the bot's own messages that look like this one. In a group room Webex lets a bot list only what mentions
 * it, and refuses the rest.
 * @returns oldest first; `undefined` where the bot may not look
 */
export async function findSent(
  target: Target | Addressee,
  message: Outgoing,
  since: number,
  parts: { readonly client: WebexClient; readonly ownId: string },
  signal: AbortSignal,
): Promise<readonly SentMessage[] | undefined> {
  const wanted = toMessageBody(target, message);
  const found: SentMessage[] = [];
  let lookedAt = 0;
  try {
    for await (const one of messagesAt(target, parts.client, signal)) {
      if (isOlder(one, since) || ++lookedAt > MOST_LOOKED_AT) break;
      if (!isSameId(one.personId, parts.ownId) || !looksLike(one, wanted)) continue;
      if (await hasFile(one, message.file, parts.client, signal))
        found.push({ id: one.id, roomId: one.roomId, threadId: one.parentId });
    }
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    // Nobody has written to this person yet, or the room is gone.
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
  return found.reverse();
}

function messagesAt(
  target: Target | Addressee,
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

function looksLike(one: WebexMessage, wanted: NewWebexMessage): boolean {
  if (one.attachments.length > 0 !== (wanted.attachments !== undefined)) return false;
  if (one.files.length > 0 !== (wanted.files !== undefined)) return false;
  const { markdown, text } = wanted;
  // What was written as Markdown may come back as plain text alone.
  if (markdown !== undefined) return reads(one.markdown ?? one.text, markdown);
  return reads(one.text, text);
}

/** Whether the file of a message is called as the one that was sent; nobody compares bytes. */
async function hasFile(
  one: WebexMessage,
  file: OutgoingFile | undefined,
  { files }: WebexClient,
  signal: AbortSignal,
): Promise<boolean> {
  const [url] = one.files;
  if (file === undefined || url === undefined) return true;
  const { name } = await files.info(url, { allowUnscannable: true, signal });
  return name === undefined || name === nameOf(file);
}

function nameOf(file: OutgoingFile): string {
  if ("url" in file) return decodeURIComponent(basename(new URL(file.url).pathname));
  return file.name ?? ("path" in file ? basename(file.path) : "");
}

/** Whether two texts have the same letters and digits: Webex trims, and writes marks in its own way. */
function reads(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  const letters = lettersOf(one);
  return letters !== "" && letters === lettersOf(other);
}

function lettersOf(text = ""): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}
