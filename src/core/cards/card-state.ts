import type { ActionEvent } from "../contract/event";
import type { RecordSlot } from "../state/state-store";
import type { ButtonKeys } from "./button-keys";
import { cardOf, keptUntil } from "./card-records";

/**
 * What a card remembers: a page, who chose what. It belongs to the card, is the same for everybody who clicks, stays
 * when the card is drawn anew by `replaceCard`, and goes with it.
 */
export function cardStatePlace(
  { keys, now }: Pick<ButtonKeys, "keys" | "now">,
  event: ActionEvent,
): RecordSlot {
  return { key: keys.state(cardOf(event)), expiresAt: () => keptUntil(event, now()) };
}
