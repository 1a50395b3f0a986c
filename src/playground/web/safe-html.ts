import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

const tags = [
  ...["p", "br", "hr", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "pre", "code"],
  ...["b", "strong", "i", "em", "u", "s", "del", "a", "spark-mention"],
];
const attributes = ["href", "start", "data-object-type", "data-object-id", "data-group-type"];
const purify = DOMPurify();
const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true });

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

/** A card's Markdown as HTML, reduced in the same way. */
export function safeMarkdown(source: string): string {
  return purify.sanitize(markdown.render(source), { ALLOWED_TAGS: tags, ALLOWED_ATTR: attributes });
}
