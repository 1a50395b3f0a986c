import MarkdownIt, { type StateInline, type Token } from "markdown-it";
import { BlockWriter } from "./block-writer";

/**
 * Blocks within blocks that are read. Text that is nested deeper is returned as it was written, because the parser drops
 * what is below its own limit.
 */
const MAX_NESTING = 40;

const parser = createParser();

/**
 * Converts Markdown (CommonMark with tables and strikethrough) to plain text, in time linear in its length.
 *
 * Marks of emphasis and code disappear. A link becomes `label (address)`, an image its alternative text and its address,
 * a mention its name. Lists keep their marks and numbers, quotes their `>`, code its characters, and escaped characters
 * are themselves. HTML, link definitions and underlined titles stay as they were written.
 * @returns lines that end in `\n`; the Markdown itself if nothing else would be left of it
 */
export function markdownToText(markdown: string): string {
  const source = markdown.replaceAll("\r\n", "\n");
  const tokens = parser.parse(source, {});
  if (tokens.some(({ level }) => level >= MAX_NESTING - 1)) return source;
  const text = new BlockWriter(source.split("\n"), inlineText).write(tokens);
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
function inlineText(tokens: readonly Token[]): string {
  let text = "";
  /** Links that are open: the address, and where the label begins in `text`. */
  const links: { readonly address: string; readonly start: number }[] = [];
  for (const token of tokens) {
    switch (token.type) {
      case "softbreak":
      case "hardbreak":
        text += "\n";
        break;
      case "image":
        text += withAddress(inlineText(token.children ?? []), String(token.attrGet("src") ?? ""));
        break;
      case "link_open":
        links.push({ address: String(token.attrGet("href") ?? ""), start: text.length });
        break;
      case "link_close": {
        const { address = "", start = text.length } = links.pop() ?? {};
        text = text.slice(0, start) + withAddress(text.slice(start), address);
        break;
      }
      default:
        text += token.content;
    }
  }
  return text;
}

function withAddress(label: string, address: string): string {
  if (address === "" || address === label || address === `mailto:${label}`) return label;
  return label === "" ? address : `${label} (${address})`;
}
