import fc from "fast-check";
import { escapeMarkdown, md } from "../../src/core/markdown";
import { markdownToText } from "../../src/text/markdown-to-text";

it.each([
  ["**bold** and *slanted* and _slanted_ and __bold__", "bold and slanted and slanted and bold"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["~~gone~~ here", "gone here"],
  ["`a *b*` and ``c ` d``", "a *b* and c ` d"],
  ["```ts\nconst a = **b**;\n\n```\nafter", "const a = **b**;\n\nafter"],
  ["    indented *code*\n\nafter", "indented *code*\n\nafter"],
  ["# Title\n\n> said\n> twice\n\nmore", "Title\n\n> said\n> twice\n\nmore"],
  ["Title\n=====\ntext", "Title\n=====\ntext"],
  ["one\n\n\n\ntwo  \nthree", "one\n\n\n\ntwo\nthree"],
  ["- one\n- two\n  more\n  1. deep\n- three", "- one\n- two\n  more\n  1. deep\n- three"],
  ["3. three\n7. seven\n\n1) a\n1) b", "3. three\n7. seven\n\n1) a\n2) b"],
  ["1. a\n2. b\n(a number, or the name)", "1. a\n2. b\n(a number, or the name)"],
  ["-\n- b", "-\n- b"],
  ["| a | b |\n|---|:-:|\n| `c` | **d** |\n\nafter", "a | b\nc | d\n\nafter"],
  ["one\n\n---\ntwo", "one\n\n---\ntwo"],
  ["[the page](https://example.com/a_b)", "the page (https://example.com/a_b)"],
  ["[**the** page](<https://example.com/a b>)", "the page (https://example.com/a b)"],
  ["[https://example.com](https://example.com)", "https://example.com"],
  ["<https://example.com> <ada@example.com>", "https://example.com ada@example.com"],
  ["[call](tel:+41) [run](javascript:x)", "call (tel:+41) run (javascript:x)"],
  ["![a chart](https://example.com/c.png)", "a chart (https://example.com/c.png)"],
  ["[![a chart](c.png)](page)", "a chart (c.png) (page)"],
  ["[warning]: overloaded", "[warning]: overloaded"],
  ["<b>kept</b> & <!-- kept -->", "<b>kept</b> & <!-- kept -->"],
  ["<@personEmail:ada@example.com|Ada>, <@personId:Y2lz> and <@all>", "Ada, Y2lz and @all"],
  ["<@personEmail:ada@example.com>", "ada@example.com"],
  ["1 \\* 2 &lt; 3 &amp; 4&#64;", "1 * 2 < 3 & 4@"],
  ["a\r\nb", "a\nb"],
  ["**", "**"],
  ["#", "#"],
])("%j reads %j", (markdown, text) => {
  expect(markdownToText(markdown)).toBe(text);
});

it.each([">".repeat(60), "- ".repeat(30), "> - ".repeat(30)])(
  "text behind %j is not lost: it stays as it was written",
  (nested) => {
    expect(markdownToText(`${nested}word`)).toBe(`${nested}word`);
  },
);

describe("text that md escapes is the same text again", () => {
  // Marks of Markdown and blanks are more frequent than anything else.
  const marks = fc.constantFrom(
    ..."\\`*_[]|~<>@&#+=-!().:;/\"'0123456789 \t\n\u00a0\u3000",
    "```",
    "~~~",
    "1. ",
    "&lt;",
  );
  const hostile = fc.array(fc.oneof(marks, fc.string({ unit: "grapheme", maxLength: 3 })), { maxLength: 40 });
  // Other characters of control are not written by people.
  const text = hostile.map((parts) => parts.join("").replace(/[^\P{Cc}\t\n]|[\u2028\u2029]/gu, ""));

  it("alone", () => {
    fc.assert(
      fc.property(text, (written) => expect(markdownToText(md`${written}`)).toBe(written)),
      { numRuns: 500 },
    );
  });

  it("within a sentence", () => {
    fc.assert(
      fc.property(text, (written) => {
        // The sentence itself has no blanks at the ends of lines.
        fc.pre(!/^[^\S\n]*\n|\n[^\S\n]*$/.test(written));
        expect(markdownToText(md`You said:${written}!`)).toBe(`You said:${written}!`);
      }),
    );
  });

  it.each([
    "use `npm start` and `x`",
    "  indented",
    "ends in blanks  \nhere",
    "1. no list",
    "a\n---",
    "[x]: y",
    "| a |\n|-|",
  ])("for example %j", (written) => {
    expect(markdownToText(escapeMarkdown(written))).toBe(written);
  });
});
