import MarkdownIt, { type StateInline, type Token } from "markdown-it";
import { BlockWriter } from "./block-writer";
import { inlineText } from "./inline-text";
import { countMarks, MOST_MARKS, readBlocks } from "./read-blocks";
import { Turn } from "./turns";

/**
 * Blocks within blocks that are read. A block with more of them stays as it was written, because the parser drops what is
 * below its own limit.
 */
const MAX_NESTING = 40;

const parser = createParser();

/**
 * Converts Markdown (CommonMark with tables and strikethrough) to plain text, in time linear in its length. Other work is
 * done between the pieces of a long text.
 *
 * Marks of emphasis and code disappear. A link becomes `label (address)`, an image its alternative text and its address,
 * a mention its name. Lists keep their marks and numbers, quotes their `>`, code its characters, and escaped characters
 * are themselves. HTML, link definitions and underlined titles stay as they were written. So does a line with more than
 * 2,000 signs. A table, a quote or a paragraph with more than 2,000 signs is read as several.
 * @returns lines that end in `\n`; the Markdown itself if nothing else would be left of it
 */
export async function markdownToText(markdown: string): Promise<string> {
  const source = markdown.replaceAll("\r\n", "\n");
  const writer = new BlockWriter(source.split("\n"), toText);
  const turn = new Turn();
  for (const { tokens, start, end } of readBlocks(parser, source)) {
    if (tokens.some(({ level }) => level >= MAX_NESTING - 1)) writer.writeSource(start, end);
    else
      for (const token of tokens) {
        if (turn.isOver()) await turn.next();
        writer.write(token);
      }
    if (turn.isOver()) await turn.next();
  }
  const text = writer.end();
  return text.replaceAll("\n", "") === "" ? source : text;
}

function createParser(): MarkdownIt.MarkdownIt {
  const markdownIt = new MarkdownIt("default", { maxNesting: MAX_NESTING });
  // A definition would vanish, and an underlined title would lose its line. The core rules change characters.
  markdownIt.disable(["reference", "lheading", "normalize", "linkify", "replacements", "smartquotes"]);
  // Addresses are text here: they stay as they were written, whatever their scheme.
  markdownIt.validateLink = () => true;
  markdownIt.normalizeLink = (address) => address;
  markdownIt.normalizeLinkText = (address) => address;
  markdownIt.inline.ruler.before("autolink", "mention", readMention);
  return markdownIt;
}

/** `<@personEmail:ada@example.com|Ada>`, `<@personId:…>`, `<@all>`. Bounded, so that each `<` is looked at briefly. */
const MENTION = /<@(?:(all)|(?:personId|personEmail):([^|<>\n]{1,512})(?:\|([^<>\n]{0,512}))?)>/iy;

function readMention(state: StateInline, silent: boolean): boolean {
  MENTION.lastIndex = state.pos;
  const match = MENTION.exec(state.src);
  if (match === null) return false;
  const [whole, all, value, label] = match;
  if (!silent) state.push("text", "", 0).content = all === undefined ? label || value || whole : "@all";
  state.pos += whole.length;
  return true;
}

/** The text of a paragraph, a title or a cell. */
function toText({ content }: Token): string {
  if (countMarks(content).marks > MOST_MARKS) return content;
  const tokens: Token[] = [];
  parser.inline.parse(content, parser, {}, tokens);
  return inlineText(tokens);
}
