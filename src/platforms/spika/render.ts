import { UnsupportedError } from "../../core/contract/errors";
import type { Target } from "../../core/contract/event";
import type { OutgoingMessage, Recipient } from "../../core/contract/platform";
import { markdownToText } from "../../text/markdown-to-text";
import { readWhole } from "../api/file-bytes";
import type { SpikaFiles } from "./resources/files";
import type { NewSpikaMessage } from "./resources/messages";

/**
 * What is posted for a message: Spika shows text as it is. A file is uploaded first; one that is elsewhere is a link.
 * @throws UnsupportedError for somebody outside the room; ApiError, NetworkError when the upload fails
 */
export async function toSpikaMessage(
  target: Target | Recipient,
  message: OutgoingMessage,
  files: SpikaFiles,
  signal: AbortSignal,
): Promise<NewSpikaMessage> {
  if (!("roomId" in target))
    throw new UnsupportedError(
      "spika",
      "write to one person outside the room",
      "a room's API key posts in its room only",
    );
  const roomId = Number(target.roomId);
  const replyId = target.threadId === undefined ? undefined : Number(target.threadId);
  const { file } = message;
  const text = await textOf(message);
  if (file === undefined) return { roomId, type: "text", body: { text }, replyId };
  if ("url" in file) {
    const linked = text === "" ? file.url : `${text}\n\n${file.url}`;
    return { roomId, type: "text", body: { text: linked }, replyId };
  }
  const { bytes, name, type } = await readWhole(file);
  const { id: fileId } = await files.upload({ data: bytes, name, type }, { signal });
  // What quotes something has to say something.
  if (text === "") return { roomId, type: kindOf(type), body: { fileId } };
  return { roomId, type: kindOf(type), body: { fileId, text }, replyId };
}

function kindOf(mediaType: string): NewSpikaMessage["type"] {
  const [kind] = mediaType.split("/");
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}

async function textOf({ text, markdown, card }: OutgoingMessage): Promise<string> {
  const words = text ?? (markdown === undefined ? undefined : await markdownToText(markdown));
  return [words, card?.fallbackText].filter((part) => part !== undefined && part !== "").join("\n\n");
}
