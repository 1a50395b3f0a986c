/** A part of a text: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How far a piece is searched for behind the piece before it, in characters that are not blank. */
const WINDOW = 512;
/** How much of a piece is searched for; the rest is compared where that is found. */
const HEAD = 64;
/** How many places a piece is compared at. */
const MOST_PLACES = 8;

/**
 * Finds where a text shows pieces that follow each other, and returns the ranges of those that are wanted. Blanks and line
 * breaks are not compared, because HTML and text have them in different places. A piece that the text does not show is
 * skipped. The search for each piece is bounded, so that the whole takes time linear in the lengths.
 */
export function locate<Piece extends { readonly text: string }>(
  text: string,
  pieces: readonly Piece[],
  isWanted: (piece: Piece) => boolean,
): readonly Range[] {
  // Pieces behind the last one that is wanted need not be found.
  const wanted = pieces.slice(0, pieces.findLastIndex(isWanted) + 1);
  if (wanted.length === 0) return [];
  const bare = withoutBlanks(text);
  const ranges: Range[] = [];
  let at = 0;
  for (const piece of wanted) {
    const shown = piece.text.replace(/\s+/g, "");
    const start = shown === "" ? undefined : find(text, bare, at, shown);
    if (start === undefined) continue;
    at = start + shown.length;
    if (isWanted(piece)) ranges.push({ start: positionOf(bare, start), end: positionOf(bare, at - 1) + 1 });
  }
  return ranges;
}

/** A text without its blanks, and where each of its characters stands in the text. */
interface Bare {
  readonly characters: string;
  readonly positions: readonly number[];
}

function withoutBlanks(text: string): Bare {
  const positions: number[] = [];
  for (let at = 0; at < text.length; at++) if (!/\s/.test(text.charAt(at))) positions.push(at);
  return { characters: text.replace(/\s+/g, ""), positions };
}

function positionOf({ positions }: Bare, index: number): number {
  return positions[index] ?? -1;
}

function find(text: string, bare: Bare, from: number, shown: string): number | undefined {
  const { characters } = bare;
  if (characters.startsWith(shown, from)) return from;
  const head = shown.slice(0, HEAD);
  const window = characters.slice(from, from + WINDOW + head.length);
  let at = window.indexOf(head);
  for (let places = 0; at !== -1 && places < MOST_PLACES; places++) {
    const start = from + at;
    if (characters.startsWith(shown, start) && isWholeWords(text, bare, start, start + shown.length))
      return start;
    at = window.indexOf(head, at + 1);
  }
  return undefined;
}

const WORD = /[\p{L}\p{N}]/u;

function isWholeWords(text: string, bare: Bare, start: number, end: number): boolean {
  return (
    !WORD.test(text.charAt(positionOf(bare, start) - 1)) &&
    !WORD.test(text.charAt(positionOf(bare, end - 1) + 1))
  );
}
