// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { loadCards } from "../../src/cards/load";
import { CardError } from "../../src/core/contract/errors";
import { LoadError } from "../../src/core/contract/load-error";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

const ROOT = resolve(__dirname, "../..");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bellhop cards-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function write(name: string, content: JsonValue | { raw: string }): void {
  const isRaw = typeof content === "object" && content !== null && "raw" in content;
  writeFileSync(join(dir, name), isRaw ? String(content.raw) : JSON.stringify(content, null, 2));
}

function card(body: JsonValue, more: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  return { type: "AdaptiveCard", version: "1.3", ...more, body };
}

function faultsOf(): [string, string][] {
  try {
    loadCards(dir);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return error.faults.map(({ file, line, message }) => [`${relative(dir, file)}:${line ?? ""}`, message]);
  }
  return [];
}

describe("a folder of cards", () => {
  it("has a card for each template, sorted by name, and sample data where there is some", () => {
    write("zoo.json", card([]));
    write("about.json", card([]));
    write("about.data.json", { name: "Ada" });
    write("_draft.json", { raw: "not read" });
    write(".hidden.json", { raw: "not read" });
    write("notes.md", { raw: "not read" });
    mkdirSync(join(dir, "images"));
    const cards = loadCards(dir);
    expect(cards.names).toEqual(["about", "zoo"]);
    expect([cards.sampleOf("about"), cards.sampleOf("zoo")]).toEqual([{ name: "Ada" }, undefined]);
  });

  it("can be missing; then it has no card", () => {
    const cards = loadCards(join(dir, "none"));
    expect(cards.names).toEqual([]);
    expect(() => cards.render("expense", {})).toThrow(
      /there is no card "expense": .*none has none; CARDS_DIR/,
    );
  });

  it("is not read again", () => {
    write("a.json", card([{ type: "TextBlock", text: "before" }]));
    const cards = loadCards(dir);
    write("a.json", { raw: "gone" });
    expect(cards.render("a", {}).fallbackText).toBe("before");
  });
});

describe("a filled card", () => {
  it("has its name, its content without the fallback text, and that", () => {
    write(
      "greeting.json",
      card([{ type: "TextBlock", text: "Hello ${name}" }], { fallbackText: "Hello to ${name}" }),
    );
    expect(loadCards(dir).render("greeting", { name: "Ada" })).toEqual({
      kind: "card",
      name: "greeting",
      content: card([{ type: "TextBlock", text: "Hello Ada" }]),
      fallbackText: "Hello to Ada",
    });
  });

  it("has defaults for what the handler does not give, also within objects", () => {
    write("a.json", card([{ type: "TextBlock", text: "${user.title} ${user.name}, ${tags[0]}, ${note}" }]));
    write("a.data.json", {
      user: { name: "Ada" },
      $defaults: { user: { title: "Dr", name: "?" }, tags: ["a", "b"], note: "none" },
    });
    const cards = loadCards(dir);
    expect(cards.render("a", { user: { name: "Grace" }, tags: ["c"] }).fallbackText).toBe(
      "Dr Grace, c, none",
    );
    expect(cards.render("a", { note: null }).fallbackText).toBe("Dr ?, a,");
    expect(cards.sampleOf("a")).toEqual({ user: { name: "Ada" } });
  });

  it.each<[string, JsonValue, JsonValue]>([
    ["a number as a text", { type: "TextBlock", text: "${n}" }, { type: "TextBlock", text: "12.5" }],
    ["a truth value as a text", { type: "TextBlock", text: "${yes}" }, { type: "TextBlock", text: "true" }],
    [
      "facts as texts",
      { type: "FactSet", facts: [{ title: "${n}", value: "${yes}" }] },
      { type: "FactSet", facts: [{ title: "12.5", value: "true" }] },
    ],
    [
      "an input's number as a number",
      { type: "Input.Number", id: "${n}", value: "${n}" },
      { type: "Input.Number", id: "12.5", value: 12.5 },
    ],
    [
      "a text that is a number as a number, where one is expected",
      { type: "Input.Number", id: "a", value: "${text}", isRequired: "${word}" },
      { type: "Input.Number", id: "a", value: -1.5, isRequired: false },
    ],
    [
      "a button's data as it is",
      { type: "ActionSet", actions: [{ type: "Action.Submit", data: { action: "a", text: "${n}" } }] },
      { type: "ActionSet", actions: [{ type: "Action.Submit", data: { action: "a", text: 12.5 } }] },
    ],
    [
      "the types of what has but one",
      {
        type: "ColumnSet",
        columns: [{ items: [{ type: "ImageSet", images: [{ url: "https://a.example/" }] }] }],
      },
      {
        type: "ColumnSet",
        columns: [
          {
            type: "Column",
            items: [{ type: "ImageSet", images: [{ type: "Image", url: "https://a.example/" }] }],
          },
        ],
      },
    ],
    [
      "runs of text with theirs",
      { type: "RichTextBlock", inlines: ["a", { text: "${n}" }] },
      { type: "RichTextBlock", inlines: ["a", { type: "TextRun", text: "12.5" }] },
    ],
  ])("has %s", (_, element, expected) => {
    write("a.json", card([element]));
    expect(loadCards(dir).render("a", { n: 12.5, yes: true, text: "-1.5", word: "false" }).content).toEqual(
      card([expected]),
    );
  });

  it("does not take sample data for defaults", () => {
    write("a.json", card([{ type: "TextBlock", text: "${name}" }]));
    write("a.data.json", { name: "Ada" });
    expect(() => loadCards(dir).render("a", {})).toThrow('the data has no "name"');
  });
});

