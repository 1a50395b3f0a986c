/**
 * Markdown in which the values cannot mention anybody, link anywhere or format anything.
 * What is part of the template stays Markdown.
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
    .replace(/^(\s*)([#+=-]|\d+(?=[.)]))/gm, (_, space: string, marker: string) =>
      /\d/.test(marker) ? `${space}${marker}\\` : `${space}\\${marker}`,
    );
}

// Backslashes do not stop a mention or a tag everywhere; entities do.
const ENTITIES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;" };
