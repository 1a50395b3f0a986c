import type { ChatMessage } from "../message";
import type { Session } from "../wire";
import { toTyped } from "./mention-markup";
import type { Message } from "./wire";

/** A message as this person sees it. */
export function toChatMessage(message: Message, myId: string, { bot, people }: Session): ChatMessage {
  const { id, parentId, personId, personEmail, text, html, cards, created, updated } = message;
  const known = [bot, ...people].find((person) => person.id === personId);
  const isMe = personId === myId;
  // Webex edits one's own messages, and neither cards nor files.
  const isEditable = isMe && cards.length === 0 && message.fileUrls.length === 0;
  return {
    ...{ id, kind: "said", parentId, text, html, cards, created, updated },
    author: {
      id: personId,
      name: known?.displayName ?? personEmail,
      isBot: personId === bot.id || personEmail.endsWith("@webex.bot"),
      isMe,
    },
    files: message.fileUrls.map((url) => ({ url })),
    typed: isEditable ? toTyped(message.markdown ?? text) : undefined,
    canRemove: isMe,
  };
}
