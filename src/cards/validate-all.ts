import { type CardFile, type PlacedFinding, placeFinding } from "./card-file";
import { type FilledCard, type Filling, fillCard, placeFilled } from "./fill-card";
import type { Finding, FindingCode } from "./finding";
import type { JsonPath } from "./json-source";
import { findBrokenExpressions } from "./template";

/** A card with all that is found in it. */
export interface ExaminedCard {
  readonly card: CardFile;
  readonly findings: readonly PlacedFinding[];
  /** Absent where it cannot be filled. */
  readonly filled?: Extract<FilledCard, { readonly kind: "filled" }>;
}

/** What keeps a template from being filled; one with other errors is, so that one sees more of what is wrong. */
const UNREADABLE: ReadonlySet<FindingCode> = new Set(["bad-json", "bad-include", "pasted-attachment"]);
/** Known only when the card is filled with data that its author wrote. */
const OF_DATA: ReadonlySet<FindingCode> = new Set([
  "missing-field",
  "bad-condition",
  "bad-repeat",
  "empty-list",
]);

/** The values with which the author fills a card. */
export type GivenData = Omit<Filling, "quotes">;

/**
 * Fills a card and finds what is wrong with the template, the data, and the result. Each problem is one finding: what the
 * template says by itself is not found again in the result.
 * @param given what to fill it with. @default its sample data, or no data if it has none
 */
export function examine(card: CardFile, given?: GivenData): ExaminedCard {
  const { content, sample, findings } = card;
  if (content === undefined || findings.some(({ code }) => UNREADABLE.has(code))) return { card, findings };
  const report = new Report(card);
  for (const { path, problem } of findBrokenExpressions(content)) report.addExpression(path, problem);
  if (report.findings.some(({ code }) => code === "bad-expression"))
    return { card, findings: report.findings };
  const hasData = given !== undefined || sample !== undefined;
  const filling = given ?? { data: sample ?? {} };
  const filled = fillCard(card, content, { ...filling, quotes: true });
  if (filled.kind === "failed") {
    if (hasData) for (const finding of filled.findings) report.add(placeFinding(card, finding), finding.path);
    return { card, findings: report.findings };
  }
  report.addFilled(filled, hasData);
  return { card, findings: report.findings, filled };
}

/** Findings of one card. */
class Report {
  readonly #card: CardFile;
  readonly #findings: PlacedFinding[];
  /** Code and place in the template of each finding. */
  readonly #known: Set<string>;

  constructor(card: CardFile) {
    this.#card = card;
    this.#findings = [...card.findings];
    this.#known = new Set(card.findings.map((finding) => keyOf(finding, finding.file, finding.path)));
  }

  get findings(): readonly PlacedFinding[] {
    return this.#findings;
  }

  addExpression(path: JsonPath, message: string): void {
    const remedy = "see https://learn.microsoft.com/adaptive-cards/templating/language";
    this.#place({ code: "bad-expression", severity: "error", path, message, remedy });
  }

  addFilled(filled: Extract<FilledCard, { readonly kind: "filled" }>, hasData: boolean): void {
    const { leftOut, findings, originOf } = filled;
    const empty = findings.filter(({ code }) => code === "empty-element").map(({ path }) => originOf(path));
    const origins = [...leftOut.map(({ path }) => path), ...findings.map(({ path }) => originOf(path))];
    for (const [index, finding] of placeFilled(this.#card, filled).entries()) {
      const origin = origins[index] ?? [];
      if (!hasData && OF_DATA.has(finding.code)) continue;
      // A container that nothing is left in is one problem, whichever of its elements was the last.
      if (finding.code === "empty-list" && empty.some((path) => isAround(path, origin))) continue;
      if (finding.code === "empty-element" && this.#hasErrorIn(origin)) continue;
      this.add(finding, origin);
    }
  }

  /** @param origin where it stands in the template */
  add(finding: PlacedFinding, origin: JsonPath): void {
    const { file, path } = this.#card.locate(origin);
    const key = keyOf(finding, file, path);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#findings.push(finding);
  }

  #place(finding: Finding): void {
    this.add(placeFinding(this.#card, finding), finding.path);
  }

  /** An element that can never be shown is the reason for a container without elements. */
  #hasErrorIn(origin: JsonPath): boolean {
    const around = this.#card.locate(origin);
    return this.#findings.some(
      ({ severity, file, path }) =>
        severity === "error" && file === around.file && isAround(around.path, path),
    );
  }
}

function isAround(around: JsonPath, path: JsonPath): boolean {
  return around.length < path.length && around.every((step, index) => step === path[index]);
}

/** Several fields may be missing at one place. */
const SEVERAL: ReadonlySet<FindingCode> = new Set(["missing-field", "bad-expression"]);

function keyOf({ code, message }: Finding, file: string, path: JsonPath): string {
  return JSON.stringify([code, file, path, SEVERAL.has(code) ? message : ""]);
}
