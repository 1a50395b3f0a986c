import type { Token } from "markdown-it";

/** The text of a paragraph, a title or a cell: links as `label (address)`, images with their alternative text. */
export function inlineText(tokens: readonly Token[]): string {
  let text = "";
  /** Links that are open: the address, and where the label begins in `text`. */
  const links: { readonly address: string; readonly start: number }[] = [];
  for (const token of tokens) {
    switch (token.type) {
      case "softbreak":
      case "hardbreak":
        text += "\n";
        break;
      case "image":
        text += withAddress(inlineText(token.children ?? []), String(token.attrGet("src") ?? ""));
        break;
      case "link_open":
        links.push({ address: String(token.attrGet("href") ?? ""), start: text.length });
        break;
      case "link_close": {
        const { address = "", start = text.length } = links.pop() ?? {};
        text = text.slice(0, start) + withAddress(text.slice(start), address);
        break;
      }
      default:
        text += token.content;
    }
  }
  return text;
}

function withAddress(label: string, address: string): string {
  if (address === "" || address === label || address === `mailto:${label}`) return label;
  return label === "" ? address : `${label} (${address})`;
}
