import type { Token } from "markdown-it";

/** A list item or a quote that is open. */
interface Container {
  /** Stands before its first line; empty once that line is written. */
  mark: string;
  /** Stands before its other lines. */
  readonly indent: string;
}

/** Writes the blocks of a Markdown text as lines of plain text, with the blank lines that the source has between them. */
export class BlockWriter {
  readonly #source: readonly string[];
  readonly #toText: (inline: Token) => string;
  readonly #lines: string[] = [];
  readonly #containers: Container[] = [];
  /** The last number of each list that is open; `undefined` before its first item. */
  readonly #numbers: (number | undefined)[] = [];
  /** The first line of the source that is not written. */
  #next = 0;
  /** Cells of the table row that is open. */
  #cells: string[] | undefined;

  /** @param toText reads the content of a paragraph, a title or a cell */
  constructor(source: readonly string[], toText: (inline: Token) => string) {
    this.#source = source;
    this.#toText = toText;
  }

  /** Writes lines as they are in the source. @param end the line after the last one */
  writeSource(start: number, end: number): void {
    this.#writeBlankLines(start);
    for (; this.#next < end; this.#next++) this.#lines.push(this.#source[this.#next] ?? "");
  }

  /** @returns all that is written */
  end(): string {
    this.#writeBlankLines(this.#source.length);
    return this.#lines.join("\n");
  }

  write(token: Token): void {
    const [start, end] = token.map ?? [this.#next, this.#next];
    switch (token.type) {
      case "inline":
        this.#writeInline(token, start, end);
        break;
      case "fence":
      case "code_block":
        this.#writeBlock(token.content.replace(/\n$/, "").split("\n"), start, end);
        break;
      case "hr":
        this.#writeBlock([token.markup], start, end);
        break;
      case "tr_open":
        this.#writeBlankLines(start);
        this.#cells = [];
        break;
      case "tr_close":
        this.#writeBlock([(this.#cells ?? []).join(" | ")], this.#next, this.#next + 1);
        this.#cells = undefined;
        break;
      default:
        this.#writeContainer(token, start);
    }
  }

  #writeContainer(token: Token, start: number): void {
    switch (token.type) {
      case "bullet_list_open":
      case "ordered_list_open":
        this.#numbers.push(undefined);
        break;
      case "bullet_list_close":
      case "ordered_list_close":
        this.#numbers.pop();
        break;
      case "list_item_open": {
        this.#writeBlankLines(start);
        const mark = `${this.#numberOf(token)}${token.markup} `;
        this.#containers.push({ mark, indent: " ".repeat(mark.length) });
        break;
      }
      case "blockquote_open":
        this.#writeBlankLines(start);
        this.#containers.push({ mark: "> ", indent: "> " });
        break;
      case "list_item_close":
      case "blockquote_close":
        // One without a text still has its mark.
        if (this.#containers.at(-1)?.mark !== "") this.#writeBlock([""], this.#next, this.#next + 1);
        this.#containers.pop();
        break;
    }
  }

  /** Numbers stay unchanged, except that a list counts: `1. 1. 1.` is 1, 2, 3. */
  #numberOf({ info }: Token): string {
    if (info === "") return "";
    const before = this.#numbers.at(-1);
    const number = before === undefined ? Number(info) : Math.max(Number(info), before + 1);
    this.#numbers[this.#numbers.length - 1] = number;
    return String(number);
  }

  #writeInline(token: Token, start: number, end: number): void {
    const text = this.#toText(token);
    if (this.#cells !== undefined) {
      this.#cells.push(text.replaceAll("\n", " "));
      return;
    }
    const lines = text.split("\n");
    // A title without words stays as it was written.
    if (token.content === "") this.#writeBlock([(this.#source[start] ?? "").trim()], start, end);
    else this.#writeBlock(lines, start, end, lines.length === end - start);
  }

  /** @param isLineByLine whether each line is one line of the source, so that a line that is not indented there is not here */
  #writeBlock(lines: readonly string[], start: number, end: number, isLineByLine = false): void {
    this.#writeBlankLines(start);
    for (const [index, line] of lines.entries()) {
      const isBare = isLineByLine && index > 0 && /^[^\s>]/.test(this.#source[start + index] ?? "");
      const prefix = isBare ? "" : this.#prefix();
      this.#lines.push(line === "" ? prefix.trimEnd() : prefix + line);
    }
    this.#next = Math.max(this.#next, end);
  }

  #prefix(): string {
    return this.#containers
      .map((container) => {
        const { mark, indent } = container;
        container.mark = "";
        return mark === "" ? indent : mark;
      })
      .join("");
  }

  /** Writes the blank lines before a line of the source. */
  #writeBlankLines(before: number): void {
    for (; this.#next < before; this.#next++) {
      const line = this.#source[this.#next] ?? "";
      if (/^[\s>]*$/.test(line)) this.#lines.push(line);
    }
  }
}
