/** Whom a message can mention. */
export interface Mentionable {
  readonly id: string;
  readonly name: string;
}

/**
 * Writes what was typed as Webex wants it: `@Ada Lovelace` becomes `<@personId:…|Ada Lovelace>` and `@All`
 * becomes `<@all>`. Names that nobody in the room has stay as they are.
 */
export function toMarkdown(typed: string, people: readonly Mentionable[]): string {
  const byName = new Map(people.map(({ id, name }) => [name.toLowerCase(), `<@personId:${id}|${name}>`]));
  byName.set("all", "<@all>");
  // The longest name first, so that "@Ada Lovelace" is not read as "@Ada".
  const names = [...byName.keys()].sort((a, b) => b.length - a.length).map(escapePattern);
  const mention = new RegExp(`(?<=^|[\\s(])@(${names.join("|")})(?![\\p{L}\\p{N}_])`, "giu");
  return typed.replace(mention, (whole, name: string) => byName.get(name.toLowerCase()) ?? whole);
}

/** The way back, to edit what was sent. */
export function toTyped(markdown: string): string {
  return markdown.replace(/<@all>/g, "@All").replace(/<@person(?:Id|Email):[^|>]+\|([^>]+)>/g, "@$1");
}

/** The `@` that the caret stands behind, with what was typed since; `undefined` when there is none. */
export function mentionBeforeCaret(
  text: string,
): { readonly at: number; readonly query: string } | undefined {
  const match = /(?:^|[\s(])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u.exec(text);
  if (match === null) return undefined;
  const query = match[1] ?? "";
  return { at: text.length - query.length - 1, query };
}

/** The people whose name, or a later word of it, begins with the query. */
export function matching(people: readonly Mentionable[], query: string): Mentionable[] {
  const wanted = query.toLowerCase();
  return people.filter(({ name }) => {
    const words = name.toLowerCase();
    return words.startsWith(wanted) || words.split(" ").some((word) => word.startsWith(wanted));
  });
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
