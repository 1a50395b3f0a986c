import { isEmoji, readHtml } from "../../text/read-html";
import { statedFileInfo } from "../api/file-info";
import type { Attachment } from "./item";

/** A body as plain text, and the files in it. */
export interface ReadBody {
  readonly text: string;
  readonly images: readonly Attachment[];
}

/**
 * Reads what a person wrote. Bodies are HTML before version 2.15 of the API, and plain text from then on; only the body
 * tells which of them it is. Takes time linear in the length.
 * @param isFile whether the image at an address is a file of the message; the text has the address of every other image
 */
export function readBody(body: string, isFile: (url: string) => boolean = () => false): ReadBody {
  const trimmed = body.trim();
  if (!isHtml(trimmed)) return { text: trimmed, images: [] };
  const pieces = readHtml(trimmed, (element, { src, alt = "" }) =>
    element === "img" && src !== undefined && !isEmoji(alt) && isFile(src) ? imageAt(src) : undefined,
  );
  if (pieces === undefined) return { text: trimmed, images: [] };
  const text = pieces.map((piece) => piece.text).join("");
  return {
    text: text.trim(),
    images: pieces.flatMap((piece) => (piece.kind === "mark" ? [piece.mark] : [])),
  };
}

/** The text of a person as plain text. Takes time linear in the length. */
export function toText(body: string): string {
  return readBody(body).text;
}

function imageAt(url: string): Attachment {
  const path = URL.canParse(url) ? new URL(url).pathname : "";
  return { url, info: statedFileInfo(decoded(path), undefined, undefined) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
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
