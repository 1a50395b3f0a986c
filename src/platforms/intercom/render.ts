import { UnsupportedError } from "../../core/contract/errors";
import type { UploadFile } from "../../core/contract/files";
import type { OutgoingMessage } from "../../core/contract/platform";
import { markdownToText } from "../../text/markdown-to-text";
import { readWhole } from "../api/file-bytes";
import type { IntercomAttachment, IntercomReply } from "./client";
import { toBody } from "./text";

/** What is said for a message. */
export async function toReply(message: OutgoingMessage): Promise<IntercomReply> {
  const body = toBody(await wordsOf(message));
  const { file } = message;
  if (file === undefined) return { messageType: "comment", body };
  if ("url" in file) return { messageType: "comment", body, attachmentUrls: [file.url] };
  return { messageType: "comment", body, attachmentFiles: [await toAttachment(file)] };
}

/** A message as text: Intercom draws no Markdown, and no cards. */
export async function wordsOf({ text, markdown, card }: OutgoingMessage): Promise<string> {
  const words = text ?? (markdown === undefined ? undefined : await markdownToText(markdown));
  return [words, card?.fallbackText].filter((part) => part !== undefined && part !== "").join("\n\n");
}

/** Files go within the JSON: they are read as a whole. */
const MAX_BYTES = 20 * 1_048_576;

async function toAttachment(file: UploadFile): Promise<IntercomAttachment> {
  const { bytes, name, type } = await readWhole(file);
  if (bytes.length > MAX_BYTES)
    throw new UnsupportedError(
      "intercom",
      `take a file of ${bytes.length} bytes`,
      `send a link to it; ${MAX_BYTES} are taken`,
    );
  return { contentType: type, name, data: bytes.toString("base64") };
}
