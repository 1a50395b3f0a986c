import { formatPath, type JsonPath } from "./json-source";

/** What was found in a card; names are stable. */
export type FindingCode =
  | "bad-json"
  | "bad-include"
  | "bad-data"
  | "pasted-attachment"
  | "bad-expression"
  | "bad-condition"
  | "bad-repeat"
  | "empty-list"
  | "missing-field"
  | "not-a-card"
  | "wrong-version"
  | "unknown-type"
  | "later-type"
  | "not-drawn"
  | "wrong-place"
  | "unknown-property"
  | "later-property"
  | "later-value"
  | "wrong-value"
  | "missing-property"
  | "duplicate-id"
  | "reserved-name"
  | "comma-in-choice"
  | "empty-element"
  | "never-shown"
  | "unknown-choice"
  | "same-choice"
  | "bad-limits"
  | "outside-limits"
  | "no-error-text"
  | "shadowed-input"
  | "bad-date"
  | "escaped-markdown"
  | "slow-pattern"
  | "unknown-target"
  | "no-action-name"
  | "no-fallback-text"
  | "too-many-actions"
  | "too-many-images"
  | "too-large"
  | "lost-as-text";

/** Something about a card, and where in it. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: Webex would refuse the card, or it would not work. `warning`: Webex would draw it other than meant. */
  readonly severity: "error" | "warning";
  readonly path: JsonPath;
  /** What is wrong, without the place. */
  readonly message: string;
  /** What to do instead. */
  readonly remedy: string;
}

/** A finding as one sentence: place, fault, remedy. */
export function sentence({ path, message, remedy }: Finding): string {
  const place = path.length === 0 ? "" : `${formatPath(path)}: `;
  return `${place}${message}; ${remedy}`;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}
