import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { escapeCardText } from "../../src/cards/escape-text";
import { cardMarkdownToText } from "../../src/text/card-markdown";

/** What the page of the playground draws with. */
const page = new MarkdownIt("zero", { breaks: true }).enable([
  ...["list", "emphasis", "link", "newline"],
  ...["escape", "entity"],
]);
/** What a client with all of CommonMark draws with. */
const commonMark = new MarkdownIt("commonmark", { html: false });

const signs = fc.string({ unit: fc.constantFrom(..."\\*_[]()&;#a1 .-+\n!:x<".split("")), maxLength: 12 });

describe("a text that is escaped for a card", () => {
  it.each([
    ["[Reset your password](https://evil.example)", "[Reset your password]\\(https://evil.example)"],
    ["**bold** and _italic_", "\\*\\*bold\\*\\* and \\_italic\\_"],
    ["my_file_name.txt", "my_file_name.txt"],
    ["2 * 3 = 6", "2 * 3 = 6"],
    ["[urgent] R&D at 5 %", "[urgent] R&D at 5 %"],
    ["C:\\dir\\file", "C:\\dir\\file"],
    ["- a\n1. b", "\\- a\n1\\. b"],
    ["-5", "-5"],
    ["a]", "a\\]"],
    ["&lt;", "\\&lt;"],
    ["# title `code`", "# title `code`"],
  ])("has a backslash only where it needs one: %j", (text, escaped) => {
    expect(escapeCardText(text)).toBe(escaped);
  });

  it("is read unchanged", () => {
    fc.assert(
      fc.property(signs, (text) => {
        const inner = `a${text}b`;
        // Clients draw no blanks at the beginning and the end of a line.
        const lines = (of: string): string => of.replace(/^ +| +$/gm, "");
        expect(lines(cardMarkdownToText(escapeCardText(inner)))).toBe(lines(inner));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is no link, format or list, wherever it stands in a text with Markdown", () => {
    const around = fc.constantFrom(
      ["", ""],
      ["**", "**"],
      ["_", "_"],
      ["a ", " b"],
      ["- ", ""],
      ["\n", "\n"],
      ["[", "]"],
    );
    fc.assert(
      fc.property(signs, around, (text, [before = "", after = ""]) => {
        const drawn = page.render(before + escapeCardText(text) + after);
        const marks = page.render(`${before}a${after}`).match(/<(?:em|strong|li|a)\b/g) ?? [];
        expect((drawn.match(/<(?:em|strong|li|a)\b/g) ?? []).length).toBeLessThanOrEqual(marks.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it("leads nowhere in a client that reads all of CommonMark", () => {
    fc.assert(
      fc.property(signs, fc.constantFrom("", "!", "x"), (text, before) => {
        expect(
          commonMark.render(`${before}${escapeCardText(`${text}](https://evil.example)${text}`)}`),
        ).not.toMatch(/<a |<img/);
      }),
      { numRuns: 1_000 },
    );
  });
});
