import { escapeCardText } from "../escape-text";

const CARD_MARKDOWN = Symbol.for("bellhop.card-markdown");

/** Markdown for a card. In Adaptive Card JSON it is its text. */
export interface CardMarkdown {
  readonly [CARD_MARKDOWN]: string;
  toString(): string;
  toJSON(): string;
}

/**
 * Markdown for a card: bold, italic, lists and links. The template is Markdown, and each value is shown unchanged:
 * it cannot link or format anything.
 * @example
 * textBlock(cardMarkdown`**Filed by** ${person.displayName}`)
 */
export function cardMarkdown(template: TemplateStringsArray, ...values: readonly unknown[]): CardMarkdown {
  const written = values.map((value) =>
    isCardMarkdown(value) ? value.toString() : escapeCardText(String(value ?? "")),
  );
  const markdown = String.raw({ raw: template }, ...written);
  return { [CARD_MARKDOWN]: markdown, toString: () => markdown, toJSON: () => markdown };
}

export function isCardMarkdown(value: unknown): value is CardMarkdown {
  return typeof value === "object" && value !== null && CARD_MARKDOWN in value;
}

/** A text, or Markdown, as a card has it where clients read Markdown. */
export function toCardMarkdown(value: unknown): unknown {
  if (typeof value === "string") return escapeCardText(value);
  return isCardMarkdown(value) ? value.toString() : value;
}
