import type { ChatMessage } from "./message";

/** One message that begins a thread, or stands alone, and the replies to it. */
export interface Thread {
  readonly root: ChatMessage;
  readonly replies: readonly ChatMessage[];
}

const groupedMs = 5 * 60_000;

/** Puts replies to the message they answer; those to a message that is not here stand alone. Keeps the order. */
export function toThreads(messages: readonly ChatMessage[]): Thread[] {
  const threads = new Map<string, { root: ChatMessage; replies: ChatMessage[] }>();
  for (const message of messages) {
    const thread = message.parentId === undefined ? undefined : threads.get(message.parentId);
    if (thread === undefined) threads.set(message.id, { root: message, replies: [] });
    else thread.replies.push(message);
  }
  return [...threads.values()];
}

/** Whether a thread goes on where its author's last message ended, so that the name need not stand there again. */
export function goesOn({ root }: Thread, previous: Thread | undefined): boolean {
  return (
    previous?.replies.length === 0 &&
    previous.root.kind === "said" &&
    previous.root.author.id === root.author.id &&
    previous.root.label === root.label &&
    Date.parse(root.created) - Date.parse(previous.root.created) < groupedMs
  );
}
