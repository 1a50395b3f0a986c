import type { Target } from "../../core/contract/event";
import type { OutgoingMessage, Recipient, SentMessage } from "../../core/contract/platform";
import { fileNameOf, fileSizeOf } from "../api/outgoing-file";
import { isSameText } from "../api/same-text";
import type { IntercomClient } from "./client";
import { isAuthor, partsOf, type Said } from "./item";
import { wordsOf } from "./render";
import { toText } from "./text";

/**
 * Looks for the bot's own parts of a conversation that are this answer.
 * @returns oldest first; `undefined` where there is no conversation to look at
 */
export async function findSent(
  target: Target | Recipient,
  message: OutgoingMessage,
  since: number,
  { client, adminId }: { readonly client: IntercomClient; readonly adminId: string },
  signal: AbortSignal,
): Promise<readonly SentMessage[] | undefined> {
  if (!("roomId" in target)) return undefined;
  const { raw } = await client.conversations.get(target.roomId, { signal });
  const { file } = message;
  const wanted: Wanted = {
    words: await wordsOf(message),
    name: file && fileNameOf(file),
    size: file && (await fileSizeOf(file)),
  };
  // Intercom counts in seconds.
  const from = Math.floor(since / 1_000);
  return partsOf(raw)
    .filter(({ author, createdAt = 0 }) => isAuthor(author, adminId) && createdAt >= from)
    .filter((part) => isThisAnswer(part, wanted))
    .map(({ id }): SentMessage => ({ id, roomId: target.roomId }));
}

interface Wanted {
  readonly words: string;
  /** Absent: there is no file. */
  readonly name: string | undefined;
  /** In bytes; absent where it is not known. */
  readonly size: number | undefined;
}

function isThisAnswer({ body, attachments }: Said, { words, name, size }: Wanted): boolean {
  if (!isSameText(toText(body), words)) return false;
  const [file] = attachments;
  if (name === undefined || file === undefined) return (name === undefined) === (file === undefined);
  const { info } = file;
  const isSameName = info.name === undefined || info.name === name;
  return isSameName && (info.size === undefined || size === undefined || info.size === size);
}
