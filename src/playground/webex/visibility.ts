import type { Message, Person } from "./records";
import type { Webex } from "./webex";

/**
 * Whether the person may read the message. A member reads everything; a bot in a group room only what it
 * wrote and what mentions it by name. `@all` does not reach bots (undocumented; the narrower reading).
 *
 * @see https://developer.webex.com/docs/bots
 */
export function canRead(webex: Webex, person: Person, message: Message): boolean {
  if (webex.store.membership(message.roomId, person.id) === undefined) return false;
  if (person.type !== "bot" || message.roomType === "direct") return true;
  return message.personId === person.id || (message.mentionedPeople?.includes(person.id) ?? false);
}
