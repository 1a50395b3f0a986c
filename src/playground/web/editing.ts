import { toTyped } from "./mentions";
import type { ComposerMode } from "./state";
import type { Message } from "./wire";

/** Begins to edit a message, as it was typed. */
export function toEdit(message: Message): ComposerMode {
  return { kind: "edit", message, typed: toTyped(message.markdown ?? message.text) };
}

/** Webex edits one's own messages, and neither cards nor files. */
export function isEditable(message: Message, personId: string | undefined): boolean {
  return message.personId === personId && message.cards.length === 0 && message.fileUrls.length === 0;
}
