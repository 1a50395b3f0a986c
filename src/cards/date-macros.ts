/** A macro of Adaptive Cards that clients replace by a date or a time: `{{DATE(2026-11-30T13:00:00Z, SHORT)}}`. */
interface DateMacro {
  readonly kind: "DATE" | "TIME";
  readonly format: "COMPACT" | "SHORT" | "LONG";
  /** As the macro has it: `2026-11-30T13:00:00`. */
  readonly local: string;
  /** `Z`, or the difference to UTC: `+01:00`. */
  readonly offset: string;
}

/** Arguments have no braces, so that each macro ends before the next one begins. */
const MACRO = /\{\{[ \t]{0,9}(DATE|TIME)[ \t]{0,9}(?:\(([^{}]{0,200})\)[ \t]{0,9})?\}\}/gi;
const ARGUMENTS =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})(?:[ \t]*,[ \t]*(COMPACT|SHORT|LONG))?$/i;

/**
 * Writes each date macro of a text in the one form that clients understand: in capitals, without fractions of a second,
 * and with at most one blank. Macros without a valid date stay unchanged, which is how clients show them.
 */
export function normalizeDates(text: string): string {
  return replaceMacros(text, ({ kind, format, local, offset }) => {
    const suffix = kind === "DATE" && format !== "COMPACT" ? `, ${format}` : "";
    return `{{${kind}(${local}${offset}${suffix})}}`;
  });
}

/**
 * Writes out the dates and times of a text, as clients do that draw the card: in the time zone that the macro itself
 * names, because the person's is not known. `2026-11-30` and `13:00 UTC`, or as the language has it.
 * @param language of the card, for example `de`. @default none: dates as in ISO 8601
 */
export function writeDates(text: string, language?: string): string {
  return replaceMacros(text, (macro) => {
    const date = new Date(`${macro.local}Z`);
    const zone = macro.offset === "Z" ? "UTC" : `UTC${macro.offset}`;
    if (macro.kind === "DATE")
      return inLanguage(date, DATES[macro.format], language) ?? macro.local.slice(0, 10);
    return `${inLanguage(date, TIME, language) ?? macro.local.slice(11, 16)} ${zone}`;
  });
}

/** @returns the macros of a text that clients show as they are written, because they have no valid date */
export function findInvalidDates(text: string): readonly string[] {
  return [...text.matchAll(MACRO)].filter((match) => readMacro(match) === undefined).map(([whole]) => whole);
}

function replaceMacros(text: string, write: (macro: DateMacro) => string): string {
  if (!text.includes("{{")) return text;
  return text.replace(MACRO, (...match: string[]) => {
    const macro = readMacro(match);
    return macro === undefined ? (match[0] ?? "") : write(macro);
  });
}

function readMacro([, name = "", given = ""]: readonly (string | undefined)[]): DateMacro | undefined {
  const match = ARGUMENTS.exec(given.trim());
  if (match === null) return undefined;
  const [, day = "", minutes = "", seconds = ":00", zone = "", format = "COMPACT"] = match;
  const local = `${day}T${minutes}${seconds}`;
  const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  if (!isDate(local) || (offset !== "Z" && !isDate(`2000-01-01T${offset.slice(1)}:00`))) return undefined;
  const kind = name.toUpperCase() === "DATE" ? "DATE" : "TIME";
  return { kind, format: format.toUpperCase() as DateMacro["format"], local, offset }; // one of the words of ARGUMENTS
}

/** The 31st of April would otherwise be taken for the 1st of May. */
function isDate(local: string): boolean {
  const date = new Date(`${local}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(local);
}

const DATES = {
  COMPACT: { dateStyle: "short" },
  SHORT: { weekday: "short", month: "short", day: "numeric", year: "numeric" },
  LONG: { weekday: "long", month: "long", day: "numeric", year: "numeric" },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;
const TIME = { hour: "numeric", minute: "2-digit" } as const satisfies Intl.DateTimeFormatOptions;

function inLanguage(
  date: Date,
  options: Intl.DateTimeFormatOptions,
  language: string | undefined,
): string | undefined {
  if (language === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(date);
  } catch {
    return undefined; // not a language
  }
}
