/**
 * Checks of what a program passes to the framework: modules in JavaScript have no compiler that would.
 * Each check throws an ArgumentError that names the call, the value's kind and what is expected; never the value of a text.
 */

import { suggest } from "../util/suggest-name";
import { ArgumentError } from "./errors";

/** Names of all options of a type. The compiler refuses a list that lacks one or has one too many. */
export function optionNames<Options>(names: Readonly<Record<KeysOf<Options>, true>>): readonly string[] {
  return Object.keys(names);
}

/** Of a union, the keys of all its members. */
type KeysOf<Options> = Options extends unknown ? keyof Options : never;

/** Requires a function. */
export function checkFunction(where: string, given: unknown): void {
  if (typeof given !== "function")
    throw new ArgumentError(`${where}: the handler is ${kindOf(given)}, expected a function`);
}

/** Requires a text that is not empty. */
export function checkText(where: string, what: string, given: unknown, expected = "a text"): void {
  if (typeof given !== "string")
    throw new ArgumentError(`${where}: the ${what} is ${kindOf(given)}, expected ${expected}`);
  if (given === "") throw new ArgumentError(`${where}: the ${what} is empty`);
}

/** Requires an object that is no list. */
export function checkObject(where: string, what: string, given: unknown): asserts given is object {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ArgumentError(`${where}: the ${what} is ${kindOf(given)}, expected an object`);
}

/** Requires an object with known keys only: a misspelt key would otherwise be ignored. */
export function checkKeys(where: string, what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const meant = suggest(unknown, known);
  const hint = meant === undefined ? "" : `, did you mean "${meant}"?`;
  throw new ArgumentError(
    `${where}: there is no ${what} "${unknown}"${hint === "" ? ";" : hint} expected ${known.join(", ")}`,
  );
}

/** Requires an object of options with known names only. */
export function checkOptions(where: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ArgumentError(`${where}: the options are ${kindOf(given)}, expected an object`);
  checkKeys(where, "option", given, known);
}

/** Requires `true`, `false` or nothing. */
export function checkBoolean(where: string, name: string, given: unknown): void {
  if (given !== undefined && typeof given !== "boolean")
    throw new ArgumentError(`${where}: ${name} is ${kindOf(given)}, expected true or false`);
}

/** Requires a list of texts of a certain form, or nothing. */
export function checkTexts(
  where: string,
  name: string,
  given: unknown,
  form?: { isMet(text: string): boolean; expected: string },
): void {
  if (given === undefined) return;
  if (!Array.isArray(given))
    throw new ArgumentError(`${where}: ${name} is ${kindOf(given)}, expected a list of texts`);
  for (const entry of given as readonly unknown[]) {
    if (typeof entry !== "string")
      throw new ArgumentError(`${where}: ${name} has ${kindOf(entry)} in it, expected a list of texts`);
    if (form && !form.isMet(entry))
      throw new ArgumentError(`${where}: ${name} has "${entry}", expected ${form.expected}`);
  }
}

/** How a message names the kind of a value: "a list", "a number", "undefined". */
export function kindOf(given: unknown): string {
  if (given === null) return "null";
  return Array.isArray(given) ? "a list" : (KINDS[typeof given] ?? typeof given);
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "a boolean",
  function: "a function",
  object: "an object",
};
