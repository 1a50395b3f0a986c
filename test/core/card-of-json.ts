import type { CardSource } from "../../src/core/contract/card-source";

/** `fromJson` of a card source in tests whose cards are not checked. */
export const cardOfJson: CardSource["fromJson"] = (content) => ({
  kind: "card",
  name: "inline",
  content,
  fallbackText: "A card",
});
