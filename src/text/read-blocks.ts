import type { MarkdownIt, StateBlock, Token } from "markdown-it";

/** Blocks of a text that follow each other. */
export interface BlockGroup {
  /** A list that continues in the next group is opened in the first and closed in the last one. */
  readonly tokens: readonly Token[];
  /** Its first line, counted from 0, and the line after its last one. */
  readonly start: number;
  readonly end: number;
}

/** Signs and cells that are read in one go: the parser needs some microseconds for each. */
export const MOST_MARKS = 2_000;
/** A line takes the parser as long as so many signs. */
const MARKS_OF_LINE = 4;

/**
 * Reads the blocks of a Markdown text in groups of at most {@link MOST_MARKS} signs, so that other work can be done between
 * two groups. Groups end between two blocks, or between two items of a list. A table, a quote, a paragraph or an item with
 * more signs is read as several; fenced and indented code stays whole, because its signs are not read.
 */
export function* readBlocks(parser: MarkdownIt, source: string): Generator<BlockGroup> {
  const state = new parser.block.State(source, parser, {}, []);
  const last = state.lineMax;
  let isContinued = false;
  for (let start = state.skipEmptyLines(0); start < last; start = state.skipEmptyLines(state.line)) {
    const end = endOfGroup(state, start);
    state.tokens = [];
    parser.block.tokenize(state, start, end);
    const isListOpen = end < last && leaveUnfinished(parser, state, start);
    // A list that the group before has left open is opened once.
    yield { tokens: isContinued ? state.tokens.slice(1) : state.tokens, start, end: state.line };
    isContinued = isListOpen;
  }
}

/**
 * Takes back the last block of a group that ends in the middle of the text, because its other lines may follow.
 * @returns whether the group ends within a list
 */
function leaveUnfinished(parser: MarkdownIt, state: StateBlock, start: number): boolean {
  const { tokens } = state;
  const block = tokens.findLastIndex(({ level, nesting }) => level === 0 && nesting >= 0);
  if (block > 0) {
    takeBack(state, block);
    return false;
  }
  const type = tokens[0]?.type;
  if (type === "fence" || type === "code_block") readOne(parser, state, start);
  if (type !== "bullet_list_open" && type !== "ordered_list_open") return false;
  const item = tokens.findLastIndex((token) => token.level === 1 && token.type === "list_item_open");
  if (item <= 1) return false;
  takeBack(state, item);
  return true;
}

function takeBack(state: StateBlock, from: number): void {
  state.line = state.tokens[from]?.map?.[0] ?? state.line;
  state.tokens.length = from;
}

/** Reads one block, wherever it ends. */
function readOne(parser: MarkdownIt, state: StateBlock, start: number): void {
  state.tokens.length = 0;
  for (const read of parser.block.ruler.getRules("")) if (read(state, start, state.lineMax, false)) return;
}

/**
 * The line after the last one of a group. A line counts as much as the widest one before it: a row of a table has all its
 * columns, and every quote that is open is looked at, whatever the line itself has.
 */
function endOfGroup(state: StateBlock, start: number): number {
  let marks = 0;
  let widest = 0;
  for (let line = start; line < state.lineMax; line++) {
    const counted = countMarks(state.src, state.bMarks[line] ?? 0, state.eMarks[line] ?? 0);
    widest = Math.max(widest, counted.columns);
    marks += MARKS_OF_LINE + Math.max(counted.marks, widest);
    if (marks > MOST_MARKS && line > start) return line;
  }
  return state.lineMax;
}

/** The signs of ASCII, but for those that no rule looks at. */
const MARKS: ReadonlySet<number> = new Set(
  Array.from("\n!#$%&*+-:<=>@[\\]^_`{|}~", (sign) => sign.charCodeAt(0)),
);
const COLUMN = "|".charCodeAt(0);
const QUOTE = ">".charCodeAt(0);

/** Counts the signs that the parser stops at, and among them the columns and quotes. */
export function countMarks(
  text: string,
  start = 0,
  end = text.length,
): { readonly marks: number; readonly columns: number } {
  let marks = 0;
  let columns = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (MARKS.has(code)) marks++;
    if (code === COLUMN || code === QUOTE) columns++;
  }
  return { marks, columns };
}
