import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

const tags = [
  ...["p", "br", "hr", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "pre", "code"],
  ...["b", "strong", "i", "em", "u", "s", "del", "a", "spark-mention"],
];
const attributes = ["href", "start", "data-object-type", "data-object-id", "data-group-type"];
const purify = DOMPurify();
/** Adaptive Cards know bold, italic, lists and links, and show everything else unchanged. */
const markdown = new MarkdownIt("zero", { breaks: true }).enable([
  ...["list", "emphasis", "link", "newline"],
  ...["escape", "entity"],
]);

purify.addHook("afterSanitizeAttributes", (element) => {
  if (element.tagName !== "A") return;
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", "noopener noreferrer");
});

/** A message's HTML, reduced to what Webex draws. Whatever could run or load is gone. */
export function safeFragment(html: string): DocumentFragment {
  return purify.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

/** The Markdown of a card as HTML, reduced in the same way. */
export function safeMarkdown(source: string): string {
  return purify.sanitize(markdown.render(source), { ALLOWED_TAGS: tags, ALLOWED_ATTR: attributes });
}
