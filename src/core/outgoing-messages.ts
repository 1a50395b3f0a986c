import type { Reply, ReplyContent } from "./context";
import { toOutgoingFile } from "./files";
import type { Capabilities, Card, Outgoing } from "./platform";
import { splitText } from "./split-text";

function isCard(content: Card | Reply): content is Card {
  return "kind" in content && content.kind === "card";
}

function toReply(content: ReplyContent): Reply {
  if (typeof content === "string") return { markdown: content };
  return isCard(content) ? { card: content } : content;
}

/** What takes the place of one message. */
export function toOutgoing(content: ReplyContent): Omit<Outgoing, "file"> {
  const { files: _files, ...outgoing } = toReply(content);
  return outgoing;
}

/** Whether a reply brings files. */
export function hasFiles(content: ReplyContent): boolean {
  return (toReply(content).files ?? []).length > 0;
}

/**
 * One message, or several: when the text is longer than the platform takes, and because a message takes one card or one
 * file. The card, or else the first file, goes with the last of the text; where cards become text, the card by itself.
 */
export function toMessages(
  content: ReplyContent,
  { maxBytes, cards }: Pick<Capabilities, "maxBytes" | "cards">,
): [Outgoing, ...Outgoing[]] {
  const { files = [], card: given, ...words } = toReply(content);
  const kind = words.markdown === undefined ? "text" : "markdown";
  const parts = splitText(words[kind] ?? "", maxBytes);
  const isApart = !cards && given !== undefined && parts.some((part) => part !== "");
  const card = isApart ? undefined : given;
  const outgoing: Outgoing = card === undefined ? words : { ...words, card };
  const texts: Outgoing[] =
    parts.length > 1
      ? parts.map((part, index) => ({ [kind]: part, ...(card && index === parts.length - 1 && { card }) }))
      : [outgoing];
  const uploads: Outgoing[] = files.map((file) => ({ file: toOutgoingFile(file) }));
  const last = texts.at(-1);
  // A card takes the place that a file would have.
  if (last !== undefined && card === undefined && uploads[0] !== undefined) {
    texts.pop();
    uploads[0] = { ...last, ...uploads[0] };
  }
  const apart: Outgoing[] = isApart ? [{ card: given }] : [];
  const [first = outgoing, ...rest] = [...texts, ...uploads, ...apart];
  return [first, ...rest];
}
