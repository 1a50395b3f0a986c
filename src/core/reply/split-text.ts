import { findMarkRanges, type Range } from "./mark-ranges";

/**
 * Splits a text into parts of at most `maxBytes` UTF-8 bytes: at a line end where it can, else between words, else
 * between characters, never inside one. Links, mentions, inline code and emphasis stay whole if a message has room for
 * them. A fenced code block that is cut is closed and opened again. Takes time linear in the length.
 * @param maxBytes at least 64
 * @returns at least one part, none longer than `maxBytes`; parts of blanks only are left out
 */
export function splitText(text: string, maxBytes: number): string[] {
  // A character is at most three bytes a UTF-16 unit, so most texts need no counting.
  if (text.length * 3 <= maxBytes) return [text];
  let bytesLeft = Buffer.byteLength(text);
  if (bytesLeft <= maxBytes) return [text];

  const parts: string[] = [];
  let fence = "";
  for (let at = 0; at < text.length; ) {
    const opening = fence === "" ? "" : `${fence}\n`;
    if (Buffer.byteLength(opening) + bytesLeft <= maxBytes) {
      parts.push(opening + text.slice(at));
      break;
    }
    // Room for the closing fence is kept whether or not it is needed in the end.
    const room = maxBytes - Buffer.byteLength(opening) - CLOSING_BYTES;
    // What follows shows whether a mark that begins before the cut ends behind it.
    const length = cutOf(text.slice(at, at + 2 * room), room, fence !== "");
    const piece = text.slice(at, at + length);
    const openAfter = openFence(piece, fence);
    parts.push(opening + piece.replace(/\n$/, "") + (openAfter === "" ? "" : `\n${closing(openAfter)}`));
    fence = openAfter;
    bytesLeft -= Buffer.byteLength(piece);
    at += length;
  }
  // Platforms refuse a message of blanks.
  const shown = parts.filter((part) => part.trim() !== "");
  return shown.length > 0 ? shown : parts.slice(0, 1);
}

const LONGEST_FENCE = 16;
const CLOSING_BYTES = LONGEST_FENCE + 1;

/** How many UTF-16 units of the text the next part takes. */
function cutOf(text: string, room: number, isCode: boolean): number {
  const limit = characterEnd(text, unitsWithin(text, room));
  if (limit >= text.length) return text.length;
  const ranges = findMarkRanges(text, isCode, room);
  return (
    lastOutside(text, "\n", limit, ranges) ??
    lastOutside(text, " ", limit, ranges) ??
    (rangeAround(ranges, limit)?.start || limit)
  );
}

/** Behind the last such character at or before the limit that is in no range. */
function lastOutside(
  text: string,
  character: string,
  limit: number,
  ranges: readonly Range[],
): number | undefined {
  let at = text.lastIndexOf(character, limit - 1);
  while (at > 0) {
    const range = rangeAround(ranges, at + 1);
    if (range === undefined) return at + 1;
    at = range.start === 0 ? -1 : text.lastIndexOf(character, range.start - 1);
  }
  return undefined;
}

/** The range that a cut at this place would cut. */
function rangeAround(ranges: readonly Range[], cut: number): Range | undefined {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined || range.start >= cut) high = middle;
    else if (range.end <= cut) low = middle + 1;
    else return range;
  }
  return undefined;
}

/** How many UTF-16 units of the text fit into so many bytes, no code point cut. At least one code point. */
function unitsWithin(text: string, maxBytes: number): number {
  let bytes = 0;
  let units = 0;
  while (units < text.length) {
    const point = text.codePointAt(units) ?? 0;
    bytes += bytesOf(point);
    if (bytes > maxBytes && units > 0) break;
    units += point > 0xffff ? 2 : 1;
  }
  return units;
}

/** In UTF-8. Half a pair is written as U+FFFD, of three bytes. */
function bytesOf(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point > 0xffff ? 4 : 3;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How far back the reading of characters begins, in UTF-16 units: few are longer than the first. */
const REACHES: readonly number[] = [64, 1_024];

/**
 * The end of the last character, as a reader sees it (an emoji with its skin tone, a letter with its accents), at or
 * before the limit; the limit itself within one that is longer than the text before it.
 */
function characterEnd(text: string, limit: number): number {
  if (limit >= text.length || (isPlain(text, limit - 1) && isPlain(text, limit))) return limit;
  for (const reach of REACHES) {
    const start = flagsStart(text, Math.max(0, limit - reach));
    // Within a character, the first end that is found is not known to be one.
    const end = lastEnd(text, start, limit);
    if (end > start) return end;
    if (start === 0) break;
  }
  return limit;
}

/** The last end of a character that is not behind the limit. */
function lastEnd(text: string, start: number, limit: number): number {
  let end = start;
  for (const { index, segment } of segmenter.segment(text.slice(start, limit + LOOK_AHEAD))) {
    end = start + index;
    if (end + segment.length > limit) break;
  }
  return end;
}

const LOOK_AHEAD = 64;

/** Two letters make a flag: which two is known only from the first flag of a row. */
function flagsStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && FLAG_LETTER.test(text.slice(start - 1, start + 1))) start--;
  while (start > 1 && FLAG_LETTER.test(text.slice(start - 2, start))) start -= 2;
  return start;
}

const FLAG_LETTER = /[\u{1f1e6}-\u{1f1ff}]/u;

/** Whether the character is ASCII and no line end: between two of them there is always a boundary. */
function isPlain(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x20 && code < 0x7f;
}

/** The opening line of the code block that is still open at the end of the piece; empty when none is. */
function openFence(piece: string, before: string): string {
  let open = before;
  for (const line of piece.split("\n")) {
    const match = /^ {0,3}(`{3,16}|~{3,16})([^`]*)$/.exec(line);
    if (match?.[1] === undefined) continue;
    if (open === "") open = match[1] + (/^\s*[\w+-]{1,16}\s*$/.test(match[2] ?? "") ? match[2]?.trim() : "");
    else if (line.trim().startsWith(closing(open)) && match[2]?.trim() === "") open = "";
  }
  return open;
}

function closing(openingLine: string): string {
  return /^(`+|~+)/.exec(openingLine)?.[0] ?? "";
}
