import type { ReplyContent } from "./context";
import type { Card, Outgoing } from "./platform";
import { splitText } from "./split-text";

function isCard(content: Card | Outgoing): content is Card {
  return "kind" in content && content.kind === "card";
}

/** A reply as one message. */
export function toOutgoing(content: ReplyContent): Outgoing {
  if (typeof content === "string") return { markdown: content };
  return isCard(content) ? { card: content } : content;
}

/** One message, or several when the text is longer than the platform takes; a card goes with the last. */
export function toMessages(content: ReplyContent, maxBytes: number): [Outgoing, ...Outgoing[]] {
  const outgoing = toOutgoing(content);
  const kind = outgoing.markdown === undefined ? "text" : "markdown";
  const [first, ...rest] = splitText(outgoing[kind] ?? "", maxBytes);
  if (first === undefined || rest.length === 0) return [outgoing];
  const { card } = outgoing;
  const messages = rest.map((part, index) =>
    card !== undefined && index === rest.length - 1 ? { [kind]: part, card } : { [kind]: part },
  );
  return [{ [kind]: first }, ...messages];
}
