/** A piece of a message as clients draw it, and as plain text. */
export interface Rendered {
  readonly html: string;
  readonly text: string;
}

/** A mention as its sender wrote it. */
export interface WrittenMention {
  readonly by: "personEmail" | "personId" | "all";
  readonly value: string;
  readonly label: string | undefined;
}

/** Finds what is drawn for a mention. @returns `undefined` if the person is not found */
export type ResolveMention = (mention: WrittenMention) => Rendered | undefined;

/** Schemes of the links that Webex draws. */
export const LINK_SCHEME = /^(?:https?|mailto|tel|sip|webexteams):/i;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Escapes text for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
