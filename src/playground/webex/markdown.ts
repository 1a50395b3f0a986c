import MarkdownIt, { type StateInline, type Token } from "markdown-it";
import { escapeHtml, LINK_SCHEME, type Rendered, type ResolveMention, type WrittenMention } from "./rendered";

/** The parser leaves out blocks that are nested this deep. */
const MAX_NESTING = 100;

const parser = new MarkdownIt("zero", { linkify: true, maxNesting: MAX_NESTING })
  .enable(["fence", "heading", "hr", "list", "blockquote"])
  .enable(["escape", "backticks", "emphasis", "link", "autolink", "entity", "newline", "linkify"]);
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
parser.validateLink = (url) => LINK_SCHEME.test(url);
parser.inline.ruler.before("autolink", "mention", readMention);

/**
 * Renders the part of Markdown that Webex does: emphasis, links, lists, quotes, code, headings, mentions.
 * HTML in the source is shown as written.
 *
 * @see https://developer.webex.com/docs/basics#formatting-messages
 */
export function renderMarkdown(source: string, mention: ResolveMention): Rendered {
  const tokens = parser.parse(source, {});
  if (tokens.some(({ level }) => level >= MAX_NESTING - 1))
    return { html: `<p>${escapeHtml(source)}</p>`, text: source };
  return renderBlocks(tokens, mention);
}

/** `<@personEmail:a@b.c|Ada>`, `<@personId:X>` or `<@all>`. */
const MENTION = /^(?:(personEmail|personId):([^|]+)(?:\|(.*))?|(all)(?:\|.*)?)$/s;
/** Characters between `<@` and `>`. */
const LONGEST_MENTION = 500;

function readMention(state: StateInline, isSilent: boolean): boolean {
  if (!state.src.startsWith("<@", state.pos)) return false;
  const written = state.src.slice(state.pos + 2, Math.min(state.pos + 2 + LONGEST_MENTION, state.posMax));
  const end = written.indexOf(">");
  const match = end === -1 ? null : MENTION.exec(written.slice(0, end));
  if (match === null) return false;
  if (!isSilent) state.push("mention", "", 0).meta = { written: toMention(match) };
  state.pos += end + 3;
  return true;
}

function toMention([, by, value = "", label]: RegExpExecArray): WrittenMention {
  return {
    by: by === "personEmail" || by === "personId" ? by : "all",
    value: value.trim(),
    label: label?.trim() || undefined,
  };
}

/** A list while it is rendered. */
interface List {
  readonly isOrdered: boolean;
}

/** A block while it is rendered. */
interface Open {
  html: string;
  readonly lines: string[];
  readonly list?: List;
  /** Before the item's first line in the text. */
  readonly marker?: string;
}

function renderBlocks(tokens: readonly Token[], mention: ResolveMention): Rendered {
  const open: Open[] = [{ html: "", lines: [] }];
  const add = (html: string, ...lines: string[]): void => {
    const block = open.at(-1);
    if (block === undefined) return;
    block.html += html;
    block.lines.push(...lines);
  };
  for (const token of tokens) {
    if (token.type === "inline") {
      const { html, text } = renderInline(token.children ?? [], mention);
      add(html, ...text.split("\n"));
    } else if (token.type === "fence") add(...fence(token));
    else if (token.type === "hr") add("<hr/>", "");
    else if (!token.hidden) nest(token);
  }
  const [root] = open;
  return { html: root?.html ?? "", text: root?.lines.join("\n") ?? "" };

  function nest(token: Token): void {
    if (token.nesting === 1) open.push(opened(token, open.at(-1)));
    else if (token.nesting === -1) close(token);
  }

  function close(token: Token): void {
    const { html, lines, marker } = open.pop() ?? { html: "", lines: [], marker: undefined };
    const tag = tagOf(token);
    const [first = "", ...rest] = lines;
    const shown = marker === undefined ? lines : [`${marker} ${first}`, ...rest.map((line) => `  ${line}`)];
    add(`<${tag}>${html}</${tag}>`, ...shown);
  }
}

function opened(token: Token, around: Open | undefined): Open {
  const list = token.type.endsWith("_list_open") ? { isOrdered: token.tag === "ol" } : undefined;
  if (token.type !== "list_item_open")
    return list === undefined ? { html: "", lines: [] } : { html: "", lines: [], list };
  const marker = around?.list?.isOrdered ? `${token.info}${token.markup}` : "-";
  return { html: "", lines: [], marker };
}

function fence({ content }: Token): [html: string, ...lines: string[]] {
  const code = content.replace(/\n$/, "");
  return [`<pre><code>${escapeHtml(code)}</code></pre>`, ...code.split("\n")];
}

/** Webex draws three sizes of headings. */
function tagOf({ tag }: Token): string {
  return /^h[4-6]$/.test(tag) ? "h3" : tag;
}

function renderInline(tokens: readonly Token[], mention: ResolveMention): Rendered {
  const pieces = tokens.map((token) => renderToken(token, mention));
  return { html: pieces.map(({ html }) => html).join(""), text: pieces.map(({ text }) => text).join("") };
}

function renderToken(token: Token, mention: ResolveMention): Rendered {
  const { type, tag, content, nesting } = token;
  if (type === "mention") return renderMention(token.meta?.written as WrittenMention, mention); // by readMention
  if (type === "code_inline") return { html: `<code>${escapeHtml(content)}</code>`, text: content };
  if (type === "hardbreak") return { html: "<br/>", text: "\n" };
  if (type === "softbreak") return { html: "\n", text: "\n" };
  if (type === "link_open")
    return { html: `<a href="${escapeHtml(String(token.attrGet("href")))}" rel="nofollow">`, text: "" };
  if (tag !== "") return { html: nesting === 1 ? `<${tag}>` : `</${tag}>`, text: "" };
  return { html: escapeHtml(content), text: content };
}

function renderMention(written: WrittenMention, mention: ResolveMention): Rendered {
  const shown = written.label ?? written.value;
  return mention(written) ?? { html: escapeHtml(shown), text: shown };
}
