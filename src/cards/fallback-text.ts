import type { JsonObject, JsonValue } from "../core/notice";

/** More than any notification shows. */
const MAX_LENGTH = 1_000;

/** What a card says in words, for clients that do not draw it: its texts and facts from top to bottom, a line each. */
export function fallbackText(card: JsonObject, name: string): string {
  const text = textOf(card);
  if (text === "") return `Card "${name}"`;
  const characters = Array.from(text);
  return characters.length <= MAX_LENGTH ? text : `${characters.slice(0, MAX_LENGTH - 1).join("")}…`;
}

/** All of it, however long; empty when there is none. */
export function textOf(card: JsonObject): string {
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

function nonEmpty(text: JsonValue | undefined): string[] {
  const trimmed = text === undefined || text === null ? "" : String(text).trim();
  return trimmed === "" ? [] : [trimmed];
}
