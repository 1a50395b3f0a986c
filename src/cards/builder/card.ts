import type { InputSchema } from "../../core/contract/input-schema";
import { toJson } from "../../core/contract/json";
import type { Card, CardButtonOptions } from "../../core/contract/platform";
import { toCardFromJson } from "../json-card";
import { NEWEST } from "../schema/shapes";
import type { InputsIn, Node } from "./node";
import type { OptionsOf } from "./properties";

declare const INPUTS: unique symbol;

/** A card that was written as code, with what can be entered in it. */
export interface BuiltCard<Inputs extends InputSchema> extends Card {
  /** At run time there is no such property; `inputsOf` finds them in the content. */
  readonly [INPUTS]: Inputs;
}

/** What a card is built of. */
export interface CardParts<Body extends readonly Node<"element">[]>
  extends OptionsOf<"AdaptiveCard", "$schema" | "body" | "actions" | "fallbackText"> {
  readonly body?: Body;
  /** Buttons below the elements. */
  readonly actions?: readonly Node<"action">[];
  /** What is shown where cards are not drawn, and in notifications. @default the card's texts, a line each */
  readonly fallbackText?: string;
  /** Who may click, and for how long. */
  readonly buttons?: CardButtonOptions;
  /** What errors call it. @default "inline" */
  readonly name?: string;
}

/**
 * Builds a card in code, ready for `ctx.reply`.
 * @throws CardError that lists what the compiler cannot see: ids that are there twice, addresses that are none, a card too large
 */
export function card<const Body extends readonly Node<"element">[] = readonly []>({
  name,
  buttons,
  ...parts
}: CardParts<Body>): BuiltCard<InputsIn<Body>> {
  const content = toJson({ type: "AdaptiveCard", version: NEWEST, ...parts });
  const built: Card = { ...toCardFromJson(content, name), ...(buttons && { buttons }) };
  return built as BuiltCard<InputsIn<Body>>; // the mark is the compiler's alone
}
