import type { Mention } from "../../core/event";
import { type HtmlPiece, readHtml } from "./html";
import { isSameId } from "./ids";
import type { WebexMessage } from "./resources/messages";

/** What somebody wrote, and to whom. */
export interface ReadText {
  /** Without the mentions of this bot, trimmed. */
  readonly text: string;
  readonly mentions: readonly Mention[];
}

/**
 * Takes the mentions of the bot out of a message's text. The text shows them as a plain name, which people may write
 * as well; where they are, only the HTML tells. Without HTML nothing is guessed.
 */
export function readText(message: WebexMessage, ownId: string): ReadText {
  const pieces = message.html === undefined ? [] : readHtml(message.html);
  const mentions = mentionsOf(message, pieces);
  const text =
    message.text ?? pieces.map((piece) => (piece.kind === "text" ? piece.text : piece.label)).join("");
  return { text: withoutMentions(text, pieces, ownId).trim(), mentions };
}

function mentionsOf(message: WebexMessage, pieces: readonly HtmlPiece[]): readonly Mention[] {
  const personIds = new Set(message.mentionedPeople);
  let all = message.mentionedGroups.includes("all");
  for (const piece of pieces) {
    if (piece.kind === "person") personIds.add(piece.personId);
    else if (piece.kind === "all") all = true;
  }
  const people = [...personIds].map((personId): Mention => ({ kind: "person", personId }));
  return all ? [...people, { kind: "all" }] : people;
}

function withoutMentions(text: string, pieces: readonly HtmlPiece[], ownId: string): string {
  let rest = text;
  let done = "";
  for (const piece of pieces) {
    const shown = piece.kind === "text" ? piece.text : piece.label;
    const range = find(rest, shown);
    // The text shows something else than the HTML: better to leave a name in than to cut at the wrong place.
    if (range === undefined) continue;
    const isOwn = piece.kind === "person" && isSameId(piece.personId, ownId);
    done = isOwn ? joinAround(done + rest.slice(0, range.start)) : done + rest.slice(0, range.end);
    rest = isOwn ? withoutAddressing(rest.slice(range.end), done) : rest.slice(range.end);
  }
  return done + rest;
}

/**
 * Finds what a piece shows in the text that is left. Blanks and line breaks are not compared: the HTML has them
 * elsewhere, and so has the text of lists.
 */
function find(text: string, shown: string): { start: number; end: number } | undefined {
  if (text.startsWith(shown)) return { start: 0, end: shown.length };
  const wanted = shown.replace(/\s+/g, "");
  if (wanted === "") return { start: 0, end: 0 };
  const begin = skipBlanks(text, 0);
  const end = matchFrom(text, begin, wanted);
  if (end !== undefined) return { start: begin, end };
  return findWords(text, shown);
}

/** Where whole words stand. */
function findWords(text: string, words: string): { start: number; end: number } | undefined {
  for (let start = text.indexOf(words); start !== -1; start = text.indexOf(words, start + 1)) {
    const end = start + words.length;
    if (!WORD.test(text.charAt(start - 1)) && !WORD.test(text.charAt(end))) return { start, end };
  }
  return undefined;
}

const WORD = /[\p{L}\p{N}]/u;

/** @returns where the match ends, in `text` */
function matchFrom(text: string, start: number, wanted: string): number | undefined {
  let at = start;
  for (let index = 0; index < wanted.length; index++) {
    at = skipBlanks(text, at);
    if (text[at] !== wanted[index]) return undefined;
    at++;
  }
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && BLANK.test(text.charAt(at))) at++;
  return at;
}

const BLANK = /\s/;

/** What stands before a mention that is taken out, without the blank that stood between. */
function joinAround(before: string): string {
  return before.replace(/[ \t\u00a0]$/, "");
}

/** "Bellhop, ping" and "Bellhop: ping" say ping; and a line does not begin with the blank that stood behind the name. */
function withoutAddressing(after: string, before: string): string {
  const said = before.trim() === "" ? after.replace(/^[,:;](?=\s|$)/, "") : after;
  return before === "" || before.endsWith("\n") ? said.replace(/^[ \t\u00a0]+/, "") : said;
}
