import { badRequest } from "./api-error";
import type { Fields } from "./fields";
import { renderHtml } from "./html";
import { renderMarkdown } from "./markdown";
import type { MessageContent } from "./records";
import { escapeHtml, type Rendered, type ResolveMention } from "./rendered";
import type { Webex } from "./webex";

const maxTextBytes = 7439;

/**
 * Reads `text`, and `markdown` or `html`, which it renders; empty when there is none of them. Markdown wins
 * over HTML.
 *
 * @param isMember Whether somebody is in the message's room and so can be mentioned.
 */
export function readContent(
  webex: Webex,
  fields: Fields,
  isMember: (personId: string) => boolean,
): MessageContent {
  const text = readText(fields, "text");
  const markdown = readText(fields, "markdown");
  const html = readText(fields, "html");
  const mentions = new Mentions(webex, isMember);
  if (markdown !== undefined) {
    const rendered = renderMarkdown(markdown, mentions.resolve);
    const isPlain = rendered.html === "" || rendered.html === `<p>${escapeHtml(rendered.text)}</p>`;
    const shown = isPlain ? {} : { html: rendered.html };
    return { text: text ?? rendered.text, markdown, ...shown, ...mentions.found() };
  }
  if (html !== undefined) {
    const rendered = renderHtml(html, mentions.resolve);
    return { text: text ?? rendered.text, html: rendered.html, ...mentions.found() };
  }
  return text === undefined ? {} : { text };
}

/** Collects who a message mentions. */
class Mentions {
  readonly #webex: Webex;
  readonly #isMember: (personId: string) => boolean;
  readonly #people = new Set<string>();
  readonly #groups = new Set<"all">();

  constructor(webex: Webex, isMember: (personId: string) => boolean) {
    this.#webex = webex;
    this.#isMember = isMember;
  }

  readonly resolve: ResolveMention = ({ by, value, label }) => {
    const { store } = this.#webex;
    if (by === "all") {
      this.#groups.add("all");
      return mentionOf("All", 'data-object-type="groupMention" data-group-type="all"');
    }
    const person = by === "personId" ? store.people.get(value) : store.personByEmail(value);
    if (person === undefined || !this.#isMember(person.id)) return undefined;
    this.#people.add(person.id);
    return mentionOf(label ?? person.displayName, `data-object-type="person" data-object-id="${person.id}"`);
  };

  found(): Pick<MessageContent, "mentionedPeople" | "mentionedGroups"> {
    return {
      ...(this.#people.size > 0 ? { mentionedPeople: [...this.#people] } : {}),
      ...(this.#groups.size > 0 ? { mentionedGroups: [...this.#groups] } : {}),
    };
  }
}

function mentionOf(label: string, attributes: string): Rendered {
  return { html: `<spark-mention ${attributes}>${escapeHtml(label)}</spark-mention>`, text: label };
}

function readText(fields: Fields, name: "text" | "markdown" | "html"): string | undefined {
  const value = fields.optionalString(name);
  if (value === undefined || value === "") return undefined;
  const bytes = Buffer.byteLength(value);
  if (bytes > maxTextBytes) throw badRequest(`'${name}' has ${bytes} bytes; the limit is ${maxTextBytes}.`);
  return value;
}
