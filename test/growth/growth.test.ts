import { COVERED } from "./covered";
import { EXCEPTED, EXCEPTED_FOLDERS } from "./exceptions";
import { findFastGrowth } from "./measure";
import { findTextReaders, textReadersOf } from "./text-readers";

/** Characters that each shape is tried with. */
const SIZE = 1_000;

const readers = findTextReaders(
  (file) => !Object.keys(EXCEPTED_FOLDERS).some((folder) => file.startsWith(folder)),
);

describe("work on text grows with its length, in", () => {
  it.each(Object.entries(COVERED))(
    "%s",
    async (_, call) => {
      expect(await findFastGrowth(call, SIZE)).toEqual([]);
    },
    120_000,
  );
});

describe("the list of functions that read text", () => {
  it("has every one that the rule finds in src", () => {
    // Add a new function to covered.ts, with a call, or to exceptions.ts, with the reason.
    expect(readers.filter((id) => !(id in COVERED) && !EXCEPTED.has(id))).toEqual([]);
  });

  it("has no exception that src does not have, and none that is covered", () => {
    expect([...EXCEPTED.keys()].filter((id) => !readers.includes(id) || id in COVERED)).toEqual([]);
  });
});

describe("the rule finds", () => {
  it.each([
    ["an expression", `export function f(text: string) { return /a+$/.test(text); }`],
    ["a loop", `export function f(body: Buffer) { for (const one of body) g(one); }`],
    ["a search", `export const f = (text: string): number => text.indexOf("a");`],
    [
      "a helper that scans",
      `export function f(text: string) { return g(text); }\nfunction g(t: string) { return t.split("a"); }`,
    ],
    ["a constant expression", `const A = /a/;\nexport function f(value: unknown) { return g(A, value); }`],
    ["a method", `export class f { m(text: string) { return text.trim(); } }`],
  ])("%s", (_, source) => {
    expect(textReadersOf("core/new.ts", source)).toEqual(["core/new.ts#f"]);
  });

  it.each([
    ["a function that is not exported", `function f(text: string) { return text.trim(); }`],
    ["one that takes no text", `export function f(count: number) { return [count].map(String); }`],
    ["one that passes text on", `export function f(text: string) { return g(text); }`],
  ])("but not %s", (_, source) => {
    expect(textReadersOf("core/new.ts", source)).toEqual([]);
  });
});

// Faults that this project has had.
describe("growth is found in", () => {
  it.each<[string, (text: string) => unknown]>([
    ["signs at the end of a word", (text) => text.replace(/[!?.,:;]+$/, "")],
    ["an e-mail address", (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(`a@${text}`)],
    ["a tag that never ends", (text) => text.replace(/<[^>]*>/g, "")],
    [
      "a search that begins anew",
      (text) => [...text.slice(0, 20_000)].filter((_, at) => text.indexOf("\u0001", at) > 0),
    ],
  ])(
    "%s",
    async (_, call) => {
      expect(await findFastGrowth(call, 4_000)).not.toEqual([]);
    },
    120_000,
  );
});
