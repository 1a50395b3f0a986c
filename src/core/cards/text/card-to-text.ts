import { isObject } from "../../contract/json";
import type { JsonObject, JsonValue } from "../../contract/notice";

/**
 * The text of a card: its texts, facts, and the alternative texts of its images, from top to bottom, a line each.
 * @returns an empty text if it has none of them
 */
export function cardText(card: JsonObject): string {
  return linesOf(card).join("\n");
}

function linesOf(value: JsonValue | undefined): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => linesOf(item));
  const element = value as JsonObject; // an array was ruled out above, which TypeScript cannot see for read-only ones
  if (element.isVisible === false) return [];
  switch (element.type) {
    case "TextBlock":
      return nonEmpty(element.text);
    case "RichTextBlock":
      return nonEmpty(runsOf(element.inlines).join(""));
    case "FactSet":
      return factsOf(element.facts);
    case "Image":
    case "Media":
      return nonEmpty(element.altText);
    case "ImageSet":
      return imagesOf(element.images).flatMap(({ altText }) => nonEmpty(altText));
    default:
      return [element.body, element.items, element.columns].flatMap(linesOf);
  }
}

function runsOf(inlines: JsonValue | undefined): string[] {
  if (!Array.isArray(inlines)) return [];
  return inlines.map((run: JsonValue) => {
    if (typeof run === "string") return run;
    return typeof run === "object" && run !== null && "text" in run ? String(run.text) : "";
  });
}

function factsOf(facts: JsonValue | undefined): string[] {
  if (!Array.isArray(facts)) return [];
  return facts.flatMap((fact: JsonValue) =>
    typeof fact === "object" && fact !== null && "title" in fact && "value" in fact
      ? [`${String(fact.title)} ${String(fact.value)}`.trim()]
      : [],
  );
}

/** They may leave their type out. */
function imagesOf(images: JsonValue | undefined): readonly JsonObject[] {
  if (!Array.isArray(images)) return [];
  return (images as readonly JsonValue[]).filter(isObject).filter(({ isVisible }) => isVisible !== false);
}

function nonEmpty(text: JsonValue | undefined): string[] {
  const trimmed = text === undefined || text === null ? "" : String(text).trim();
  return trimmed === "" ? [] : [trimmed];
}
