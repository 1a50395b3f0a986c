/** A piece of a message as clients draw it, and as plain text. */
export interface Rendered {
  readonly html: string;
  readonly text: string;
}

/** Says what stands for `<@personEmail:…>`, `<@personId:…>` and `<@all>`; undefined when nobody is meant. */
export type ResolveMention = (mention: {
  readonly by: "personEmail" | "personId" | "all";
  readonly value: string;
  readonly label: string | undefined;
}) => Rendered | undefined;

const mentionPattern = /<@(?:(personEmail|personId):([^|>]+)(?:\|([^>]*))?|(all)(?:\|[^>]*)?)>/y;
const autolinkPattern = /<((?:https?|mailto):[^\s<>]+)>/y;
const bareUrlPattern = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)'*_\]]/y;
const referencePattern = /&(?:([a-z]{2,6})|#(\d{1,7})|#[xX]([\da-fA-F]{1,6}));/y;
const namedCharacters: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00A0",
};
const linkTarget = /^(?:https?|mailto|tel|sip|webexteams):/i;
const escapable = /[\\`*_{}[\]()#+\-.!<>|~@&]/;

/** Escapes text for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => entities[char] ?? char);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Renders emphasis, code, links, line breaks and mentions of one paragraph. Everything else is escaped. */
export function renderInline(source: string, mention: ResolveMention): Rendered {
  let html = "";
  let text = "";
  let at = 0;
  while (at < source.length) {
    const found = readSpan(source, at, mention);
    if (found === undefined) {
      const char = source[at] ?? "";
      html += escapeHtml(char);
      text += char;
      at += 1;
    } else {
      html += found.html;
      text += found.text;
      at = found.end;
    }
  }
  return { html, text };
}

type Span = Rendered & { readonly end: number };

function readSpan(source: string, at: number, mention: ResolveMention): Span | undefined {
  switch (source[at]) {
    case "\\":
      return readEscape(source, at);
    case "&":
      return readCharacterReference(source, at);
    case "`":
      return readCode(source, at);
    case "<":
      return readMention(source, at, mention) ?? readAutolink(source, at);
    case "[":
      return readLink(source, at, mention);
    case "*":
    case "_":
      return readEmphasis(source, at, mention);
    case " ":
      return readLineBreak(source, at);
    case "h":
      return readBareUrl(source, at);
    default:
      return undefined;
  }
}

function readEscape(source: string, at: number): Span | undefined {
  const next = source[at + 1];
  if (next === "\n") return { html: "<br/>", text: "\n", end: at + 2 };
  if (next === undefined || !escapable.test(next)) return undefined;
  return { html: escapeHtml(next), text: next, end: at + 2 };
}

// `&lt;`, `&#64;` and `&#x40;` stand for a character that means nothing in Markdown.
function readCharacterReference(source: string, at: number): Span | undefined {
  referencePattern.lastIndex = at;
  const match = referencePattern.exec(source);
  if (match === null) return undefined;
  const [whole, name, decimal, hex] = match;
  const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? "", 16);
  const char = name !== undefined ? namedCharacters[name] : toCharacter(code);
  return char === undefined ? undefined : { html: escapeHtml(char), text: char, end: at + whole.length };
}

function toCharacter(code: number): string {
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "\uFFFD";
}

function readCode(source: string, at: number): Span | undefined {
  let fence = at;
  while (source[fence] === "`") fence++;
  const ticks = source.slice(at, fence);
  const close = source.indexOf(ticks, fence);
  if (close === -1) return undefined;
  const code = source.slice(fence, close).trim();
  return { html: `<code>${escapeHtml(code)}</code>`, text: code, end: close + ticks.length };
}

function readMention(source: string, at: number, mention: ResolveMention): Span | undefined {
  mentionPattern.lastIndex = at;
  const match = mentionPattern.exec(source);
  if (match === null) return undefined;
  const [whole, by, value = "", label] = match;
  const label_ = label === undefined || label.trim() === "" ? undefined : label.trim();
  const found = mention({
    by: by === "personEmail" || by === "personId" ? by : "all",
    value: value.trim(),
    label: label_,
  });
  const shown = label_ ?? value;
  return { ...(found ?? { html: escapeHtml(shown), text: shown }), end: at + whole.length };
}

function readAutolink(source: string, at: number): Span | undefined {
  autolinkPattern.lastIndex = at;
  const url = autolinkPattern.exec(source)?.[1];
  return url === undefined
    ? undefined
    : { ...link(url, { html: escapeHtml(url), text: url }), end: at + url.length + 2 };
}

function readBareUrl(source: string, at: number): Span | undefined {
  bareUrlPattern.lastIndex = at;
  const url = bareUrlPattern.exec(source)?.[0];
  return url === undefined
    ? undefined
    : { ...link(url, { html: escapeHtml(url), text: url }), end: at + url.length };
}

function readLink(source: string, at: number, mention: ResolveMention): Span | undefined {
  const labelEnd = closing(source, at, "[", "]");
  if (labelEnd === -1 || source[labelEnd + 1] !== "(") return undefined;
  const targetEnd = closing(source, labelEnd + 1, "(", ")");
  if (targetEnd === -1) return undefined;
  const [url = ""] = source
    .slice(labelEnd + 2, targetEnd)
    .trim()
    .split(/\s/);
  if (!linkTarget.test(url)) return undefined;
  return { ...link(url, renderInline(source.slice(at + 1, labelEnd), mention)), end: targetEnd + 1 };
}

function readEmphasis(source: string, at: number, mention: ResolveMention): Span | undefined {
  const sign = source[at] ?? "";
  if (sign === "_" && /\w/.test(source[at - 1] ?? "")) return undefined;
  const marker = source[at + 1] === sign ? sign + sign : sign;
  const start = at + marker.length;
  if (/\s/.test(source[start] ?? " ")) return undefined;
  let close = source.indexOf(marker, start + 1);
  // `*a **b** c*`: the double sign inside is not the single one's end.
  while (close !== -1 && marker.length === 1 && source[close + 1] === sign)
    close = source.indexOf(marker, close + 2);
  if (close === -1 || /\s/.test(source[close - 1] ?? "")) return undefined;
  const end = close + marker.length;
  if (sign === "_" && /\w/.test(source[end] ?? "")) return undefined;
  const inner = renderInline(source.slice(start, close), mention);
  const tag = marker.length === 2 ? "strong" : "em";
  return { html: `<${tag}>${inner.html}</${tag}>`, text: inner.text, end };
}

function readLineBreak(source: string, at: number): Span | undefined {
  let end = at;
  while (source[end] === " ") end++;
  if (source[end] !== "\n" || end - at < 2) return undefined;
  return { html: "<br/>", text: "\n", end: end + 1 };
}

function link(url: string, label: Rendered): Rendered {
  return { html: `<a href="${escapeHtml(url)}" rel="nofollow">${label.html}</a>`, text: label.text };
}

function closing(source: string, at: number, open: string, close: string): number {
  let depth = 0;
  for (let index = at; index < source.length; index++) {
    const char = source[index];
    if (char === "\\") index++;
    else if (char === open) depth++;
    else if (char === close && --depth === 0) return index;
  }
  return -1;
}
