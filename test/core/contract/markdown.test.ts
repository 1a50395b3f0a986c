import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { escapeMarkdown, md, mention, mentionAll } from "../../../src/core/contract/markdown";

// With raw HTML allowed, so that a tag that gets through is seen.
const reader = new MarkdownIt({ html: true });

/** What is drawn: the text, and the kinds of everything that is more than a paragraph of text. */
function read(markdown: string): { text: string; formatting: string[] } {
  const tokens = reader.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  const plain = /^(paragraph_open|paragraph_close|inline|text|text_special|softbreak|hardbreak)$/;
  return {
    text: tokens
      .map(({ type, content }) =>
        type === "paragraph_close" ? "\n\n" : /break$/.test(type) ? "\n" : /^text/.test(type) ? content : "",
      )
      .join(""),
    formatting: tokens.map(({ type }) => type).filter((type) => !plain.test(type)),
  };
}

/** The words and signs; how blanks are drawn is the reader's business. */
const signs = (text: string): string => text.replace(/[\s\u00A0]+/g, "");

const nasty = fc
  .array(
    fc.constantFrom(
      ..."\\`*_[](){}|~<>@&#+-=.!:;'\"/0123456789 \t\n\rab".split(""),
      "    ",
      "<@all>",
      "<b>",
      "![x](y)",
      "[x]: http://y",
      "```",
      "---",
      "&amp;",
      "&#42;",
      "1. ",
      "\n\n",
      "ü",
      "👍🏽",
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

/** What ends a line for some reader of Markdown, and what looks as if it did. */
const lineEnds = ["\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029", "\u001c"];
/** Lines that make something else of the line before them, or of themselves, in parts. */
const ofLines = fc
  .array(
    fc.constantFrom(...lineEnds, ..."|:-=#*+>~`<!&_ \t1.)a", "---", ":--", "<div>", "<!--", "a|b", "1. "),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

describe("escapeMarkdown", () => {
  it("leaves no table, title, rule, list or block of HTML, whatever ends its lines", () => {
    fc.assert(
      fc.property(ofLines, (text) => {
        const { text: drawn, formatting } = read(escapeMarkdown(text));
        expect(formatting).toEqual([]);
        expect(signs(drawn)).toBe(signs(text));
      }),
      { numRuns: 5_000, examples: [["|\r:---"], ["a|b\n:-:\n1"], ["a\n:--"]] },
    );
  });

  it("leaves nothing that is drawn as anything but the text itself", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { text: drawn, formatting } = read(escapeMarkdown(text));
        expect(formatting).toEqual([]);
        expect(signs(drawn)).toBe(signs(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it("leaves nothing in the middle of a line either", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const oneLine = text.replace(/\s/g, " ");
        const { text: drawn, formatting } = read(`**Title:** before ${escapeMarkdown(oneLine)} after`);
        expect(formatting).toEqual(["strong_open", "strong_close"]);
        expect(signs(drawn)).toBe(signs(`Title: before ${oneLine} after`));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["a mention of a person", "<@personEmail:ada@example.com|Ada>"],
    ["a mention of all", "<@all>"],
    ["a tag", "<script>alert(1)</script>"],
    ["an entity", "&lt;b&gt;"],
    ["a link", "[click](https://example.com)"],
    ["a link in angles", "<https://example.com>"],
    ["a link by reference", "[a]: https://example.com\n\n[a]"],
    ["an image", "![x](https://example.com/x.png)"],
    ["a heading", "# Heading"],
    ["a heading by underlining", "Heading\n==="],
    ["a rule", "---"],
    ["a quotation", "> said"],
    ["a list", "- one\n+ two\n* three"],
    ["a numbered list", "1. one\n2) two"],
    ["code", "`x` and ```y```"],
    ["a block of code", "```\nx\n```"],
    ["a block of code by indentation", "    x * y\n\n\tz * y"],
    ["a table", "a|b\n-|-\n1|2"],
    ["emphasis", "*a* _b_ **c** ~~d~~"],
    ["a backslash", "C:\\new\\*"],
  ])("makes plain text of %s", (_what, text) => {
    const { text: drawn, formatting } = read(escapeMarkdown(text));
    expect(formatting).toEqual([]);
    expect(signs(drawn)).toBe(signs(text));
  });

  it("leaves nothing with which Webex begins a mention or a tag", () => {
    fc.assert(fc.property(nasty, (text) => expect(escapeMarkdown(text)).not.toMatch(/[<>@]/)));
  });

  it("leaves ordinary text as it is", () => {
    const text = "Lunch at 12.30, in room 5 (second floor) - bring 2 friends; it's free!\n2 of us are there.";
    expect(escapeMarkdown(text)).toBe(text);
  });

  it("looks once at many empty lines", () => {
    // Looked at once for every line, this takes minutes.
    expect(escapeMarkdown("\n".repeat(400_000))).toHaveLength(400_000);
  });
});

describe("md", () => {
  it("keeps the template's Markdown and escapes the values", () => {
    expect(read(md`**${"*Ada*"}** wrote to [the desk](https://example.com)`).formatting).toEqual([
      "strong_open",
      "strong_close",
      "link_open",
      "link_close",
    ]);
    expect(md`**${"*Ada*"}**`).toBe("**\\*Ada\\***");
  });

  it("takes numbers and dates, and shows nothing for what is missing", () => {
    expect(md`${12.5} ${undefined}${null} ${true}`).toBe("12.5  true");
  });

  it("keeps line ends and other signs that the template writes with a backslash", () => {
    expect(md`one\ntwo \*`).toBe("one\ntwo *");
  });
});

describe("a mention", () => {
  it.each([
    ["by id", mention({ id: "ada", displayName: "Ada" }), "<@personId:ada|Ada>"],
    ["by id, without a name", mention({ id: "ada" }), "<@personId:ada>"],
    ["by address", mention({ email: "ada@example.com" }), "<@personEmail:ada@example.com>"],
    ["of everybody", mentionAll(), "<@all>"],
    [
      "whose name would end it",
      mention({ id: "ada", displayName: "A> <@all|\nB" }),
      "<@personId:ada|A @all B>",
    ],
  ])("%s is put in as it is", (_what, given, markdown) => {
    expect(md`Hello ${given}!`).toBe(`Hello ${markdown}!`);
  });

  it("is what nobody can write", () => {
    expect(md`${"<@all>"} ${{ toString: () => "<@all>" }}`).not.toContain("<@");
  });

  it.each(["ada|Ada", "a>b", "a b", ""])("of %j is refused", (id) => {
    expect(() => mention({ id })).toThrow(TypeError);
  });
});
