import type { InputSchema } from "../../core/contract/input-schema";
import type { JsonObject } from "../../core/contract/notice";
import type { BuiltCard } from "./card";
import type { Node, NoInputs } from "./node";
import { node } from "./node";
import type { OptionsOf } from "./properties";

/** A button that also may be what an element does when it is clicked as a whole. */
type Button = Node<"action" | "selectAction", NoInputs>;

/**
 * A button that calls `bot.action(action, …)`.
 * @param options `data`: what the handler is given beside what was entered
 */
export function submit(
  title: string,
  action: string,
  { data, ...options }: OptionsOf<"Action.Submit", "title" | "data"> & { readonly data?: JsonObject } = {},
): Button {
  return node({ type: "Action.Submit", title, data: { ...data, action }, ...options });
}

/** A button that opens a page. */
export function openUrl(
  title: string,
  url: string,
  options: OptionsOf<"Action.OpenUrl", "title" | "url"> = {},
): Button {
  return node({ type: "Action.OpenUrl", title, url, ...options });
}

/** A button that unfolds a card below it. Its buttons send what was entered in it, and in the card around it. */
export function showCard(
  title: string,
  card: BuiltCard<InputSchema>,
  options: OptionsOf<"Action.ShowCard", "title" | "card"> = {},
): Node<"action", NoInputs> {
  return node({ type: "Action.ShowCard", title, card: card.content, ...options });
}

/** A button that shows and hides elements, by their ids. */
export function toggleVisibility(
  title: string,
  targetElements: readonly (string | { readonly elementId: string; readonly isVisible?: boolean })[],
  options: OptionsOf<"Action.ToggleVisibility", "title" | "targetElements"> = {},
): Button {
  return node({ type: "Action.ToggleVisibility", title, targetElements, ...options });
}
