import type { JsonObject } from "./notice";
import type { Card } from "./platform";

/** Where handlers get their cards from. */
export interface CardSource {
  /** Names of all cards, sorted. */
  readonly names: readonly string[];
  /**
   * Fills a card's template.
   * @throws CardError when there is no such card, or the data lacks a field that it shows
   */
  render(name: string, data: JsonObject): Card;
  /**
   * Makes a card of Adaptive Card JSON.
   * @throws CardError that lists every error
   */
  fromJson(content: JsonObject): Card;
}
