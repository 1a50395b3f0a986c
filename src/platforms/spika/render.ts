import { UnsupportedError } from "../../core/errors";
import type { Target } from "../../core/event";
import { plainText } from "../../core/plain-text";
import type { Addressee, Outgoing } from "../../core/platform";
import type { NewSpikaMessage } from "./resources/messages";

/** What is posted for a message: Spika shows text as it is. */
export function toSpikaMessage(target: Target | Addressee, message: Outgoing): NewSpikaMessage {
  if (!("roomId" in target))
    throw new UnsupportedError(
      "spika",
      "write to one person outside the room",
      "a room's API key posts in its room only",
    );
  const replyId = target.threadId === undefined ? undefined : Number(target.threadId);
  return { roomId: Number(target.roomId), type: "text", body: { text: textOf(message) }, replyId };
}

function textOf({ text, markdown, card }: Outgoing): string {
  const words = text ?? (markdown === undefined ? undefined : plainText(markdown));
  return [words, card?.fallbackText].filter((part) => part !== undefined && part !== "").join("\n\n");
}
