import { BoundedText } from "../util/bounded-regexp";

/**
 * Texts without a word of any language, in several lengths, scripts and forms. No digits: an expression that asks for digits
 * asks for something.
 */
const NONSENSE: readonly string[] = [
  "qzv",
  "Qzv",
  "wjx qkz",
  "Wjx qkz vgf!",
  "jqv xwz kfq gxj vvq zzk qgx wvj?",
  "bqk cwj dxv fzq gkw hxz jvb kqc lzd mxf nqg pzh rvj sxk tzl vqm wxn xzp yqr zvs",
  "iuoae uyioea",
  "щъфж ыцэ",
  "ψξθ ζχφ",
  "ظغذ ضثص",
  "צךףץ",
  "龘靐 齉爩",
  "ぢづぬ ヮヰヱ",
  "qzv wjx\nvkq zgf",
  Array.from({ length: 60 }, () => "qzvx").join(" "),
];

/**
 * Whether an expression takes any message: it matches a text of nonsense, so it does not depend on the words that a person
 * writes. `/./`, `/^/`, `/\w+ \w+/` and `/^(?!help)/` are such expressions; `/invoice (\d+)/` and `/^\d+$/` are not.
 */
export function isCatchAll(expression: RegExp): boolean {
  for (const text of NONSENSE) {
    const result = new BoundedText(text).search([expression]);
    if (result !== undefined) return result.kind === "match";
  }
  return false;
}
