import fc from "fast-check";
import { escapeMarkdown, md } from "../../src/core/contract/markdown";
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
])("%j reads %j", async (markdown, text) => {
  expect(await markdownToText(markdown)).toBe(text);
});

it.each([">".repeat(60), "- ".repeat(30), "> - ".repeat(30)])(
  "text behind %j is not lost: it stays as it was written",
  async (nested) => {
    expect(await markdownToText(`${nested}word`)).toBe(`${nested}word`);
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

  it("alone", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (written) => expect(await markdownToText(md`${written}`)).toBe(written)),
      { numRuns: 500 },
    );
  });

  it("within a sentence", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        // The sentence itself has no blanks at the ends of lines.
        fc.pre(!/^[^\S\n]*\n|\n[^\S\n]*$/.test(written));
        expect(await markdownToText(md`You said:${written}!`)).toBe(`You said:${written}!`);
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
  ])("for example %j", async (written) => {
    expect(await markdownToText(escapeMarkdown(written))).toBe(written);
  });
});

describe("a long text", () => {
  const items = (count: number, one: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => one(at));

  it("reads as its blocks do, wherever it is cut", async () => {
    const word = fc.constantFrom("word", "**bold**", "*a*", "`c*d`", "[a](b)", "a_b", "1 < 2", "|", "\\*");
    const words = fc.array(word, { minLength: 1, maxLength: 30 }).map((all) => all.join(" "));
    const lines = (mark: string) =>
      fc.array(words, { minLength: 1, maxLength: 60 }).map((all) => all.map((one) => mark + one).join("\n"));
    const block = fc.oneof(
      words,
      lines("- "),
      lines("* **a** "),
      lines("- a\n  1. b\n     - ").map((list) => `- ${list}`),
      lines("> "),
      words.map((title) => `## ${title}`),
      lines("").map((code) => `\`\`\`js\n${code}\n\n${code}\n\`\`\``),
      fc
        .array(words, { maxLength: 20 })
        .map((cells) =>
          `|a|b|\n|-|-|\n${cells.map((one) => `|x|${one.replaceAll("|", "y")}|\n`).join("")}`.trim(),
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 5, maxLength: 40 }), async (blocks) => {
        const apart = await Promise.all(blocks.map(markdownToText));
        expect(await markdownToText(blocks.join("\n\n"))).toBe(apart.join("\n\n"));
      }),
      { numRuns: 60 },
    );
  });

  it("counts the items of its list to the end", async () => {
    const list = items(2_000, () => "1. **one**\n").join("");
    expect(await markdownToText(list)).toBe(items(2_000, (at) => `${at + 1}. one\n`).join(""));
  });

  it("keeps the code of its longest block", async () => {
    const code = items(2_000, (at) => `*${at}* [a](b)\n\n`).join("");
    expect(await markdownToText(`**a**\n\n\`\`\`\n${code}\`\`\`\n\n**b**`)).toBe(
      `a\n\n${code}\n\nb`.replace("\n\n\n\nb", "\n\n\nb"),
    );
  });

  it("keeps what its nested lists have, and their indentation", async () => {
    const list = items(600, (at) => `- **${at}**\n  - *a*\n    1. b\n`).join("");
    expect(await markdownToText(list)).toBe(items(600, (at) => `- ${at}\n  - a\n    1. b\n`).join(""));
  });

  it("loses no words where one paragraph, table or quote has more signs than are read in one go", async () => {
    const paragraph = items(1_500, (at) => `**${at}**: *a*\n`).join("");
    expect(await markdownToText(paragraph)).toBe(items(1_500, (at) => `${at}: a\n`).join(""));
    const quote = items(1_500, (at) => `> **${at}**\n`).join("");
    expect(await markdownToText(quote)).toBe(items(1_500, (at) => `> ${at}\n`).join(""));
    const table = `|a|b|\n|-|-|\n${items(3_000, (at) => `|${at}|x|\n`).join("")}`;
    expect((await markdownToText(table)).match(/\d+/g)).toEqual(items(3_000, String));
  });

  it("stays as it was written where one line has more than 2,000 signs", async () => {
    const line = "*a* ".repeat(2_000);
    expect(await markdownToText(`**a**\n\n${line}\n\n**b**`)).toBe(`a\n\n${line.trim()}\n\nb`);
  });

  it.each([
    ["a list", "- a\n".repeat(20_000)],
    ["a table", `|a|b|\n|-|-|\n${"|c|d|\n".repeat(20_000)}`],
    ["a paragraph", "*a* [b](c)\n".repeat(5_000)],
    ["a quote within quotes", `${"> ".repeat(38)}a\n${"a\n".repeat(20_000)}`],
  ])("lets other work be done while %s is read", async (_, markdown) => {
    expect(await turnsDuring(() => markdownToText(markdown))).toBeGreaterThan(3);
  });

  it("of many columns and empty rows is read in the time that its length takes", async () => {
    const columns = 300;
    const table = `${"|a".repeat(columns)}|\n${"|-".repeat(columns)}|\n${"|\n".repeat(200)}\n`;
    const words = `${"a\n\n".repeat(table.length / 3)}`;
    expect(await cpuOf(table.repeat(5))).toBeLessThan(10 * (await cpuOf(words.repeat(5))));
  });

  it("shares the turns of the event loop with other long texts", async () => {
    const read = () => markdownToText("- *a*\n".repeat(5_000));
    const alone = await turnsDuring(read);
    expect(await turnsDuring(() => Promise.all([read(), read(), read(), read()]))).toBeGreaterThan(2 * alone);
  });
});

/** How often the event loop goes round. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

async function cpuOf(markdown: string): Promise<number> {
  const before = process.cpuUsage();
  await markdownToText(markdown);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
