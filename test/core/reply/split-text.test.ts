import fc from "fast-check";
import { splitText } from "../../../src/core/reply/split-text";

const bytes = (text: string): number => Buffer.byteLength(text);
const withoutBlanks = (text: string): string => text.replace(/\s/g, "");

const grapheme = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", " ", "\n", "ü", "語", "*", "-") },
  { weight: 2, arbitrary: fc.constantFrom("👩‍🚀", "👍🏽", "🇩🇪", "e\u0301", "👨‍👩‍👧‍👦", "नि") },
);
const prose = fc.array(grapheme, { maxLength: 400 }).map((parts) => parts.join(""));
const limit = fc.integer({ min: 64, max: 300 });

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const graphemesOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

describe("splitText", () => {
  it("leaves alone what is short enough", () => {
    for (const text of ["", "short", "x".repeat(64), "語".repeat(21)])
      expect(splitText(text, 64)).toEqual([text]);
  });

  it("cuts at the last line end that fits", () => {
    const line = "a line of thirty characters...";
    expect(splitText([line, line, line].join("\n"), 79)).toEqual([`${line}\n${line}`, line]);
  });

  it("cuts between words where a line is too long", () => {
    const parts = splitText("word ".repeat(40).trim(), 64);
    for (const part of parts) expect(part.trim()).toMatch(/^(word )*word$/);
  });

  it("cuts between characters where a word is too long", () => {
    const parts = splitText("x".repeat(200), 64);
    expect(parts.join("")).toBe("x".repeat(200));
  });

  it("makes no part that is empty or blank, which platforms refuse", () => {
    expect(splitText(`  \n${"x".repeat(100)}`, 64)[0]).toMatch(/^x/);
    expect(splitText(`one${"\n".repeat(300)}two`, 64)).toEqual(
      ["one", "two"].map((part) => expect.stringContaining(part)),
    );
    fc.assert(
      fc.property(prose, limit, (text, maxBytes) => {
        fc.pre(text.trim() !== "");
        for (const part of splitText(text, maxBytes)) expect(part.trim()).not.toBe("");
      }),
    );
  });

  it("makes parts that are short enough, cuts no character and loses nothing but blanks", () => {
    fc.assert(
      fc.property(prose, limit, (text, maxBytes) => {
        const parts = splitText(text, maxBytes);
        for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(maxBytes);
        expect(withoutBlanks(parts.join(""))).toBe(withoutBlanks(text));
        const whole = new Set(graphemesOf(text));
        expect(parts.flatMap(graphemesOf).filter((part) => part.trim() !== "" && !whole.has(part))).toEqual(
          [],
        );
      }),
      { numRuns: 300 },
    );
  });

  it("takes any text there is, half characters too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), limit, (text, maxBytes) => {
        for (const part of splitText(text, maxBytes)) expect(bytes(part)).toBeLessThanOrEqual(maxBytes);
      }),
    );
    for (const part of splitText("\uD83D".repeat(200), 64)) expect(bytes(part)).toBeLessThanOrEqual(64);
  });

  it("cuts one character that is longer than a message between its code points", () => {
    const monster = `e${"\u0301".repeat(100)}`;
    const parts = splitText(monster, 64);
    expect(parts.join("")).toBe(monster);
    expect(parts.every((part) => bytes(part) <= 64)).toBe(true);
  });

  describe("closes a code block that it cuts, and opens it again", () => {
    const code = Array.from({ length: 20 }, (_, line) => `const line${line} = ${line};`);

    it.each([
      ["```", "```"],
      ["```ts", "```"],
      ["~~~", "~~~"],
      ["`````js", "`````"],
      ["  ```", "```"],
    ])("that begins with %s", (opening, closing) => {
      const parts = splitText([opening, ...code, closing, "and prose"].join("\n"), 120);
      expect(parts.length).toBeGreaterThan(3);
      for (const part of parts.slice(0, -1)) {
        const lines = part.split("\n");
        expect(lines[0]?.trim()).toBe(opening.trim());
        expect(lines.at(-1)?.trim()).toBe(closing);
      }
      const inside = parts.flatMap((part) => part.split("\n")).filter((line) => line.startsWith("const"));
      expect(inside).toEqual(code);
    });

    it("but takes no other fence within it for its end", () => {
      const text = ["````md", "```js", "x();", "```", "y".repeat(60), "z".repeat(60), "````"].join("\n");
      const parts = splitText(text, 100);
      for (const part of parts) {
        expect(part).toMatch(/^````md\n/);
        expect(part).toMatch(/\n````$/);
      }
    });

    it("but leaves alone what ends before the cut, or is in a line", () => {
      const parts = splitText(`\`\`\`\nx\n\`\`\`\n${"word ".repeat(30)}and \`code\` here`, 64);
      expect(parts.slice(1).join("")).not.toContain("```");
    });

    it("within the limit, whatever the limit", () => {
      const fenced = fc.tuple(fc.constantFrom("```", "~~~~", "`".repeat(16), "```typescript"), prose, prose);
      fc.assert(
        fc.property(fenced, limit, ([fence, inside, after], maxBytes) => {
          const text = `${fence}\n${inside}\n${fence.replace(/\w+/, "")}\n${after}`;
          for (const part of splitText(text, maxBytes)) expect(bytes(part)).toBeLessThanOrEqual(maxBytes);
        }),
      );
    });
  });
});

