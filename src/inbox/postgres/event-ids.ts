/** Digits of an id as text, so that texts sort like numbers. */
const DIGITS = 12;

/** `000000000042` @param id as digits */
export function formatId(id: string): string {
  return id.padStart(DIGITS, "0");
}

/** Parses an id with or without leading zeros. @returns `undefined` if the text is not an id */
export function parseId(text: string): string | undefined {
  return /^\d{1,15}$/.test(text) ? String(Number(text)) : undefined;
}
