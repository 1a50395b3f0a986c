import type { JsonObject, JsonValue } from "../core/notice";
import { type CardFile, type PlacedFinding, placeFinding } from "./card-file";
import { type FilledCard, fillCard } from "./fill-card";
import type { Finding, FindingCode } from "./finding";

/** A card with all that is found in it. */
export interface ExaminedCard {
  readonly card: CardFile;
  readonly findings: readonly PlacedFinding[];
  /** Absent where it cannot be filled. */
  readonly filled?: Extract<FilledCard, { readonly kind: "filled" }>;
}

/** What keeps a template from being filled; one with other errors is, so that one sees more of what is wrong. */
const UNREADABLE: ReadonlySet<FindingCode> = new Set(["bad-json", "bad-include", "bad-expression"]);

/** What a card is filled with. */
export interface GivenData {
  readonly data: JsonObject;
  /** What the template calls `$host`; cards that are sent have none. */
  readonly host?: JsonValue | undefined;
}

/**
 * Fills a card and tells what is wrong with the template, the data, and what comes of them.
 * @param given what to fill it with; absent: its sample data, or nothing where nobody has said what it needs
 */
export function examine(card: CardFile, given?: GivenData): ExaminedCard {
  const { content, sample, findings } = card;
  if (content === undefined || findings.some(({ code }) => UNREADABLE.has(code))) return { card, findings };
  const filled = fillCard(card, content, given?.data ?? sample ?? {}, given?.host);
  if (filled.kind === "failed" && given === undefined && sample === undefined) return { card, findings };
  const known = new Set(findings.map(({ code, message }) => `${code} ${message}`));
  const found = filled.findings
    .filter(({ code, message }) => !known.has(`${code} ${message}`))
    .map((finding) => (filled.kind === "failed" ? placeFinding(card, finding) : ofFilled(card, finding)));
  const all = [...findings, ...found];
  return filled.kind === "filled" ? { card, findings: all, filled } : { card, findings: all };
}

/** Lists repeat and conditions drop what stands in the template, so that no line can be named. */
function ofFilled({ file }: CardFile, finding: Finding): PlacedFinding {
  return { ...finding, file, message: `${finding.message}, once it is filled` };
}
