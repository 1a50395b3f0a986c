/** Whom a message can mention. */
export interface Mentionable {
  readonly id: string;
  readonly name: string;
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
