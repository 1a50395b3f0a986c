/**
 * What a bot's module says, looked at when it says it: modules in JavaScript have no compiler that would.
 * Each check throws an Error that names the call, what was given and what is expected.
 */

/** What is used as a function is one. */
export function checkFunction(where: string, given: unknown): void {
  if (typeof given !== "function")
    throw new Error(`${where}: the handler is ${kindOf(given)}, expected a function`);
}

/** What is used as a name is a text that is not empty. */
export function checkText(where: string, what: string, given: unknown, expected = "a text"): void {
  if (typeof given !== "string")
    throw new Error(`${where}: the ${what} is ${kindOf(given)}, expected ${expected}`);
  if (given === "") throw new Error(`${where}: the ${what} is empty`);
}

/** An object has no key but these; a misspelt one would otherwise be as if it were not there. */
export function checkKeys(where: string, what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Error(`${where}: there is no ${what} "${unknown}"; expected ${known.join(", ")}`);
}

/** What is used as a yes or no is one, or is not given. */
export function checkBoolean(where: string, name: string, given: unknown): void {
  if (given !== undefined && typeof given !== "boolean")
    throw new Error(`${where}: ${name} is ${kindOf(given)}, expected true or false`);
}

/** A list holds texts of a certain form only, or is not given. */
export function checkTexts(
  where: string,
  name: string,
  given: unknown,
  form?: { isMet(text: string): boolean; expected: string },
): void {
  if (given === undefined) return;
  if (!Array.isArray(given))
    throw new Error(`${where}: ${name} is ${kindOf(given)}, expected a list of texts`);
  for (const entry of given as readonly unknown[]) {
    if (typeof entry !== "string")
      throw new Error(`${where}: ${name} is a list with something else in it, expected a list of texts`);
    if (form && !form.isMet(entry))
      throw new Error(`${where}: ${name} has "${entry}", expected ${form.expected}`);
  }
}

/** How a message names what was given. */
export function kindOf(given: unknown): string {
  return given === null ? "null" : typeof given;
}
