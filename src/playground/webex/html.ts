import { escapeHtml, LINK_SCHEME, type Rendered, type ResolveMention } from "./rendered";

const tag = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:=(?:"[^"<>]*"|'[^'<>]*'))?)*)\s*\/?>/gi;
const plainTags = new Set([
  "h1",
  "h2",
  "h3",
  "ul",
  "ol",
  "li",
  "p",
  "b",
  "i",
  "u",
  "strong",
  "em",
  "code",
  "pre",
]);
const blockEnds = new Set(["h1", "h2", "h3", "li", "p", "pre", "blockquote"]);
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };

/**
 * Takes HTML as a sender wrote it and keeps what Webex shows: headings, lists, emphasis, code, links and
 * mentions. Other tags are shown as text; attributes are dropped. Whether the public cloud still takes HTML is
 * not documented.
 */
export function renderHtml(source: string, mention: ResolveMention): Rendered {
  let html = "";
  let text = "";
  let at = 0;
  const open: string[] = [];
  const literal = (piece: string): void => {
    const plain = decode(piece);
    html += escapeHtml(plain);
    text += plain;
  };
  for (const match of source.matchAll(tag)) {
    const [whole, slash, rawName = "", attributes = ""] = match;
    literal(source.slice(at, match.index));
    at = match.index + whole.length;
    const name = rawName.toLowerCase();
    if (slash === "/") closeTag(name);
    else openTag(name, attributes, whole);
  }
  literal(source.slice(at));
  for (const name of open.reverse()) html += `</${name}>`;
  return { html, text: text.trim() };

  function openTag(name: string, attributes: string, whole: string): void {
    if (name === "br") {
      html += "<br/>";
      text += "\n";
      return;
    }
    const opening = openingTag(name, attributes, mention);
    if (opening === undefined) {
      literal(whole);
      return;
    }
    html += opening;
    open.push(name);
  }

  function closeTag(name: string): void {
    if (open.at(-1) !== name) return;
    open.pop();
    html += `</${name}>`;
    if (blockEnds.has(name)) text += "\n";
  }
}

function openingTag(name: string, attributes: string, mention: ResolveMention): string | undefined {
  if (plainTags.has(name) || name === "blockquote") return `<${name}>`;
  if (name === "a") {
    const url = decode(attribute(attributes, "href") ?? "");
    return LINK_SCHEME.test(url) ? `<a href="${escapeHtml(url)}" rel="nofollow">` : undefined;
  }
  if (name !== "spark-mention") return undefined;
  const value = attribute(attributes, "data-object-id") ?? "";
  const found = mention({ by: value === "" ? "all" : "personId", value, label: undefined });
  return /^<spark-mention\b[^>]*>/.exec(found?.html ?? "")?.[0];
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`, "i").exec(attributes);
  return match?.[1] ?? match?.[2];
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|(amp|lt|gt|quot|nbsp));/g, (whole, code?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const point = Number(code);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
