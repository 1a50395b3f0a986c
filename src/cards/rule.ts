import type { JsonObject } from "../core/contract/notice";
import type { Finding } from "./finding";
import type { JsonPath } from "./json-source";

/** An object that the walk through a card has passed. */
export interface Passed {
  readonly type: string;
  readonly object: JsonObject;
  readonly path: JsonPath;
  /** It, or something around it, is there under a condition or repeatedly. */
  readonly isConditional: boolean;
}

/** How a rule looks at a card. */
export interface RuleOptions {
  /** Whether its expressions are not filled yet. */
  readonly isTemplate: boolean;
  /** Whether findings may quote values. */
  readonly quotes: boolean;
}

export function finding(
  severity: Finding["severity"],
  code: Finding["code"],
  path: JsonPath,
  message: string,
  remedy: string,
): Finding {
  return { severity, code, path, message, remedy };
}

/** Whether a text has an expression that is filled later. A filled card has none, whatever its texts look like. */
export function isFilledLater(value: unknown, isTemplate: boolean): boolean {
  return isTemplate && typeof value === "string" && value.includes("${");
}
