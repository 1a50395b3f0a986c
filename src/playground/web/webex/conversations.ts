import type { Conversation } from "../conversation";
import type { Participant } from "../wire";
import type { Room } from "./wire";

/**
 * Rooms, most recently active first, with the bot on top; then the people nobody has written to yet.
 *
 * @param others Everybody else, the bot first.
 */
export function toConversations(rooms: readonly Room[], others: readonly Participant[]): Conversation[] {
  const [bot] = others;
  const known = rooms.map((room) => toConversation(room, others));
  const written = new Set(known.map(({ formerKey }) => formerKey));
  const unknown = others
    .filter(({ email }) => !written.has(email))
    .map(({ email, displayName }): Conversation => {
      const isBot = email === bot?.email;
      return { key: email, ...direct(displayName, isBot), exists: false };
    });
  return [...known, ...unknown].sort((a, b) => Number(b.kind === "bot") - Number(a.kind === "bot"));
}

function toConversation({ id, title, type }: Room, others: readonly Participant[]): Conversation {
  if (type === "group") return { key: id, kind: "group", title, note: "group room", exists: true };
  // The API tells of a direct room only the other one's name.
  const other = others.find(({ displayName }) => displayName === title);
  const shown = { key: id, ...direct(title, other !== undefined && other === others[0]), exists: true };
  return other === undefined ? shown : { ...shown, formerKey: other.email };
}

function direct(title: string, isBot: boolean): Pick<Conversation, "kind" | "title" | "note"> {
  return isBot ? { kind: "bot", title, note: "your bot" } : { kind: "person", title, note: "direct room" };
}
