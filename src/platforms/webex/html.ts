/** A piece of what a message's HTML shows. */
export type HtmlPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "person"; readonly personId: string; readonly label: string }
  | { readonly kind: "all"; readonly label: string };

/**
 * Reads what a received message's HTML shows, with its mentions, which are
 * `<spark-mention data-object-type="person" data-object-id="…">Name</spark-mention>`.
 * Undocumented; observed in captures. In time linear in its length, whatever it holds.
 */
export function readHtml(html: string): readonly HtmlPiece[] {
  const pieces: HtmlPiece[] = [];
  let mention: Mentioned | undefined;
  let label = "";
  const add = (text: string): void => {
    if (mention !== undefined) label += text;
    else pieces.push({ kind: "text", text });
  };

  for (let at = 0; at < html.length; ) {
    if (html[at] !== "<") {
      const next = html.indexOf("<", at);
      const end = next === -1 ? html.length : next;
      add(decodeEntities(html.slice(at, end)));
      at = end;
      continue;
    }
    const end = endOfTag(html, at);
    const { name, isClosing, attributes } = readTag(html.slice(at + 1, end));
    at = end + 1;
    if (name !== "spark-mention") {
      if (BREAKING.has(name)) add("\n");
      continue;
    }
    if (mention !== undefined) pieces.push({ ...mention, label });
    mention = isClosing ? undefined : mentionedBy(attributes);
    label = "";
  }
  return pieces;
}

type Mentioned = { readonly kind: "person"; readonly personId: string } | { readonly kind: "all" };

const BREAKING: ReadonlySet<string> = new Set(
  "br p div li ul ol h1 h2 h3 h4 h5 h6 blockquote pre hr tr".split(" "),
);

function mentionedBy(attributes: ReadonlyMap<string, string>): Mentioned | undefined {
  if (attributes.get("data-object-type") === "groupMention")
    return attributes.get("data-group-type") === "all" ? { kind: "all" } : undefined;
  const personId = attributes.get("data-object-id");
  return personId === undefined ? undefined : { kind: "person", personId };
}

/** A `>` within quotes does not end a tag. */
function endOfTag(html: string, start: number): number {
  let quote: string | undefined;
  for (let at = start + 1; at < html.length; at++) {
    const character = html[at];
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return at;
  }
  return html.length;
}

function readTag(inside: string): {
  name: string;
  isClosing: boolean;
  attributes: ReadonlyMap<string, string>;
} {
  const name = /^\/?([a-z][\w-]*)/i.exec(inside)?.[1]?.toLowerCase() ?? "";
  const attributes = new Map<string, string>();
  if (name === "spark-mention") {
    for (const [, key = "", double, single, bare] of inside.matchAll(
      /([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g,
    ))
      attributes.set(key.toLowerCase(), decodeEntities(double ?? single ?? bare ?? ""));
  }
  return { name, isClosing: inside.startsWith("/"), attributes };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
