import fc from "fast-check";
import {
  type ArgumentsResult,
  parseCommandPattern,
  readArguments,
  splitWords,
} from "../../../src/core/contract/command-pattern";

/** Reads a whole message by a pattern whose words it begins with. */
function read(pattern: string, message: string): ArgumentsResult {
  return readArguments(parseCommandPattern(pattern), message, splitWords(message));
}

describe("parseCommandPattern", () => {
  it("reads words, then required, then optional arguments", () => {
    expect(parseCommandPattern("Expense add <amount:number> [currency] [note...]")).toEqual({
      source: "Expense add <amount:number> [currency] [note...]",
      words: ["expense", "add"],
      arguments: [
        { name: "amount", type: "number", required: true, rest: false },
        { name: "currency", type: "string", required: false, rest: false },
        { name: "note", type: "string", required: false, rest: true },
      ],
    });
  });

  it("takes a command written with the slash that people may type", () => {
    expect(parseCommandPattern("/card <name>").words).toEqual(["card"]);
  });

  it.each([
    ["", "it begins with no fixed word"],
    ["/", "it begins with no fixed word"],
    ["<amount>", "it begins with no fixed word"],
    ["pay <amount> now", 'the word "now" stands behind an argument'],
    ["pay <amount", '"<amount" is no argument'],
    ["pay amount>", '"amount>" is neither a word nor <name> nor [name]'],
    ["pay <amount]", '"<amount]" is no argument'],
    ["pay <>", '"<>" is no argument'],
    ["pay <two words>", '"<two" is no argument'],
    ["pay <2nd>", '"<2nd>" is no argument'],
    ["pay <__proto__>", '"<__proto__>" is no argument'],
    ["pay <amount:money>", '"<amount:money>" is no argument'],
    ["pay <amount:constructor>", '"<amount:constructor>" is no argument'],
    ["pay <note:string...>", '"<note:string...>" is no argument'],
    ["pay <note...> [more]", '"[more]" stands behind "note...", which takes everything'],
    ["pay [currency] <amount>", '"<amount>" is required and stands behind an optional argument'],
    ["pay <a> <a>", 'two arguments are called "a"'],
  ])('refuses "%s"', (source, problem) => {
    expect(() => parseCommandPattern(source)).toThrow(`command "${source}": ${problem}`);
  });
});

describe("readArguments", () => {
  it.each([
    ["pay <n:number>", "pay 12.50", { n: 12.5 }],
    ["pay <n:number>", "pay -3", { n: -3 }],
    ["pay <n:integer>", "pay 007", { n: 7 }],
    ["set <on:boolean>", "set ON", { on: true }],
    ["set <on:boolean>", "set no", { on: false }],
    ["ask <who:email>", "ask Ada@Example.com", { who: "Ada@Example.com" }],
    ["say <a> [b]", "say one", { a: "one" }],
    ["say <a> [b]", "say one two", { a: "one", b: "two" }],
    ["say <a> [b]", 'say "one two" three', { a: "one two", b: "three" }],
    ["say <a> [b]", "say “one two” three", { a: "one two", b: "three" }],
    ["say <a> [b]", 'say 5" disk', { a: '5"', b: "disk" }],
    ["say <a> [b]", 'say "open end', { a: '"open', b: "end" }],
    ["note <text...>", "note  two  blanks\nand a line ", { text: "two  blanks\nand a line" }],
    ["note <text...>", 'note "all" of it', { text: '"all" of it' }],
    ["note [text...]", "note", {}],
    ["status", "status of the world", {}],
  ])('reads "%s" from: %s', (pattern, message, args) => {
    expect(read(pattern, message)).toEqual({ kind: "fit", args });
  });

  it.each([
    ["pay <amount:number>", "pay", "amount is missing"],
    ["pay <amount:number>", "pay 1,50", "amount: expected a number such as 12.50"],
    ["pay <amount:number>", "pay 1e9", "amount: expected a number such as 12.50"],
    ["pay <amount:number>", "pay Infinity", "amount: expected a number such as 12.50"],
    ["pay <n:integer>", "pay 1.5", "n: expected a whole number"],
    ["pay <n:integer>", "pay 9007199254740993", "n: expected a whole number"],
    ["set <on:boolean>", "set maybe", "on: expected yes or no"],
    ["ask <who:email>", "ask ada", "who: expected an e-mail address"],
    ["pay <n> [currency]", "pay 1 EUR now", "there are words left over; put what belongs together in quotes"],
    ["note <text...>", "note", "text is missing"],
  ])('says what does not fit "%s" in: %s', (pattern, message, problem) => {
    expect(read(pattern, message)).toEqual({ kind: "misfit", problem });
  });

  it("does not repeat what somebody wrote in what it says", () => {
    expect(JSON.stringify(read("pay <n:number>", "pay hunter2"))).not.toContain("hunter2");
  });

  it("gives back any words that were put in quotes", () => {
    const quotable = fc.string({ unit: "grapheme" }).filter((text) => !/["“”]/.test(text));
    fc.assert(
      fc.property(quotable, quotable, (a, b) => {
        expect(read("say <a> <b>", `say "${a}" "${b}"`)).toEqual({ kind: "fit", args: { a, b } });
      }),
    );
  });

  it("gives the rest exactly as it was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (rest) => {
        fc.pre(rest.trim() !== "");
        expect(read("note <text...>", `note ${rest}`)).toEqual({ kind: "fit", args: { text: rest.trim() } });
      }),
    );
  });
});
