import fc from "fast-check";
import { md } from "../../src/core/markdown";
import { plainText } from "../../src/core/plain-text";

it.each([
  ["**bold** and *slanted* and _slanted_ and __bold__", "bold and slanted and slanted and bold"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["`a *b*` and ``c ` d``", "a *b* and c ` d"],
  ["```ts\nconst a = **b**;\n```\nafter", "const a = **b**;\nafter"],
  ["# Title\n\n> said\n\n- one\n- two", "Title\n\nsaid\n\n- one\n- two"],
  ["[the page](https://example.com/a_b)", "the page (https://example.com/a_b)"],
  ["[https://example.com](https://example.com)", "https://example.com"],
  ["<@personEmail:ada@example.com|Ada> and <@all>", "Ada and @all"],
  ["~~gone~~ here", "gone here"],
  ["1 \\* 2 &lt; 3 &amp; 4&#64;", "1 * 2 < 3 & 4@"],
  ["\uE0000\uE000", "0"],
])("%j reads %j", (markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});

it("gives back what md was given, whatever somebody wrote", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      fc.pre(!text.includes("\uE000"));
      expect(plainText(md`${text}`)).toBe(text);
    }),
  );
});
