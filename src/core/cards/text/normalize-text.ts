/**
 * What somebody has written, as it is compared with what can be chosen: letters and digits of full width are ordinary ones, and
 * what cannot be seen, which keyboards and clients put in, is left out.
 */
export function normalizeText(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
    .trim();
}

/**
 * Longest text that is taken for a choice, in UTF-16 units. A longer one is a message, and is not compared with what can be
 * chosen.
 */
export const LONGEST_CHOICE = 4_000;

/** What a place in a list is called by: `2`, `2.`, `2)` or `#2`. @returns its index; `undefined` for what is no number */
export function parseOrdinal(text: string): number | undefined {
  const number = /^#?(\d{1,3})[.)]?$/.exec(normalizeText(text))?.[1];
  return number === undefined ? undefined : Number(number) - 1;
}

/** The same for whatever differs in capitals and blanks alone. */
export function foldCase(text: string): string {
  return normalizeText(text).toLowerCase().replace(/\s+/g, " ");
}
