/** The forms in which clients and people write numbers, dates and times. */
import type { JsonValue } from "../../contract/notice";

/** Characters of the longest number, date or time that is read. */
const LONGEST = 64;

/** As clients send it, or as a person types it where the comma is the decimal sign: `12.50`, `-3`, `+1`, `.5`, `1e3`, `12,5`. */
const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d{1,3})?$/i;
/** Could be twelve hundred in one country and a bit more than one in another. */
const AMBIGUOUS = /^[+-]?0*[1-9]\d*,\d{3}(?!\d)/;
/** A number that everything reads, and that needs no other form. */
const PLAIN = /^-?\d+(?:\.\d+)?$/;

/**
 * Reads a number.
 * @returns its text in the form that `Number` reads, such as `"12.50"`; `undefined` if the value is not a finite number
 */
export function readNumber(given: JsonValue): string | undefined {
  const text = scalarText(given);
  if (text === undefined || !NUMBER.test(text) || AMBIGUOUS.test(text)) return undefined;
  const dotted = text.replace(",", ".");
  const number = Number(dotted);
  if (!Number.isFinite(number)) return undefined;
  return PLAIN.test(dotted) ? dotted : String(number + 0);
}

/**
 * Reads a day of the calendar, such as `2026-01-31`.
 * @returns `YYYY-MM-DD`; `undefined` for any other form, and for a day that does not exist
 */
export function readDate(given: JsonValue): string | undefined {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(scalarText(given) ?? "");
  if (parts === null) return undefined;
  const [, year = "", month = "", day = ""] = parts;
  const text = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const date = new Date(`${text}T00:00:00Z`);
  // The 31st of April would otherwise be taken for the 1st of May.
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? undefined : text;
}

/**
 * Reads a time of the day: `14:30`, `9:30`, `09:30:00`, `2:30 PM`.
 * @returns `HH:MM` of 24 hours; `undefined` for any other form, and for a time with seconds
 */
export function readTime(given: JsonValue): string | undefined {
  const parts = /^(\d{1,2}):(\d{2})(?::00(?:\.0{1,3})?)?(?:\s?([ap])\.?m\.?)?$/i.exec(
    scalarText(given) ?? "",
  );
  if (parts === null) return undefined;
  const [, hours = "", minutes = "", half] = parts;
  const hour = half === undefined ? Number(hours) : toHourOfDay(Number(hours), half.toLowerCase() === "p");
  if (hour === undefined || hour > 23 || Number(minutes) > 59) return undefined;
  return `${String(hour).padStart(2, "0")}:${minutes}`;
}

/** 12 AM is midnight, 12 PM is noon. */
function toHourOfDay(hour: number, isAfternoon: boolean): number | undefined {
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (isAfternoon ? 12 : 0);
}

function scalarText(given: JsonValue): string | undefined {
  if (typeof given === "number") return String(given);
  return typeof given === "string" && given.length <= LONGEST ? given.trim() : undefined;
}
