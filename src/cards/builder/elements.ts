import { type CardMarkdown, toCardMarkdown } from "./card-markdown";
import type { InputsIn, Node, NoInputs } from "./node";
import { node } from "./node";
import type { OptionsOf } from "./properties";

/**
 * A text.
 * @param text shown unchanged; `cardMarkdown` for Markdown
 */
export function textBlock(
  text: string | CardMarkdown,
  options: OptionsOf<"TextBlock", "text"> = {},
): Node<"element", NoInputs> {
  return node({ type: "TextBlock", text: toCardMarkdown(text), ...options });
}

/** Text whose runs look different from each other. */
export function richTextBlock(
  inlines: readonly (string | Node<"inline">)[],
  options: OptionsOf<"RichTextBlock", "inlines"> = {},
): Node<"element", NoInputs> {
  return node({ type: "RichTextBlock", inlines, ...options });
}

/** A run of a rich text; no Markdown. */
export function textRun(text: string, options: OptionsOf<"TextRun", "text"> = {}): Node<"inline", NoInputs> {
  return node({ type: "TextRun", text, ...options });
}

/** @param url begins with https://, or data:image/ */
export function image(
  url: string,
  options: OptionsOf<"Image", "url"> = {},
): Node<"element" | "image", NoInputs> {
  return node({ type: "Image", url, ...options });
}

/** Images beside each other. */
export function imageSet(
  images: readonly Node<"image">[],
  options: OptionsOf<"ImageSet", "images"> = {},
): Node<"element", NoInputs> {
  return node({ type: "ImageSet", images, ...options });
}

/**
 * Names and values in two columns: `[["Amount", "5 EUR"]]`.
 * @param facts shown unchanged; `cardMarkdown` for Markdown
 */
export function factSet(
  facts: readonly (readonly [title: string | CardMarkdown, value: string | CardMarkdown])[],
  options: OptionsOf<"FactSet", "facts"> = {},
): Node<"element", NoInputs> {
  const written = facts.map(([title, value]) => ({
    title: toCardMarkdown(title),
    value: toCardMarkdown(value),
  }));
  return node({ type: "FactSet", facts: written, ...options });
}

/** Elements that belong together. */
export function container<const Items extends readonly Node<"element">[]>(
  items: Items,
  options: OptionsOf<"Container", "items"> = {},
): Node<"element", InputsIn<Items>> {
  return node({ type: "Container", items, ...options });
}

/** Columns beside each other. */
export function columnSet<const Columns extends readonly Node<"column">[]>(
  columns: Columns,
  options: OptionsOf<"ColumnSet", "columns"> = {},
): Node<"element", InputsIn<Columns>> {
  return node({ type: "ColumnSet", columns, ...options });
}

/** @param options `width`: what it takes, `"auto"` as much as it needs, a number its share beside the others */
export function column<const Items extends readonly Node<"element">[]>(
  items: Items,
  options: OptionsOf<"Column", "items"> = {},
): Node<"column", InputsIn<Items>> {
  return node({ type: "Column", items, ...options });
}

/** Buttons among the elements; those of the card are below them all. */
export function actionSet(
  actions: readonly Node<"action">[],
  options: OptionsOf<"ActionSet", "actions"> = {},
): Node<"element", NoInputs> {
  return node({ type: "ActionSet", actions, ...options });
}

/** A picture behind a card, a container or a column. */
export function backgroundImage(
  url: string,
  options: OptionsOf<"BackgroundImage", "url"> = {},
): Node<"background", NoInputs> {
  return node({ url, ...options });
}
