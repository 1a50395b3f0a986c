import { Parser } from "htmlparser2";

/** A piece of what a person sees of HTML. */
export type HtmlPiece<Mark> =
  /** Text of the HTML, and its line breaks. */
  | { readonly kind: "text"; readonly text: string }
  /** Text in the place of what plain text cannot show: an address, the number of a list item, an image. */
  | { readonly kind: "added"; readonly text: string }
  /** Text of an element that the caller knows; of an image its alternative text. */
  | { readonly kind: "mark"; readonly mark: Mark; readonly text: string };

type Attributes = Readonly<Record<string, string>>;

/** Elements that are read within each other. The parser takes quadratic time for more. */
const MAX_DEPTH = 200;

/**
 * Reads the text of HTML, in time linear in its length: paragraphs, line breaks, lists with their numbers, tables as
 * rows of cells, links with their address, images with their alternative text and address, and the text of every other
 * element. Scripts, style sheets and comments have no text.
 * @param markOf what the caller knows an element as; `undefined` for an ordinary element
 * @returns `undefined` for HTML that is nested deeper than 200 elements
 */
export function readHtml<Mark>(
  html: string,
  markOf: (element: string, attributes: Attributes) => Mark | undefined,
): readonly HtmlPiece<Mark>[] | undefined {
  const reader = new HtmlReader(markOf);
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (!reader.open(name, attributes)) parser.pause();
      },
      ontext: (text) => reader.addText(text),
      onclosetag: (name, isImplied) => reader.close(name, isImplied),
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return reader.isTooDeep ? undefined : reader.pieces;
}

const HIDDEN: ReadonlySet<string> = new Set(["script", "style", "head", "template"]);
const BLOCKS: ReadonlySet<string> = new Set(
  "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre table tr section article header footer figure".split(
    " ",
  ),
);

interface Link {
  readonly address: string;
  /** Its text so far. */
  label: string;
}

class HtmlReader<Mark> {
  readonly pieces: HtmlPiece<Mark>[] = [];
  isTooDeep = false;
  readonly #markOf: (element: string, attributes: Attributes) => Mark | undefined;
  #depth = 0;
  /** Elements that are open and whose text is not shown. */
  #hidden = 0;
  /** Elements that are open and whose blanks are kept. */
  #preformatted = 0;
  /** Of each list that is open, the number of the next item; `undefined` where items have no numbers. */
  readonly #lists: (number | undefined)[] = [];
  readonly #links: Link[] = [];
  #mark: { readonly mark: Mark; text: string; readonly element: string } | undefined;
  /** The last character that is read; a line break before the first one. */
  #last = "\n";
  /** Of the last piece, unless it is a mark. */
  #kind: "text" | "added" | undefined;
  #isAfterCell = false;

  constructor(markOf: (element: string, attributes: Attributes) => Mark | undefined) {
    this.#markOf = markOf;
  }

  /** @returns whether the element is not too deep */
  open(name: string, attributes: Attributes): boolean {
    this.#depth++;
    this.isTooDeep ||= this.#depth > MAX_DEPTH;
    if (this.isTooDeep) return false;
    if (HIDDEN.has(name)) this.#hidden++;
    if (name === "pre") this.#preformatted++;
    if (BLOCKS.has(name)) this.#breakLine();
    const mark = this.#markOf(name, attributes);
    if (mark !== undefined && name === "img") this.#addMarkedImage(mark, attributes.alt ?? "");
    else if (mark !== undefined) {
      this.#endMark();
      this.#mark = { mark, text: "", element: name };
    } else this.#openKnown(name, attributes);
    return true;
  }

  #openKnown(name: string, attributes: Attributes): void {
    switch (name) {
      case "br":
        this.#add("text", "\n");
        break;
      case "hr":
        this.#breakLine();
        this.#add("added", "---");
        this.#breakLine();
        break;
      case "ul":
        this.#lists.push(undefined);
        break;
      case "ol":
        this.#lists.push(startOf(attributes));
        break;
      case "li":
        this.#add("added", this.#itemMark());
        // A paragraph that begins an item does not begin a line.
        this.#last = "\n";
        break;
      case "td":
      case "th":
        if (this.#isAfterCell) this.#add("added", " | ");
        this.#isAfterCell = true;
        break;
      case "a":
        this.#links.push({ address: attributes.href ?? "", label: "" });
        break;
      case "img":
        this.#add("added", imageText(attributes));
        break;
    }
  }

