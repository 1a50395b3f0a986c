import type { ActionEvent } from "../event";
import type { StatePlace } from "../kept-state";
import { cardOf, keptUntil } from "./card-records";
import type { ButtonDesk } from "./desk";

/**
 * What a card remembers: a page, who chose what. It belongs to the card, is the same for everybody who clicks, stays
 * when the card is drawn anew by `replaceCard`, and goes with it.
 */
export function cardStatePlace(
  { keys, now }: Pick<ButtonDesk, "keys" | "now">,
  event: ActionEvent,
): StatePlace {
  return { key: keys.state(cardOf(event)), expiresAt: () => keptUntil(event, now()) };
}
