/**
 * What somebody wrote, as plain text. Bodies are HTML before version 2.15 of the API, and plain text from then on; which
 * of them a body is, only it tells.
 */
export function toText(body: string): string {
  return (isHtml(body) ? strip(body) : body).trim();
}

/** Bodies in HTML begin with an element, and end with one. */
function isHtml(body: string): boolean {
  return /^\s*<(?:p|div|h[1-6]|ul|ol|li|blockquote|pre|img|br|a|b|i|strong|em|span|table)\b[\s\S]*>\s*$/i.test(
    body,
  );
}

function strip(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<br\b[^>]*>/gi, "\n")
    .replace(/<li\b[^>]*>/gi, "- ")
    .replace(/<\/(?:p|div|h[1-6]|li|blockquote|pre|tr)\s*>\s*/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, name: string) => entity(name) ?? whole);
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function entity(name: string): string | undefined {
  if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** Plain text as a body that shows it so. */
export function toBody(text: string): string {
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<p>${escaped.replace(/\r?\n/g, "<br>")}</p>`;
}
