import type { PlacedFinding } from "../../cards/card-file";
import { sentence } from "../../cards/finding";
import { formatPath } from "../../cards/json-source";
import { shownPath } from "../../core/contract/load-error";

/** A finding as programs read it. */
export function toJson({ file, line, path, severity, code, message, remedy }: PlacedFinding): object {
  return { file: shownPath(file), line, path: formatPath(path), severity, code, message, remedy };
}

/** `cards/expense.json:5: error: body[0].size: is "huge"; expected …` */
export function toLine(finding: PlacedFinding): string {
  const place = finding.line === undefined ? "" : `:${finding.line}`;
  return `${shownPath(finding.file)}${place}: ${finding.severity}: ${sentence(finding)}`;
}

/** `3 cards: 1 error, 2 warnings` */
export function toSummary(cards: number, findings: readonly PlacedFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return `${count(cards, "card")}: ${count(errors, "error")}, ${count(findings.length - errors, "warning")}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
