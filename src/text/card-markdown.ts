import MarkdownIt from "markdown-it";
import { BlockWriter } from "./block-writer";
import { inlineText } from "./inline-text";
import { countMarks, MOST_MARKS } from "./read-blocks";

const MAX_NESTING = 40;

const parser = new MarkdownIt("zero", { maxNesting: MAX_NESTING }).enable([
  ...["list", "emphasis", "link"],
  // These are ways to write a character.
  ...["escape", "entity"],
]);
// Addresses are text here: they stay unchanged.
parser.normalizeLink = (address) => address;
parser.normalizeLinkText = (address) => address;

/**
 * Converts the Markdown that Adaptive Cards know (bold, italic, lists and links) to plain text. Everything else, such as
 * titles, code and tables, stays as it was written, because clients show it so.
 * @returns the text; the Markdown itself if it has more than 2,000 signs, or deeply nested lists
 * @see https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
 */
export function cardMarkdownToText(markdown: string): string {
  const source = markdown.replaceAll("\r\n", "\n");
  if (countMarks(source).marks > MOST_MARKS) return source;
  const tokens = parser.parse(source, {});
  if (tokens.some(({ level }) => level >= MAX_NESTING - 1)) return source;
  const writer = new BlockWriter(source.split("\n"), ({ children }) => inlineText(children ?? []));
  for (const token of tokens) writer.write(token);
  const text = writer.end();
  return text.trim() === "" ? source : text;
}
