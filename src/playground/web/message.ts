/** Who wrote a message. */
export interface Author {
  readonly id: string;
  /** As the message tells it; the members of the conversation may know better. */
  readonly name: string;
  readonly isBot: boolean;
  readonly isMe: boolean;
}

/** A file of a message. */
export interface ChatFile {
  /** Not to be trusted, as is the name. */
  readonly url: string;
  /** Absent when only the file itself tells. */
  readonly name?: string;
  readonly type?: string;
  /** Kept by somebody else than the playground, so that this page may not read it. */
  readonly isElsewhere?: boolean;
}

/** An answer that is offered as a button. */
export interface Choice {
  readonly id: string;
  readonly text: string;
}

/** A message with everything that can be drawn of it, on whichever platform it was written. */
export interface ChatMessage {
  readonly id: string;
  /** `done`: somebody did something, which `text` says. */
  readonly kind: "said" | "done";
  /** The message that began the thread. */
  readonly parentId?: string | undefined;
  readonly author: Author;
  readonly text: string;
  /** Not to be trusted: a bot, or a stranger, wrote it. */
  readonly html?: string | undefined;
  /** Who is not meant to see it: `"internal note"`. */
  readonly label?: string;
  /** What it answers, in short. */
  readonly quote?: { readonly author: string; readonly text: string } | undefined;
  /** Contents of Adaptive Cards. */
  readonly cards?: readonly unknown[];
  readonly files?: readonly ChatFile[];
  readonly choices?: readonly Choice[];
  /** The choice, of an earlier message, that it makes. */
  readonly chosenId?: string | undefined;
  /** ISO 8601, as is `updated`. */
  readonly created: string;
  readonly updated?: string | undefined;
  /** What its author typed; absent when it cannot be edited. */
  readonly typed?: string | undefined;
  readonly canRemove?: boolean;
}

/** Puts a message in its place by time, or in the place of its former self unless that is newer. */
export function withMessage(messages: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const index = messages.findIndex(({ id }) => id === message.id);
  const known = messages[index];
  if (known !== undefined) {
    // The stream may repeat what the message was before its last edit.
    return (known.updated ?? "") > (message.updated ?? "") ? messages : messages.with(index, message);
  }
  const before = messages.findLastIndex(({ created }) => created <= message.created);
  return messages.toSpliced(before + 1, 0, message);
}
