import type { ChatMessage } from "../message";
import type { SpikaMessage, SpikaUser } from "./wire";

/** A message as this person sees it. @param users Everybody whom the person shares a room with */
export function toChatMessage(
  message: SpikaMessage,
  myId: number,
  users: ReadonlyMap<number, SpikaUser>,
): ChatMessage {
  const { id, fromUserId, type, text, file, quoted, createdAt } = message;
  const nameOf = (userId: number): string => users.get(userId)?.name ?? `User ${userId}`;
  return {
    id: String(id),
    kind: "said",
    author: {
      id: String(fromUserId),
      name: nameOf(fromUserId),
      isBot: users.get(fromUserId)?.isBot === true,
      isMe: fromUserId === myId,
    },
    text: text === "" && file === undefined ? `A message of the type "${type}"` : text,
    quote: quoted && { author: nameOf(quoted.fromUserId), text: quoted.text || "a message without text" },
    files: file === undefined ? [] : [{ url: String(file.id), name: file.name, type: file.type }],
    created: new Date(createdAt).toISOString(),
  };
}
