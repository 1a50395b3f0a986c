import { toOutgoingFile } from "../contract/files";
import type { Capabilities, OutgoingMessage } from "../contract/platform";
import type { CheckedReply } from "./reply-content";
import { splitText } from "./split-text";

/**
 * One message, or several: when the text is longer than the platform takes, and because a message takes one card or one
 * file. The card, or else the first file, goes with the last of the text; where cards become text, the card by itself.
 */
export function toMessages(
  { files, card: given, ...words }: CheckedReply,
  { maxBytes, cards }: Pick<Capabilities, "maxBytes" | "cards">,
): [OutgoingMessage, ...OutgoingMessage[]] {
  const kind = words.markdown === undefined ? "text" : "markdown";
  const parts = splitText(words[kind] ?? "", maxBytes);
  const isApart = !cards && given !== undefined && parts.some((part) => part !== "");
  const card = isApart ? undefined : given;
  const outgoing: OutgoingMessage = card === undefined ? words : { ...words, card };
  const texts: OutgoingMessage[] =
    parts.length > 1
      ? parts.map((part, index) => ({ [kind]: part, ...(card && index === parts.length - 1 && { card }) }))
      : [outgoing];
  const uploads: OutgoingMessage[] = files.map((file) => ({ file: toOutgoingFile(file) }));
  const last = texts.at(-1);
  // A card takes the place that a file would have.
  if (last !== undefined && card === undefined && uploads[0] !== undefined) {
    texts.pop();
    uploads[0] = { ...last, ...uploads[0] };
  }
  const apart: OutgoingMessage[] = isApart ? [{ card: given }] : [];
  const [first = outgoing, ...rest] = [...texts, ...uploads, ...apart];
  return [first, ...rest];
}