  /** An image has no end tag. */
  #addMarkedImage(mark: Mark, text: string): void {
    this.#endMark();
    this.#kind = undefined;
    if (text !== "") this.#last = text.charAt(text.length - 1);
    this.pieces.push({ kind: "mark", mark, text });
  }

  #itemMark(): string {
    const number = this.#lists.at(-1);
    const indent = "  ".repeat(Math.max(0, this.#lists.length - 1));
    if (number === undefined) return `${indent}- `;
    this.#lists[this.#lists.length - 1] = number + 1;
    return `${indent}${number}. `;
  }

  addText(text: string): void {
    // A blank that does not break is a blank to every command.
    if (this.#preformatted > 0) this.#add("text", text.replaceAll("\u00a0", " "));
    else {
      const collapsed = text.replace(/[ \t\r\n\f]+/g, " ");
      // Blanks at the beginning of a line are those of the HTML's own lines.
      const shown = /\s/.test(this.#last) ? collapsed.replace(/^ /, "") : collapsed;
      this.#add("text", shown.replaceAll("\u00a0", " "));
    }
  }

  /** @param isImplied whether the HTML has no such tag: an element that never ends is no mark */
  close(name: string, isImplied: boolean): void {
    this.#depth--;
    if (HIDDEN.has(name)) this.#hidden--;
    if (name === "pre") this.#preformatted--;
    if (this.#mark?.element === name) this.#endMark(isImplied);
    if (name === "ul" || name === "ol") this.#lists.pop();
    if (name === "tr") this.#isAfterCell = false;
    if (name === "a") this.#closeLink(this.#links.pop());
    // An item without a text is a line, too.
    if (name === "li" && this.#kind === "added" && this.#last === "\n") this.#add("text", "\n");
    if (BLOCKS.has(name)) this.#breakLine();
  }

  #closeLink(link: Link | undefined): void {
    if (link === undefined) return;
    const { address, label } = link;
    if (address !== "" && address !== label.trim() && address !== `mailto:${label.trim()}`)
      this.#add("added", label === "" ? address : ` (${address})`);
  }

  #endMark(isText = false): void {
    if (this.#mark === undefined) return;
    const { mark, text } = this.#mark;
    this.#mark = undefined;
    this.#kind = undefined;
    this.pieces.push(isText ? { kind: "text", text } : { kind: "mark", mark, text });
  }

  #breakLine(): void {
    if (this.#last !== "\n") this.#add("text", "\n");
  }

  #add(kind: "text" | "added", text: string): void {
    if (text === "" || this.#hidden > 0) return;
    // One line of text is one piece, even if the parser brings it in parts.
    const isNew = kind !== this.#kind || text === "\n" || this.#last === "\n";
    this.#last = text.charAt(text.length - 1);
    const link = this.#links.at(-1);
    if (link !== undefined) link.label += text;
    if (this.#mark !== undefined) {
      this.#mark.text += text;
      return;
    }
    this.#kind = kind;
    const before = isNew ? undefined : this.pieces.pop();
    this.pieces.push({ kind, text: (before?.text ?? "") + text });
  }
}

function startOf({ start }: Attributes): number {
  return start !== undefined && /^\d{1,9}$/.test(start) ? Number(start) : 1;
}

/** Whether the alternative text of an image is the character that the image shows. */
export function isEmoji(alternative: string): boolean {
  return (
    alternative.length <= LONGEST_EMOJI &&
    /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(alternative) &&
    !/[\p{L}\p{N}\s]/u.test(alternative)
  );
}

/** In UTF-16 units; a family of four with skin tones has about thirty. */
const LONGEST_EMOJI = 40;

/** An image that is within the HTML has no address. */
function imageText({ alt = "", src = "" }: Attributes): string {
  if (isEmoji(alt)) return alt;
  if (/^(?:data|cid|blob):/i.test(src)) return alt === "" ? "[image]" : alt;
  return withAddress(alt, src);
}

function withAddress(label: string, address: string): string {
  if (address === "") return label;
  return label === "" ? address : `${label} (${address})`;
}
