import { JsonObject } from "./json";

/** A card that a bot may send, filled with its sample data, and what is wrong with it. */
export interface PreviewedCard {
  readonly name: string;
  readonly file: string;
  /** Absent where it cannot be filled. */
  readonly content: unknown;
  /** The text of notifications. */
  readonly fallbackText: string;
  /** The message in Spika and Intercom. */
  readonly asText: string;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly severity: "error" | "warning";
  readonly place: string;
  readonly text: string;
}

/** @throws TypeError when the answer has another shape */
export function parseCards(value: unknown): PreviewedCard[] {
  return new JsonObject("list of cards", value).list("cards", (one) => {
    const card = new JsonObject("card", one);
    return {
      name: card.string("name"),
      file: card.string("file"),
      content: card.get("content"),
      fallbackText: card.optionalString("fallbackText") ?? "",
      asText: card.optionalString("asText") ?? "",
      findings: card.list("findings", parseFinding),
    };
  });
}

function parseFinding(value: unknown): Finding {
  const finding = new JsonObject("finding", value);
  return {
    severity: finding.string("severity") === "error" ? "error" : "warning",
    place: finding.string("place"),
    text: finding.string("text"),
  };
}

/** `2 errors, 1 warning`, or nothing. */
export function countFindings(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const counts = [count(errors, "error"), count(findings.length - errors, "warning")];
  return counts.filter((words) => words !== "").join(", ");
}

function count(number: number, what: string): string {
  return number === 0 ? "" : `${number} ${what}${number === 1 ? "" : "s"}`;
}
