import { cardText } from "../core/card-text";
import type { JsonObject } from "../core/notice";

/** More than any notification shows. */
const MAX_LENGTH = 1_000;

/** What a card says in words, for clients that do not draw it: its texts and facts from top to bottom, a line each. */
export function fallbackText(card: JsonObject, name: string): string {
  const text = cardText(card);
  if (text === "") return `Card "${name}"`;
  const characters = Array.from(text);
  return characters.length <= MAX_LENGTH ? text : `${characters.slice(0, MAX_LENGTH - 1).join("")}…`;
}
