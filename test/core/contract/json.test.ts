import fc from "fast-check";
import { JsonError, parseJson } from "../../../src/core/contract/json";

function parse(text: string, maxDepth?: number): unknown {
  return parseJson(Buffer.from(text), maxDepth);
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("parseJson", () => {
  it("reads whatever JSON.parse reads, to the same value", () => {
    fc.assert(fc.property(fc.json(), (text) => expect(parse(text)).toEqual(JSON.parse(text))));
  });

  it("refuses whatever JSON.parse refuses", () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", '"', "{", "}", "]", ":", ",", "\\", "\u0001"))
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put);
    fc.assert(
      fc.property(damaged, (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parse(text)).toThrow(JsonError);
          return;
        }
        expect(parse(text)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes the same key in objects side by side, and one inside the other", () => {
    expect(parse('[{"id":1},{"id":2},{"id":{"id":3}}]')).toEqual([{ id: 1 }, { id: 2 }, { id: { id: 3 } }]);
  });

  it.each([
    ["a key that is repeated", '{"id":1,"id":2}', { id: 2 }],
    ["a key that is repeated, once escaped", '{"id":1,"\\u0069d":2}', { id: 2 }],
    ["a byte order mark", '\uFEFF{"id":1}', { id: 1 }],
    ["blanks around", ' \r\n\t{"id":1} \n', { id: 1 }],
    ["half a character, escaped", '{"a":"\\ud83d"}', { a: "\ud83d" }],
    ["brackets in texts", '{"a":"[[[\\"]","b\\\\":"}"}', { a: '[[["]', "b\\": "}" }],
  ])("reads %s", (_name, text, value) => {
    expect(parse(text, 2)).toEqual(value);
  });

  it("keeps __proto__ as an ordinary key", () => {
    const value = parse('{"__proto__":{"admin":true}}');
    expect(Object.keys(value as object)).toEqual(["__proto__"]); // an object, by the text above
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("takes 1,000 levels by default", () => {
    expect(() => parse(nested(1_000))).not.toThrow();
    expect(() => parse(nested(1_001))).toThrow("nested deeper than 1000");
    expect(() => parse(nested(3), 2)).toThrow("nested deeper than 2");
  });

  it("counts levels, not brackets", () => {
    expect(() => parse(`[${Array(100).fill("[[]]").join(",")}]`, 3)).not.toThrow();
  });

  it.each([
    ["no body", "", "the body is empty"],
    ["blanks only", " \r\n", "the body is empty"],
    ["a body that is cut off", '{"id":"Y2lz', "not well-formed JSON"],
    ["two values", "{}{}", "not well-formed JSON"],
    ["a stray closing brace", "}", "not well-formed JSON"],
    ["a lone quote", '"', "not well-formed JSON"],
  ])("refuses %s", (_what, text, reason) => {
    expect(() => parse(text)).toThrow(new JsonError(reason));
  });

  it.each([
    ["a byte that begins no character", [0x22, 0xff, 0x22]],
    ["a character that is cut off", [0x22, 0xc3]],
    ["an overlong slash", [0x22, 0xc0, 0xaf, 0x22]],
    ["half a surrogate pair", [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ])("refuses %s", (_what, bytes) => {
    expect(() => parseJson(Buffer.from(bytes))).toThrow(new JsonError("not UTF-8"));
  });

  it("quotes nothing of the content in what it says", () => {
    expect(() => parse('{"secret plan":1,}')).toThrow(/^(?!.*secret)/);
    expect(() => parse("secret plan")).toThrow(/^(?!.*secret)/);
  });
});
