import type { Message } from "./wire";

/** One message that begins a thread, or stands alone, and the replies to it. */
export interface Thread {
  readonly root: Message;
  readonly replies: readonly Message[];
}

const groupedMs = 5 * 60_000;

/** Puts replies to the message they answer; those to a message that is not here stand alone. Keeps the order. */
export function toThreads(messages: readonly Message[]): Thread[] {
  const threads = new Map<string, { root: Message; replies: Message[] }>();
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
    previous.root.personId === root.personId &&
    Date.parse(root.created) - Date.parse(previous.root.created) < groupedMs
  );
}
