import { BoundedText } from "../core/util/bounded-regexp";

/** @returns why the text is not a regular expression, in the engine's words and without the text */
export function patternFault(source: string): string | undefined {
  try {
    new RegExp(source);
    return undefined;
  } catch (error) {
    // "Invalid regular expression: /(/: Unterminated group"
    const message = error instanceof Error ? error.message : "";
    return message.slice(message.lastIndexOf(":") + 1).trim();
  }
}

/** Characters of a probe: enough for a pattern whose time doubles with each of them. */
const PROBE_LENGTH = 60;
/** Different characters of a pattern that probes are made of. */
const MOST_CHARACTERS = 12;

/**
 * Runs the expression on short hostile texts: one or two characters of its own, again and again, and then one that does not
 * belong. It finds most exponential patterns, and never a harmless one.
 * @returns whether one of the texts was not finished in time
 */
export function isExponential(source: string): boolean {
  if (!/[*+{]/.test(source)) return false;
  const pattern = new RegExp(source);
  const characters = [...new Set(`a0 ${source.replaceAll("\\", "")}`)].slice(0, MOST_CHARACTERS);
  const repeated = characters.flatMap((one) => characters.map((other) => one + other));
  return repeated.some((unit) => {
    const probe = unit.repeat(PROBE_LENGTH / unit.length);
    return new BoundedText(`${probe}\n\0`).search([pattern])?.kind === "out-of-time";
  });
}
