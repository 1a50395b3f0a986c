import type { Mentionable } from "../mentions";

/**
 * Writes what was typed as Webex wants it: `@Ada Lovelace` becomes `<@personId:…|Ada Lovelace>` and `@All`
 * becomes `<@all>`. Names that nobody in the room has stay unchanged.
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
  return markdown.replace(/<@all>/g, "@All").replace(/<@person(?:Id|Email):[^|<>]+\|([^<>]+)>/g, "@$1");
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
