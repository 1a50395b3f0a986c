import { UnsupportedError } from "../../core/errors";
import type { Target } from "../../core/event";
import type { JsonObject } from "../../core/notice";
import type { Addressee, Outgoing, SentMessage } from "../../core/platform";

/** Body of `POST /messages`. @see https://developer.webex.com/docs/api/v1/messages/create-a-message */
export function toMessageBody(target: Target | Addressee, message: Outgoing): JsonObject {
  const body: Record<string, JsonObject[string]> = { ...toDestination(target) };
  const { card } = message;
  if (message.markdown !== undefined) body.markdown = message.markdown;
  if (message.text !== undefined) body.text = message.text;
  if (card !== undefined) {
    // Webex refuses a card that comes without words for those who do not see it.
    if (message.markdown === undefined && message.text === undefined) body.text = card.fallbackText;
    body.attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content: card.content }];
  }
  return body;
}

/**
 * Body of `PUT /messages/{id}`.
 * @throws UnsupportedError for a card
 * @see https://developer.webex.com/docs/api/v1/messages/edit-a-message
 */
export function toEditBody(sent: SentMessage, message: Outgoing): JsonObject {
  if (message.card !== undefined)
    throw new UnsupportedError("webex", "change a card", "post it anew and delete the old one");
  // It takes one of them, and shows the Markdown when both were posted.
  return message.markdown === undefined
    ? { roomId: sent.roomId, text: message.text }
    : { roomId: sent.roomId, markdown: message.markdown };
}

function toDestination(target: Target | Addressee): JsonObject {
  if ("roomId" in target)
    return target.threadId === undefined
      ? { roomId: target.roomId }
      : { roomId: target.roomId, parentId: target.threadId };
  return "personId" in target ? { toPersonId: target.personId } : { toPersonEmail: target.email };
}
