import { readHtml } from "../../text/read-html";

/**
 * What a person wrote, as plain text. Bodies are HTML before version 2.15 of the API, and plain text from then on; only
 * the body tells which of them it is. Takes time linear in the length.
 */
export function toText(body: string): string {
  const trimmed = body.trim();
  if (!isHtml(trimmed)) return trimmed;
  const pieces = readHtml(trimmed, () => undefined);
  return pieces === undefined
    ? trimmed
    : pieces
        .map(({ text }) => text)
        .join("")
        .trim();
}

/** Bodies in HTML begin with an element, and end with one. */
function isHtml(body: string): boolean {
  return (
    body.endsWith(">") &&
    /^<(?:p|div|h[1-6]|ul|ol|li|blockquote|pre|img|br|hr|a|b|i|u|strong|em|code|span|table)\b/i.test(body)
  );
}

/** Plain text as a body that shows it so. */
export function toBody(text: string): string {
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return `<p>${escaped.replace(/\r?\n/g, "<br>")}</p>`;
}
