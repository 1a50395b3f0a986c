/**
 * Markdown in which the values cannot mention anybody, link anywhere or format anything.
 * What is part of the template stays Markdown. A web address that is written out stays one, and clients may make it
 * clickable; it leads where it says. For text, not for the inside of `code`: there, nothing can be escaped.
 * @example
 * ctx.reply(md`**${task.title}** is for ${person.displayName}`)
 */
export function md(template: TemplateStringsArray, ...values: readonly unknown[]): string {
  return String.raw({ raw: template }, ...values.map((value) => escapeMarkdown(String(value ?? ""))));
}

/** A text in which nothing is Markdown, nor a mention, any more. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]|~<>@&]/g, (character) => ENTITIES[character] ?? `\\${character}`)
    .replace(/^[ \t](?=[ \t]*\S)/gm, (blank) => (blank === " " ? "&#32;" : "&#9;")) // else a block of code
    .replace(/^[#+=-]/gm, "\\$&")
    .replace(/^(\d{1,9})(?=[.)](?:[ \t]|$))/gm, "$1\\");
}

// Backslashes do not stop a mention or a tag everywhere; entities do.
const ENTITIES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;" };
