import { escapeHtml, type Rendered, type ResolveMention, renderInline } from "./markdown-inline";

const fence = /^\s{0,3}(`{3,}|~{3,})/;
const heading = /^(#{1,6})\s+(.*?)\s*#*$/;
const rule = /^\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const quote = /^\s{0,3}>\s?/;
const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

/**
 * Renders the part of Markdown that Webex does: emphasis, links, lists, quotes, code, headings, mentions.
 * HTML in the source is shown as written.
 *
 * @see https://developer.webex.com/docs/basics#formatting-messages
 */
export function renderMarkdown(source: string, mention: ResolveMention): Rendered {
  return renderBlocks(source.replace(/\r\n?/g, "\n").split("\n"), mention, 0);
}

// Quotes and lists in each other: deeper than anybody writes by hand, and far from the stack's end.
const maxNesting = 20;

function renderBlocks(lines: readonly string[], mention: ResolveMention, nesting: number): Rendered {
  if (nesting > maxNesting) return renderParagraph(lines, mention);
  const blocks: Rendered[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at += 1;
      continue;
    }
    const end = blockEnd(lines, at);
    blocks.push(renderBlock(lines.slice(at, end), mention, nesting));
    at = end;
  }
  return {
    html: blocks.map((block) => block.html).join(""),
    text: blocks.map((block) => block.text).join("\n"),
  };
}

function blockEnd(lines: readonly string[], start: number): number {
  const first = lines[start] ?? "";
  const opened = fence.exec(first)?.[1];
  if (opened !== undefined) {
    const close = lines.findIndex((line, index) => index > start && line.trim().startsWith(opened));
    return close === -1 ? lines.length : close + 1;
  }
  if (heading.test(first) || rule.test(first)) return start + 1;
  const continues = item.test(first) ? continuesList : quote.test(first) ? isText : continuesParagraph;
  let end = start + 1;
  while (end < lines.length && continues(lines[end] ?? "")) end++;
  return end;
}

function isText(line: string): boolean {
  return line.trim() !== "";
}

function continuesParagraph(line: string): boolean {
  return isText(line) && ![fence, heading, rule, quote, item].some((start) => start.test(line));
}

function continuesList(line: string): boolean {
  return item.test(line) || /^\s{2,}\S/.test(line);
}

function renderBlock(lines: readonly string[], mention: ResolveMention, nesting: number): Rendered {
  const first = lines[0] ?? "";
  if (fence.test(first)) return renderFence(lines);
  const title = heading.exec(first);
  if (title !== null) {
    const level = Math.min(title[1]?.length ?? 1, 3);
    return wrap(`h${level}`, renderInline(title[2] ?? "", mention));
  }
  if (rule.test(first)) return { html: "<hr/>", text: "" };
  if (item.test(first)) return renderList(lines, mention, nesting);
  if (quote.test(first))
    return wrap(
      "blockquote",
      renderBlocks(
        lines.map((line) => line.replace(quote, "")),
        mention,
        nesting + 1,
      ),
    );
  return renderParagraph(lines, mention);
}

function renderParagraph(lines: readonly string[], mention: ResolveMention): Rendered {
  return wrap("p", renderInline(lines.join("\n").trim(), mention));
}

function renderFence(lines: readonly string[]): Rendered {
  const opened = fence.exec(lines[0] ?? "")?.[1] ?? "```";
  const closed = lines.length > 1 && (lines.at(-1) ?? "").trim().startsWith(opened);
  const code = lines.slice(1, closed ? -1 : undefined).join("\n");
  return { html: `<pre><code>${escapeHtml(code)}</code></pre>`, text: code };
}

/** One list; lines that are indented further belong to the item above them. */
function renderList(lines: readonly string[], mention: ResolveMention, nesting: number): Rendered {
  const indent = item.exec(lines[0] ?? "")?.[1]?.length ?? 0;
  const ordered = /^\d/.test(item.exec(lines[0] ?? "")?.[2] ?? "");
  const items: { head: string; marker: string; below: string[] }[] = [];
  for (const line of lines) {
    const match = item.exec(line);
    const current = items.at(-1);
    if (match !== null && (current === undefined || (match[1]?.length ?? 0) < indent + 2))
      items.push({ head: match[3] ?? "", marker: match[2] ?? "-", below: [] });
    else current?.below.push(line.slice(Math.min(indent + 2, line.length - line.trimStart().length)));
  }
  const rendered = items.map(({ head, marker, below }) => {
    const own = renderInline(head, mention);
    const inner = renderBlocks(below, mention, nesting + 1);
    const text = `${ordered ? marker : "-"} ${own.text}${inner.text === "" ? "" : `\n${inner.text.replace(/^/gm, "  ")}`}`;
    return { html: `<li>${own.html}${inner.html}</li>`, text };
  });
  const tag = ordered ? "ol" : "ul";
  return {
    html: `<${tag}>${rendered.map((one) => one.html).join("")}</${tag}>`,
    text: rendered.map((one) => one.text).join("\n"),
  };
}

function wrap(tag: string, inner: Rendered): Rendered {
  return { html: `<${tag}>${inner.html}</${tag}>`, text: inner.text };
}
