import fc from "fast-check";
import { formatPath, JsonSourceError, parseJsonSource } from "../../src/cards/json-source";

const TEXT = `{
  "type": "AdaptiveCard",
  "body": [
    { "text": "one" },
    {
      "text": "two",
      "deep": { "a": null }
    }
  ]
}`;

describe("parseJsonSource", () => {
  it("reads what JSON.parse reads, however it is written", async () => {
    await fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(parseJsonSource(text).value).toEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses what JSON.parse refuses", async () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom("", ",", '"', "{", "}", "[", "]", "\\", "\n", "0", "-", "e", "x"),
      )
      .map(([json, where, put]) => {
        const at = where % (json.length + 1);
        return json.slice(0, at) + put + json.slice(at + 1);
      });
    await fc.assert(
      fc.property(damaged, (text) => {
        const expected = attempt(() => JSON.stringify(JSON.parse(text)));
        const actual = attempt(() => JSON.stringify(parseJsonSource(text).value));
        // A key that stands there twice is refused here alone.
        if (actual !== "the key") expect(actual).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [[], 1],
    [["type"], 2],
    [["body"], 3],
    [["body", 0], 4],
    [["body", 1, "text"], 6],
    [["body", 1, "deep", "a"], 7],
    [["body", 1, "nothing", "there"], 5],
  ])("knows the line of %j", (path, line) => {
    expect(parseJsonSource(TEXT).lineOf(path)).toBe(line);
  });

  it("reads a file that begins with a byte order mark", () => {
    expect(parseJsonSource('\uFEFF{"a":1}').value).toEqual({ a: 1 });
  });

  it.each([
    ["an empty file", "", 1, 1, "expected a value, the file ends"],
    ["a comma too many", '{\n  "a": 1,\n}', 3, 1, 'expected a key in double quotes, found "}"'],
    ["a comma too few", '{\n  "a": 1\n  "b": 2\n}', 3, 3, 'expected , or }, found "\\""'],
    ["a comment", "{\n  // a\n}", 2, 3, 'expected a key in double quotes, found "/"'],
    ["single quotes", "{'a': 1}", 1, 2, "expected a key in double quotes"],
    ["a key twice", '{\n "a": 1,\n "a": 2 }', 3, 2, 'the key "a" is there twice'],
    ["a text that is not closed", '[\n  "a\n]', 2, 3, "this text is not closed"],
    ["a bracket that is not closed", '["a"', 1, 5, "expected , or ], the file ends"],
    ["more than one value", "{}\n{}", 2, 1, "expected the end of the file"],
    ["nesting without end", "[".repeat(5_000), 1, 102, "nested deeper than 100"],
  ])("says where %s is", (_, text, line, column, problem) => {
    expect(() => parseJsonSource(text)).toThrow(JsonSourceError);
    expect(() => parseJsonSource(text)).toThrow(
      expect.objectContaining({
        line,
        column,
        message: expect.stringContaining(`column ${column}: ${problem}`),
      }),
    );
  });
});

it("formatPath writes a path as code would", () => {
  expect(formatPath(["body", 0, "columns", 1, "text"])).toBe("body[0].columns[1].text");
});

function attempt(parse: () => string): string {
  try {
    return parse();
  } catch (error) {
    return error instanceof JsonSourceError &&
      error.message.includes("the key") &&
      error.message.includes("twice")
      ? "the key"
      : "refused";
  }
}
