/** A part of a text: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the parts of a Markdown text that mean something only as a whole: links, images, mentions, addresses in angle
 * brackets, inline code, emphasis, escaped characters and entities. Reads the text once, so that it takes linear time. It
 * is no parser: a part that it finds too much only moves a cut.
 * @param isCode whether the text begins within a fenced code block, where marks mean nothing
 * @param longest length of the longest part to find, in UTF-16 units
 * @returns ranges in order that do not overlap
 */
export function findMarkRanges(text: string, isCode: boolean, longest: number): readonly Range[] {
  const reader = new MarkReader(text);
  let inFence = isCode;
  for (const { start, end } of linesOf(text)) {
    const line = text.slice(start, Math.min(end, start + 20));
    if (FENCE.test(line)) {
      inFence = !inFence;
      reader.endParagraph();
    } else if (/^\s*$/.test(text.slice(start, end))) reader.endParagraph();
    else if (!inFence) reader.read(start, end);
  }
  return merged(reader.ranges.filter(({ start, end }) => end - start <= longest));
}

const FENCE = /^ {0,3}(?:`{3,}[^`]*$|~{3})/;

function* linesOf(text: string): Generator<Range> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    yield { start, end };
    start = end + 1;
  }
}

/** Longest address or label of a link or a mention, in UTF-16 units. */
const LONGEST_ADDRESS = 2_048;

/** Reads paragraphs, line by line. */
class MarkReader {
  readonly ranges: Range[] = [];
  readonly #text: string;
  /** Where each mark that is not closed begins: `**` and the like by the mark, brackets in a list. */
  readonly #open = new Map<string, number>();
  #brackets: number[] = [];
  /** Where to go on: a mark may end in the next line. */
  #resume = 0;

  constructor(text: string) {
    this.#text = text;
  }

  endParagraph(): void {
    this.#open.clear();
    this.#brackets = [];
  }

  read(start: number, end: number): void {
    let at = Math.max(start, this.#resume);
    while (at < end) at = this.#readMark(at, end);
    this.#resume = at;
  }

  /** @returns where to go on */
  #readMark(at: number, end: number): number {
    const character = this.#text.charAt(at);
    switch (character) {
      case "\\":
        // Within code it escapes nothing.
        return this.#open.has("`") ? at + 1 : this.#add(at, at + 2);
      case "&":
        return this.#readMatch(ENTITY, at);
      case "<":
        return this.#readMatch(ANGLED, at);
      case "[":
        this.#brackets.push(this.#text.charAt(at - 1) === "!" ? at - 1 : at);
        return at + 1;
      case "]":
        return this.#closeBracket(at);
      case "`":
      case "*":
      case "_":
      case "~":
        return this.#readRun(character, at, end);
      default:
        return at + 1;
    }
  }

  #readMatch(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    const match = pattern.exec(this.#text);
    return match === null ? at + 1 : this.#add(at, at + match[0].length);
  }

  #closeBracket(at: number): number {
    const start = this.#brackets.pop();
    if (start === undefined || this.#text.charAt(at + 1) !== "(") return at + 1;
    ADDRESS.lastIndex = at + 1;
    const address = ADDRESS.exec(this.#text);
    return address === null ? at + 1 : this.#add(start, at + 1 + address[0].length);
  }

  #readRun(character: string, at: number, end: number): number {
    let behind = at + 1;
    while (behind < end && this.#text.charAt(behind) === character) behind++;
    const run = this.#text.slice(at, behind);
    const opened = this.#open.get(run);
    const canClose = character === "`" || !/^\s?$/.test(this.#text.charAt(at - 1));
    if (opened !== undefined && canClose) {
      this.#open.delete(run);
      return this.#add(opened, behind);
    }
    if (character === "`" || !/^\s?$/.test(this.#text.charAt(behind))) this.#open.set(run, at);
    return behind;
  }

  #add(start: number, end: number): number {
    this.ranges.push({ start, end: Math.min(end, this.#text.length) });
    return end;
  }
}

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/iy;
const ANGLED = new RegExp(`<[a-z@/][^<>\\n]{0,${LONGEST_ADDRESS}}>`, "iy");
const ADDRESS = new RegExp(
  `\\((?:[^()\\n]|\\([^()\\n]{0,${LONGEST_ADDRESS}}\\)){0,${LONGEST_ADDRESS}}\\)`,
  "y",
);

function merged(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last === undefined || range.start >= last.end) found.push(range);
    else if (range.end > last.end) found[found.length - 1] = { start: last.start, end: range.end };
  }
  return found;
}
