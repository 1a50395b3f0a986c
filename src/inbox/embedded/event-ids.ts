/** Digits of an id as text: enough for a thousand events a second for thirty years, and texts sort as numbers do. */
const DIGITS = 12;

/** `000000000042` */
export function formatId(id: number): string {
  return String(id).padStart(DIGITS, "0");
}

/** Reads what somebody typed, with or without the zeros. @returns `undefined` for what is no id */
export function parseId(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
