/** Characters that mean something to a reader of text: all of ASCII's signs, and one of each other kind. */
const SIGNS = Array.from({ length: 0x7f - 0x21 }, (_, at) => String.fromCharCode(0x21 + at)).filter(
  (sign) => !/[\dA-Za-z]/.test(sign),
);
const OTHERS = [
  "a",
  "1",
  " ",
  "\n",
  "\t",
  "\r\n",
  "\u00a0",
  "\u0301",
  "é",
  "語",
  "“",
  "👩‍🚀",
  "🇩🇪",
  "\ud83d",
];
/** Signs that open or close something: each of them is tried before and behind each other one. */
const MARKS = [..."[]()<>*_`~\"'!&@.\\|-#"];
/** Beginnings of what is longer than two characters. */
const OPENINGS = [
  "](",
  "![a](",
  "[a](b",
  "<a ",
  '<a b="',
  "<b>",
  "<p>x</p>",
  "<!--",
  "&#",
  "&amp",
  "<@personId:",
  "<@personId:a|",
  "```\n",
  "- a\n",
  "> ",
  "1. a\n",
  "a|b\n-|-\n",
  "**a",
  "a_b",
  '\\"',
  "a@a.",
  "a, ",
  "=?",
  "*=''",
];
/** Behind the repetition: nothing, and what makes most expressions fail at the very end. */
const TAILS = ["", "x@\n"];

/** What hostile texts repeat. */
const UNITS = [
  ...new Set([
    ...SIGNS,
    ...OTHERS,
    ...SIGNS.flatMap((sign) => [`${sign}a`, `a${sign}`, `${sign} `, `${sign}\n`]),
    ...MARKS.flatMap((one) => MARKS.map((other) => one + other)),
    ...OPENINGS,
  ]),
];

/** A text of any length, made of one repetition. */
export interface Shape {
  readonly name: string;
  /** @param length in UTF-16 units, at least */
  text(length: number): string;
}

const REPEATED: readonly Shape[] = UNITS.flatMap((unit) =>
  TAILS.map((tail) => ({
    name: `${JSON.stringify(unit)} repeated, then ${JSON.stringify(tail)}`,
    text: (length) => unit.repeat(Math.ceil(length / unit.length)) + tail,
  })),
);

/** Two parts of which the first says how much work each repetition of the second is. */
function composed(name: string, first: (count: number) => string, second: string): Shape {
  return {
    name,
    text: (length) => {
      const beginning = first(Math.ceil(length / 8));
      return beginning + second.repeat(Math.ceil(Math.max(0, length - beginning.length) / second.length));
    },
  };
}

const COMPOSED: readonly Shape[] = [
  composed(
    "a table with more columns than its rows",
    (n) => `${"|a".repeat(n)}|\n${"|-".repeat(n)}|\n`,
    "|\n",
  ),
  composed("lines of one row after a quote within quotes", () => `${"> ".repeat(38)}a\n`, "a\n"),
  composed("items in the deepest list", () => deepList(18), `${" ".repeat(34)}- b\n`),
  composed("items within one item", () => "- a\n", "  - b\n"),
  composed("a fence that does not end", () => "```\n", "*a*\n"),
];

function deepList(depth: number): string {
  return Array.from({ length: depth }, (_, at) => `${"  ".repeat(at)}- a\n`).join("");
}

/** All hostile texts. */
export const SHAPES: readonly Shape[] = [...REPEATED, ...COMPOSED];
