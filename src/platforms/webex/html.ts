import { type HtmlPiece, readHtml } from "../../text/read-html";

/** Who is mentioned: a person by id or, in Markdown, by e-mail address; or all people in the room. */
export type Mentioned =
  | { readonly kind: "person"; readonly personId: string }
  | { readonly kind: "email"; readonly email: string }
  | { readonly kind: "all" };

/** A piece of what a message shows. */
export type MessagePiece = HtmlPiece<Mentioned>;

/**
 * Reads what a received message's HTML shows, with its mentions, which are
 * `<spark-mention data-object-type="person" data-object-id="…">Name</spark-mention>` (undocumented; observed in
 * captures) or the Markdown that the message was posted with, `<@personId:…|Name>`. Takes time linear in the length.
 * @param isMention as for {@link splitMentions}
 * @returns nothing for HTML that is nested too deep to be read
 */
export function readMessageHtml(html: string, isMention: IsMention): readonly MessagePiece[] {
  const pieces = readHtml(html, mentionedBy) ?? [];
  return pieces.flatMap((piece) => (piece.kind === "text" ? splitMentions(piece.text, isMention) : piece));
}

function mentionedBy(element: string, attributes: Readonly<Record<string, string>>): Mentioned | undefined {
  if (element !== "spark-mention") return undefined;
  if (attributes["data-object-type"] === "groupMention")
    return attributes["data-group-type"] === "all" ? { kind: "all" } : undefined;
  const personId = attributes["data-object-id"];
  return personId === undefined ? undefined : { kind: "person", personId };
}

/** Bounded, so that each `<` is looked at briefly. */
const MENTION = /<@(?:(all)|(personId|personEmail):([^|<>\n]{1,512})(?:\|([^<>\n]{0,512}))?)>/gi;

/** Whether Webex says that the message mentions this. People can write the marks as text, too. */
export type IsMention = (mentioned: Mentioned) => boolean;

/** Splits a text at the mentions that are written as in Markdown: `<@personEmail:ada@example.com|Ada>`. */
export function splitMentions(text: string, isMention: IsMention): MessagePiece[] {
  const pieces: MessagePiece[] = [];
  let end = 0;
  for (const match of text.matchAll(MENTION)) {
    const [whole, all, kind, value = "", label] = match;
    const mark: Mentioned = all === undefined ? mentionOf(kind?.toLowerCase(), value) : { kind: "all" };
    if (!isMention(mark)) continue;
    if (match.index > end) pieces.push({ kind: "text", text: text.slice(end, match.index) });
    end = match.index + whole.length;
    pieces.push({
      kind: "mark",
      mark,
      text: all === undefined ? label || value : "All",
    });
  }
  if (end < text.length) pieces.push({ kind: "text", text: text.slice(end) });
  return pieces;
}

function mentionOf(kind: string | undefined, value: string): Mentioned {
  return kind === "personid" ? { kind: "person", personId: value } : { kind: "email", email: value };
}
