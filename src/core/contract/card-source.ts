import type { CardInput } from "./clicked-form";
import type { JsonObject } from "./notice";
import type { Card } from "./platform";

/** A button whose action is a constant. */
export interface CardButton {
  /** The `action` of its data. */
  readonly action: string;
  /** Where it is written: `cards/greeting.json:12`. */
  readonly at: string;
  /** The inputs that it sends, as far as they are known before data is filled in. Absent: nothing is known of them. */
  readonly inputs?: readonly CardButtonInput[] | undefined;
  /** The keys of its data. */
  readonly data?: readonly string[] | undefined;
  /** Whether the card may have other inputs, which depend on the data that fills it. @default false */
  readonly hasUnknown?: boolean | undefined;
}

/** An input of a card, and where it is written. */
export interface CardButtonInput extends CardInput {
  /** `"Input.Number"` */
  readonly element: string;
  /** `cards/order.json:4` */
  readonly at: string;
}

/** Where handlers get their cards from. */
export interface CardSource {
  /** Names of all cards, sorted. */
  readonly names: readonly string[];
  /** Buttons of all cards, as far as their actions are known before data is filled in. Absent: nothing is known of them. */
  readonly buttons?: readonly CardButton[];
  /**
   * Fills a card's template.
   * @param warn takes what is odd about the card with this data, for example a condition that is not true or false. Each warning is one sentence with file and line, without any data, and comes once
   * @throws CardError when there is no such card, or the data lacks a field that it shows
   */
  render(name: string, data: JsonObject, warn?: (warning: string) => void): Card;
  /**
   * Makes a card of Adaptive Card JSON.
   * @throws CardError that lists every error
   */
  fromJson(content: JsonObject): Card;
  /**
   * The content of a card with its texts as people read them: Markdown as plain text, dates and times written out.
   * @default the content as it is
   */
  withPlainTexts?(content: JsonObject): JsonObject;
}
