import { cardText } from "../core/cards/text/card-to-text";
import type { JsonObject } from "../core/contract/notice";
import { withPlainTexts } from "./plain-texts";

/** More than any notification shows. */
const MAX_LENGTH = 1_000;

/** The text of a card for notifications and clients that do not draw it, as people read it, a line each. */
export function fallbackText(card: JsonObject, name: string): string {
  const text = cardText(withPlainTexts(card));
  if (text === "") return `Card "${name}"`;
  const characters = Array.from(text);
  return characters.length <= MAX_LENGTH ? text : `${characters.slice(0, MAX_LENGTH - 1).join("")}…`;
}