describe("the fallback text", () => {
  const block = (text: string, more = {}): JsonValue => ({ type: "TextBlock", text, ...more });
  it.each<[string, JsonValue, string]>([
    [
      "the texts from top to bottom",
      [block("One"), { type: "Container", items: [block(" Two ")] }],
      "One\nTwo",
    ],
    [
      "also in columns",
      [{ type: "ColumnSet", columns: [{ items: [block("a")] }, { items: [block("b")] }] }],
      "a\nb",
    ],
    ["facts", [{ type: "FactSet", facts: [{ title: "Amount", value: "5 EUR" }] }], "Amount 5 EUR"],
    ["rich text", [{ type: "RichTextBlock", inlines: ["a ", { type: "TextRun", text: "b" }] }], "a b"],
    ["nothing that is hidden", [block("a"), block("b", { isVisible: false }), block("")], "a"],
    ["the card's name, when there is no text", [{ type: "Input.Text", id: "a" }], 'Card "a"'],
    ["the beginning, when there is much", [block("ä😀".repeat(1_000))], `${"ä😀".repeat(499)}ä…`],
  ])("is %s", (_, body, expected) => {
    write("a.json", card(body));
    expect(loadCards(dir).render("a", {}).fallbackText).toBe(expected);
  });
});

describe("faults", () => {
  it("all come at once, with file and line", () => {
    write("a.json", { raw: '{\n  "type": "AdaptiveCard",\n}' });
    write("b.json", card([{ type: "Table" }, { type: "Input.Text" }], { version: "1.6" }));
    write("c.json", card([]));
    write("c.data.json", { raw: "[]" });
    write("d.data.json", { raw: "{}" });
    write("e.json", { raw: `"${" ".repeat(100_001)}"` });
    expect(faultsOf()).toEqual([
      ["a.json:3", expect.stringContaining('column 1: expected a key in double quotes, found "}"')],
      ["b.json:3", expect.stringContaining('version: is "1.6"; Webex draws "1.0" to "1.3"')],
      ["b.json:5", expect.stringContaining('"Table" came in with 1.5')],
      ["b.json:8", expect.stringContaining('has no "id"')],
      ["c.data.json:1", expect.stringContaining("sample data is a list; expected an object")],
      ["e.json:", expect.stringContaining("has 100003 bytes; a card may have 100000")],
      ["d.data.json:", expect.stringContaining("there is no card of this name")],
    ]);
    expect(() => loadCards(dir)).toThrow(expect.objectContaining({ code: "load-failed" }));
  });

  it("are only warnings where a card works nevertheless", () => {
    write("a.json", card([], { fallbackText: "a", actions: [{ type: "Action.Submit", data: { id: 1 } }] }));
    expect(loadCards(dir).warnings).toEqual([
      expect.stringMatching(/a\.json:6: actions\[0\]: "data" has no "action"/),
    ]);
  });
});

describe("a card that cannot be made", () => {
  it.each<[string, string, JsonValue, string, RegExp]>([
    ["is unknown", "b", [], "card-unknown", /^there is no card "b" in .*; there are "a"$/],
    [
      "lacks data",
      "a",
      [{ type: "TextBlock", text: "${user.nmae}" }],
      "card-incomplete",
      /^card "a" \(.*a\.json\): the data has no "user\.nmae" \(did you mean "user\.name"\?\), which body\[0\]\.text shows\. Pass it, give/,
    ],
    [
      "has an odd expression",
      "a",
      [{ type: "TextBlock", text: "${a +}" }],
      "card-invalid",
      /body\[0\]\.text: this expression cannot be read/,
    ],
  ])("says so when it %s", (_, name, body, code, message) => {
    write("a.json", card(body));
    const cards = loadCards(dir);
    const render = (): unknown => cards.render(name, { user: { name: "Ada" } });
    expect(render).toThrow(CardError);
    expect(render).toThrow(
      expect.objectContaining({ code, retry: "never", message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, JsonValue, JsonObject, string]>([
    [
      "a word that is none",
      { type: "TextBlock", text: "a", size: "${size}" },
      { size: "huge" },
      "is another text; expected",
    ],
    ["an id twice", { $data: "${list}", type: "Input.Text", id: "a" }, { list: [1, 2] }, "its id is taken"],
    [
      "an address that is none",
      { type: "Image", url: "${url}" },
      { url: "javascript:1" },
      "begins with https",
    ],
  ])("says so when filling it gave it %s", (_, element, data, problem) => {
    write("a.json", card([element]));
    const render = (): unknown => loadCards(dir).render("a", data);
    expect(render).toThrow(
      expect.objectContaining({ code: "card-invalid", message: expect.stringContaining(problem) }),
    );
  });

  it("says so when nothing is left of it", () => {
    write("a.json", { type: "AdaptiveCard", version: "1.3", $when: "${no}" });
    expect(() => loadCards(dir).render("a", { no: false })).toThrow(/leaves nothing of it/);
  });
});

it("the engine is loaded with the first card, not with the program", () => {
  write("a.json", card([{ type: "TextBlock", text: "${a}" }]));
  const script = `
    const { loadCards } = require("./dist/cards/load.js");
    const isLoaded = () => Object.keys(require.cache).some((file) => file.includes("adaptive-expressions"));
    const cards = loadCards(${JSON.stringify(dir)});
    const before = isLoaded();
    cards.render("a", { a: 1 });
    console.log(JSON.stringify([before, isLoaded()]));`;
  expect(JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" }))).toEqual(
    [false, true],
  );
});
