const MARKUP = Symbol.for("bellhop.markup");

/** Markdown that `md` puts in as it is. */
export interface Markup {
  readonly [MARKUP]: string;
  /** The Markdown. */
  toString(): string;
}

function markup(markdown: string): Markup {
  return { [MARKUP]: markdown, toString: () => markdown };
}

/**
 * Mentions somebody, who is told of the message. What people wrote mentions nobody: it takes this.
 * @param person as events have them, or by e-mail address
 * @throws TypeError for an id or an address that cannot be one
 * @example
 * ctx.reply(md`${mention(ctx.person)}, it is your turn.`)
 */
export function mention(
  person: { readonly id: string; readonly displayName?: string | undefined } | { readonly email: string },
): Markup {
  const [kind, value] = "id" in person ? ["personId", person.id] : ["personEmail", person.email];
  if (!/^[^\s|<>]+$/.test(value)) throw new TypeError(`mention: what is given as ${kind} cannot be one`);
  const label = "id" in person ? person.displayName?.replace(/[|<>\s]+/g, " ").trim() : undefined;
  return markup(`<@${kind}:${value}${label ? `|${label}` : ""}>`);
}

/** Mentions everybody in the room. */
export function mentionAll(): Markup {
  return markup("<@all>");
}

/**
 * Markdown in which the values, but for `mention` and `mentionAll`, cannot mention anybody, link anywhere or format anything.
 * What is part of the template stays Markdown. A web address that is written out stays one, and clients may make it
 * clickable; it leads where it says. For text, not for the inside of `code`: there, nothing can be escaped.
 * @example
 * ctx.reply(md`**${task.title}** is for ${person.displayName}`)
 */
export function md(template: TemplateStringsArray, ...values: readonly unknown[]): string {
  return String.raw({ raw: template }, ...values.map(toMarkdown));
}

/** Whether a value is what `mention` or `mentionAll` returns. */
export function isMarkup(value: unknown): value is Markup {
  return typeof value === "object" && value !== null && MARKUP in value;
}

function toMarkdown(value: unknown): string {
  return isMarkup(value) ? String(value) : escapeMarkdown(String(value ?? ""));
}

/**
 * Escapes everything in a text that Markdown, or a platform that reads it, would take for a mark: it is shown as it was
 * written. Takes time linear in the length.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/[\\`*_[\]|~]/g, "\\$&")
      // Backslashes do not stop a mention or a tag everywhere; entities do.
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll("@", "&#64;")
      .replace(EDGE, (blank) => `&#${blank.charCodeAt(0)};`)
      .replace(/^(?:[#+=-]|:(?=-))/gm, "\\$&")
      .replace(/^(\d{1,9})(?=[.)](?:[ \t]|$))/gm, "$1\\")
  );
}

/**
 * The first and the last blank of a line that is not blank. Markdown drops them, takes four at the beginning for code, and
 * two at the end for a line break.
 */
const EDGE = /^[ \t](?=[ \t]*[^ \t\r\n])|^[^\S \t\r\n\v\f]|[^\S \t\r\n\v\f]$|[ \t]$(?<=[^ \t\r\n][ \t]*)/gm;