describe("a long reply is not cut inside", () => {
  const words = (count: number): string => "word ".repeat(count);

  it.each([
    ["a link", "[a link of words](https://example.com/a_(b))"],
    ["an image", "![a picture of words](https://example.com/c.png)"],
    ["a link with an image", "[![a picture](c.png) and words](https://example.com)"],
    ["a mention", "<@personEmail:ada@example.com|Ada Augusta Lovelace>"],
    ["an address", "<https://example.com/a>"],
    ["inline code", "`npm run a b c`"],
    ["inline code with a backtick", "``a ` b c d``"],
    ["strong text", "**these words are one**"],
    ["emphasis", "*these words are one*"],
    ["emphasis in strong text", "**these *words* are one**"],
    ["underlined emphasis", "_these words are one_"],
    ["struck text", "~~these words are one~~"],
    ["a text of two lines", "**these words\nare one**"],
  ])("%s", (_, whole) => {
    for (let before = 1; before < 30; before++) {
      const text = `${words(before)}${whole} ${words(40)}`;
      const parts = splitText(text, 120);
      expect(parts.filter((part) => part.includes(whole))).toHaveLength(1);
      expect(withoutBlanks(parts.join(""))).toBe(withoutBlanks(text));
    }
  });

  it("300 links", () => {
    const links = Array.from({ length: 300 }, (_, at) => `[a link number ${at}](https://example.com/${at})`);
    const parts = splitText(links.join(" "), 7_439);
    expect(parts.flatMap((part) => part.trim().match(/\[[^\]]*\]\([^)]*\)/g))).toEqual(links);
    for (const part of parts) expect(part.trim()).toMatch(/^\[.*\)$/);
  });

  it("an escaped character", () => {
    for (const part of splitText("\\*".repeat(100), 64)) expect(part).toMatch(/^(?:\\\*)+$/);
  });

  it("but inside one that is longer than a message", () => {
    const text = `**${words(40)}end** [${words(40)}](x)`;
    const parts = splitText(text, 64);
    for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(64);
    expect(withoutBlanks(parts.join(""))).toBe(withoutBlanks(text));
  });

  it.each(["2 * 3 and 4 * 5", "an [unfinished and `unclosed *mark", "a_b and c [x] (y)"])(
    "while marks that mean nothing are words: %j",
    (written) => {
      const text = `${written} ${words(60)}`;
      expect(splitText(text, 64)[0]?.length).toBeGreaterThan(40);
    },
  );
});
