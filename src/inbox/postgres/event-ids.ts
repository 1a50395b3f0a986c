/** Digits of an id as text, so that texts sort as numbers do. */
const DIGITS = 12;

/** `000000000042` @param id as the database says it: digits */
export function formatId(id: string): string {
  return id.padStart(DIGITS, "0");
}

/** Reads what somebody typed, with or without the zeros. @returns `undefined` for what is no id */
export function parseId(text: string): string | undefined {
  return /^\d{1,15}$/.test(text) ? String(Number(text)) : undefined;
}
