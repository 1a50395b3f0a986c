import type { ActionEvent } from "../contract/event";
import type { StatePlace } from "../state/state-store";
import type { ButtonDesk } from "./button-keys";
import { cardOf, keptUntil } from "./card-records";

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
