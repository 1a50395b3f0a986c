/** Digits of an id as text, so that texts sort like numbers: enough for 1,000 events a second for 30 years. */
const DIGITS = 12;

/** `000000000042` */
export function formatId(id: number): string {
  return String(id).padStart(DIGITS, "0");
}

/** Parses an id with or without leading zeros. @returns `undefined` if the text is not an id */
export function parseId(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
