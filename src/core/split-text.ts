/**
 * Splits a text into parts of at most `maxBytes` UTF-8 bytes: at line ends where it can, else between words, else
 * between characters, never inside one. A fenced code block that is cut is closed and opened again.
 * @param maxBytes at least 64
 * @returns at least one part, none longer than `maxBytes`; parts of blanks only are left out
 */
export function splitText(text: string, maxBytes: number): string[] {
  // A character is at most three bytes a UTF-16 unit, so most texts need no counting.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return [text];

  const parts: string[] = [];
  let fence = "";
  let rest = text;
  while (rest !== "") {
    const opening = fence === "" ? "" : `${fence}\n`;
    if (Buffer.byteLength(opening) + Buffer.byteLength(rest) <= maxBytes) {
      parts.push(opening + rest);
      break;
    }
    // Room for the closing fence is kept whether or not it is needed in the end.
    const room = maxBytes - Buffer.byteLength(opening) - CLOSING_BYTES;
    const end = cutAt(rest, unitsWithin(rest, room));
    const piece = rest.slice(0, end);
    const openAfter = openFence(piece, fence);
    parts.push(opening + piece.replace(/\n$/, "") + (openAfter === "" ? "" : `\n${closing(openAfter)}`));
    fence = openAfter;
    rest = rest.slice(end);
  }
  // Platforms refuse a message of blanks.
  const shown = parts.filter((part) => part.trim() !== "");
  return shown.length > 0 ? shown : parts.slice(0, 1);
}

const LONGEST_FENCE = 16;
const CLOSING_BYTES = LONGEST_FENCE + 1;

/** How many UTF-16 units of the text fit into so many bytes, no character cut. */
function unitsWithin(text: string, maxBytes: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of graphemesOf(text.slice(0, maxBytes + 1))) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    units += character.length;
  }
  if (units > 0) return units;
  // One "character" of many joined parts that is longer than a message: cut between its code points.
  for (const point of text) {
    bytes = units === 0 ? 0 : bytes;
    bytes += Buffer.byteLength(point);
    if (bytes > maxBytes) break;
    units += point.length;
  }
  return units;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// What a reader sees as one character: an emoji with its skin tone, a letter with its accents.
function* graphemesOf(text: string): Iterable<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** The best place to cut the text at or before `limit`. */
function cutAt(text: string, limit: number): number {
  if (limit >= text.length) return text.length;
  const line = text.lastIndexOf("\n", limit - 1);
  if (line > 0) return line + 1;
  const word = text.lastIndexOf(" ", limit - 1);
  return word > 0 ? word + 1 : limit;
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
