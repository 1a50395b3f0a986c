import { UnsupportedError } from "../../core/contract/errors";
import type { Target } from "../../core/contract/event";
import type { OutgoingMessage, Recipient, SentMessage } from "../../core/contract/platform";
import { type NewWebexMessage, toAttachment, type WebexMessageEdit } from "./resources/messages";

/** Body of `POST /messages`. @see https://developer.webex.com/docs/api/v1/messages/create-a-message */
export function toMessageBody(target: Target | Recipient, message: OutgoingMessage): NewWebexMessage {
  const { text, markdown, card, file } = message;
  const words = { ...(markdown !== undefined && { markdown }), ...(text !== undefined && { text }) };
  if (card === undefined)
    return {
      ...toDestination(target),
      ...words,
      ...(file !== undefined && { files: ["url" in file ? file.url : file] as const }),
    };
  return {
    ...toDestination(target),
    // Webex refuses a card that comes without words for those who do not see it.
    ...(markdown === undefined && text === undefined ? { text: card.fallbackText } : words),
    attachments: [toAttachment(card.content)],
  };
}

/**
 * Body of `PUT /messages/{id}`.
 * @throws UnsupportedError for a card
 * @see https://developer.webex.com/docs/api/v1/messages/edit-a-message
 */
export function toEditBody(sent: SentMessage, message: OutgoingMessage): WebexMessageEdit {
  if (message.card !== undefined)
    throw new UnsupportedError("webex", "change a card", "post it anew and delete the old one");
  // It takes one of them, and shows the Markdown when both were posted.
  return message.markdown === undefined
    ? { roomId: sent.roomId, text: message.text }
    : { roomId: sent.roomId, markdown: message.markdown };
}

function toDestination(target: Target | Recipient): NewWebexMessage {
  if ("roomId" in target)
    return target.threadId === undefined
      ? { roomId: target.roomId }
      : { roomId: target.roomId, parentId: target.threadId };
  return "personId" in target ? { toPersonId: target.personId } : { toPersonEmail: target.email };
}
