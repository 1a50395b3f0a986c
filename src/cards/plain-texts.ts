import type { JsonObject } from "../core/contract/notice";
import { cardMarkdownToText } from "../text/card-markdown";
import { writeDates } from "./date-macros";
import { hasDates, isMarkdown, mapCard } from "./map-card";

/** The card with its texts as people read them in a client: Markdown as plain text, dates and times written out. */
export function withPlainTexts(card: JsonObject): JsonObject {
  const language = languageOf(card);
  return mapCard(card, (value, place) => {
    if (typeof value !== "string" || !hasDates(place)) return value;
    const written = writeDates(value, language);
    return isMarkdown(place) ? cardMarkdownToText(written) : written;
  });
}

/** The language that the card says it is written in. */
export function languageOf({ lang }: JsonObject): string | undefined {
  return typeof lang === "string" && lang !== "" ? lang : undefined;
}
