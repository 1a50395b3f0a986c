import { badRequest } from "./api-error";
import type { Fields } from "./fields";
import { renderMarkdown } from "./markdown";
import { escapeHtml, type Rendered } from "./markdown-inline";
import type { MessageContent, Room } from "./records";
import type { Webex } from "./webex";

const maxTextBytes = 7439;

/** Reads `text` and `markdown`, and renders the latter; empty when neither is there. */
export function readContent(webex: Webex, room: Room, fields: Fields): MessageContent {
  const text = readText(fields, "text");
  const markdown = readText(fields, "markdown");
  if (markdown === undefined) return text === undefined ? {} : { text };

  const mentioned = new Set<string>();
  let everybody = false;
  const rendered = renderMarkdown(markdown, ({ by, value, label }) => {
    if (by === "all") {
      everybody = true;
      return mentionOf("All", 'data-object-type="groupMention" data-group-type="all"');
    }
    const person = by === "personId" ? webex.store.people.get(value) : webex.store.personByEmail(value);
    if (person === undefined || webex.store.membership(room.id, person.id) === undefined) return undefined;
    mentioned.add(person.id);
    return mentionOf(label ?? person.displayName, `data-object-type="person" data-object-id="${person.id}"`);
  });
  const isPlain = rendered.html === `<p>${escapeHtml(rendered.text)}</p>`;
  return {
    text: text ?? rendered.text,
    markdown,
    ...(isPlain || rendered.html === "" ? {} : { html: rendered.html }),
    ...(mentioned.size > 0 ? { mentionedPeople: [...mentioned] } : {}),
    ...(everybody ? { mentionedGroups: ["all"] } : {}),
  };
}

function mentionOf(label: string, attributes: string): Rendered {
  return { html: `<spark-mention ${attributes}>${escapeHtml(label)}</spark-mention>`, text: label };
}

function readText(fields: Fields, name: "text" | "markdown"): string | undefined {
  const value = fields.optionalString(name);
  if (value === undefined || value === "") return undefined;
  const bytes = Buffer.byteLength(value);
  if (bytes > maxTextBytes) throw badRequest(`'${name}' has ${bytes} bytes; the limit is ${maxTextBytes}.`);
  return value;
}
