import type { Mention } from "../../core/contract/event";
import { type IsMention, type Mentioned, type MessagePiece, readMessageHtml, splitMentions } from "./html";
import { isSameId } from "./ids";
import { locate, type Range } from "./locate";
import type { WebexMessage } from "./resources/messages";

/** What a person wrote, and whom they mentioned. */
export interface ReadText {
  /** Without the mentions of this bot, trimmed. */
  readonly text: string;
  readonly mentions: readonly Mention[];
  /** Whether this bot is mentioned. */
  readonly isMentioned: boolean;
}

/** How people mention this bot. */
export interface OwnNames {
  readonly id: string;
  readonly emails: readonly string[];
  /** Clients show the whole name, or its first word alone. */
  readonly displayName: string;
}

/**
 * Takes the mentions of the bot out of a message's text. The text shows them as a plain name, which people may write
 * as well: the HTML says where they are. Where it does not, and Webex says that the bot is mentioned, the first name
 * in the text that is the bot's is the mention. Takes time linear in the length.
 */
export function readText(message: WebexMessage, own: OwnNames): ReadText {
  const isOwn = (mentioned: Mentioned): boolean => isMentionOf(mentioned, own);
  const isMention: IsMention = (mentioned) => isConfirmed(mentioned, message, own);
  const html = message.html === undefined ? [] : readMessageHtml(message.html, isMention);
  const mentions = mentionsOf(message, html);
  const written = message.text === undefined ? html : splitMentions(message.text, isMention);
  const text = written.map((piece) => piece.text).join("");
  // What the text itself says is exact; what stands in the HTML has to be found in the text.
  const pieces = written.some(({ kind }) => kind === "mark") ? written : withoutAdded(html);
  const found = locate(text, pieces, (piece) => piece.kind === "mark" && isOwn(piece.mark));
  const isMeant = message.mentionedPeople.some((personId) => isSameId(personId, own.id));
  const ranges = found.length === 0 && isMeant ? findName(text, own.displayName) : found;
  return { text: withoutRanges(text, ranges).trim(), mentions, isMentioned: isMeant || found.length > 0 };
}

/** Whether Webex lists it. Of others' addresses the list does not tell: any mention will do. */
function isConfirmed(mentioned: Mentioned, message: WebexMessage, own: OwnNames): boolean {
  const { mentionedPeople, mentionedGroups } = message;
  switch (mentioned.kind) {
    case "person":
      return mentionedPeople.some((id) => isSameId(id, mentioned.personId));
    case "email":
      return isMentionOf(mentioned, own)
        ? mentionedPeople.some((id) => isSameId(id, own.id))
        : mentionedPeople.length > 0;
    case "all":
      return mentionedGroups.includes("all");
    default:
      return mentioned satisfies never;
  }
}

function isMentionOf(mentioned: Mentioned, own: OwnNames): boolean {
  switch (mentioned.kind) {
    case "person":
      return isSameId(mentioned.personId, own.id);
    case "email":
      return own.emails.includes(mentioned.email.toLowerCase());
    case "all":
      return false;
    default:
      return mentioned satisfies never;
  }
}

function withoutAdded(pieces: readonly MessagePiece[]): readonly MessagePiece[] {
  return pieces.filter(({ kind }) => kind !== "added");
}

function mentionsOf(message: WebexMessage, pieces: readonly MessagePiece[]): readonly Mention[] {
  const personIds = new Set(message.mentionedPeople);
  let all = message.mentionedGroups.includes("all");
  for (const piece of pieces) {
    if (piece.kind !== "mark") continue;
    if (piece.mark.kind === "person") personIds.add(piece.mark.personId);
    else if (piece.mark.kind === "all") all = true;
  }
  const people = [...personIds].map((personId): Mention => ({ kind: "person", personId }));
  return all ? [...people, { kind: "all" }] : people;
}

/** Finds the bot's name in a text, as whole words: the whole name, else its first word. */
function findName(text: string, displayName: string): readonly Range[] {
  const words = displayName.trim().split(/\s+/);
  for (const name of [words, words.slice(0, 1)]) {
    const pattern = name.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("\\s{1,8}");
    const found =
      pattern === ""
        ? null
        : new RegExp(`(?<![\\p{L}\\p{N}])@?${pattern}(?![\\p{L}\\p{N}])`, "iu").exec(text);
    if (found !== null) return [{ start: found.index, end: found.index + found[0].length }];
  }
  return [];
}

const BLANK = /[ \t\u00a0]/;

/** @param ranges in order */
function withoutRanges(text: string, ranges: readonly Range[]): string {
  const kept: string[] = [];
  let isBlank = true;
  let isLineStart = true;
  let at = 0;
  for (const { start, end } of ranges) {
    // The blank between the mention and the word before it goes with the mention.
    const before = text.slice(at, BLANK.test(text.charAt(start - 1)) && start > at ? start - 1 : start);
    kept.push(before);
    isBlank &&= before.trim() === "";
    if (before !== "") isLineStart = before.endsWith("\n");
    at = end;
    // "Bellhop, ping" and "Bellhop: ping" mean ping.
    if (isBlank && /[,:;]/.test(text.charAt(at)) && /^\s?$/.test(text.charAt(at + 1))) at++;
    while (isLineStart && BLANK.test(text.charAt(at))) at++;
  }
  kept.push(text.slice(at));
  return kept.join("");
}
