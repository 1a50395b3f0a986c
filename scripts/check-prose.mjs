// Counts phrases that make our sentences hard to read, in comments, strings, test names and documents.
// `prose-counts.json` has the counts of the last change: a count may fall, and may not rise. `--write` records lower
// counts, `--list [files]` prints each place.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import ts from "typescript";

const { values: options, positionals } = parseArgs({
  options: { list: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const root = fileURLToPath(new URL("..", import.meta.url));
const countsFile = `${root}scripts/prose-counts.json`;

/** Each with what to write instead. */
const PATTERNS = [
  ["pronoun", /\b(?:nobody|somebody|whoever|anybody|everybody)\b/gi, "name the person or the part"],
  [
    "clause-first",
    /(?:^|[.!?:] )(?:What|How|Where|Who|Whose|Whoever|Of|Those) /g,
    "begin with the part that acts, or with a noun",
  ],
  ["is-none", /\b(?:is|are|be|was) none\b/g, "invalid, missing, empty, unknown, not found"],
  ["say", /,? say[,.):;]/g, "for example"],
  ["see-to-it", /\bsee(?:s|ing|n)? to it\b/g, "name the action"],
  ["is-told", /\b(?:is|are|be|was|were) told\b/g, "receives, is called with"],
  ["is-given", /\b(?:is|are|be|was|were) given\b/g, "name the parameter, or: gets"],
  ["filler", /\b(?:anew|meanwhile|beforehand|all the same)\b/g, "again, while, before, anyway; or nothing"],
  ["as-it-is", /\bas (?:it|they) (?:is|are|was|were|came|stands?)\b/g, "unchanged"],
  ["in-words", /\bin words\b/g, "as text"],
  [
    "mend",
    /\b(?:mend(?:s|ed|ing)?|woken|go(?:es|ing)? on|let(?:s|ting)? go)\b/g,
    "fix, enable, continue, release",
  ],
  ["may-not", /\bmay not\b/g, "must not, cannot, might not"],
  [
    "metaphor",
    /(?<![Dd]ead )\b(?:desk|door|errand|suspect|board|letter)s?\b/g,
    "the field's term: inbox admin, receiver, request",
  ],
];

const counts = {};
const places = [];
const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter(Boolean);
for (const file of positionals.length > 0 ? positionals : tracked) {
  const kind = kindOf(file);
  if (kind === undefined) continue;
  const text = readFileSync(positionals.length > 0 ? file : `${root}${file}`, "utf8");
  for (const piece of kind === "code" ? piecesOfCode(file, text) : piecesOfDocument(kind, text))
    count(file, piece);
}

if (options.list) {
  for (const { file, line, name, shown } of places) console.log(`${file}:${line}: ${name}: ${shown}`);
  console.log(`${places.length} places`);
} else compare();

function kindOf(file) {
  if (/^(?:\.\/)?.*\.(?:ts|mts)$/.test(file) && /(?:^|\/)(?:src|test|bots|bench)\//.test(file)) return "code";
  if (file.endsWith("CHANGELOG.md")) return "changelog";
  return file.endsWith(".md") && !file.includes("node_modules") ? "docs" : undefined;
}

function* piecesOfDocument(kind, text) {
  let line = 0;
  let isCode = false;
  for (const row of text.split("\n")) {
    line++;
    if (/^\s*(?:```|~~~)/.test(row)) isCode = !isCode;
    // A heading may begin with How.
    else if (!isCode && !row.startsWith("#"))
      yield { kind, line, text: row.replace(/^[\s>*|\d.-]+/, "").replaceAll(/`[^`]*`/g, "`") };
  }
}

function* piecesOfCode(file, text) {
  const isTest = /(?:^|\/)test\//.test(file);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (at) => source.getLineAndCharacterOfPosition(at).line + 1;
  const seen = new Set();
  const pieces = [];
  const visit = (node) => {
    for (const ranges of [
      ts.getLeadingCommentRanges(text, node.getFullStart()),
      ts.getTrailingCommentRanges(text, node.getEnd()),
    ])
      for (const { pos, end } of ranges ?? []) {
        if (seen.has(pos)) continue;
        seen.add(pos);
        if (!isTest)
          pieces.push({ kind: "comments", line: lineOf(pos), text: textOfComment(text.slice(pos, end)) });
      }
    if (isTest && isTestName(node))
      pieces.push({ kind: "tests", line: lineOf(node.getStart()), text: node.text });
    else if (
      !isTest &&
      (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
    )
      pieces.push({ kind: "strings", line: lineOf(node.getStart()), text: node.text });
    for (const child of node.getChildren(source)) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(source);
  yield* pieces;
}

/** Without the marks, each tag as the beginning of a sentence. */
function textOfComment(comment) {
  return comment
    .replaceAll(/^\/\*\*?|\*\/$|^\/\/ ?/g, "")
    .replaceAll(/\n\s*\*? ?/g, " ")
    .replaceAll(/ @(?:returns|param \S+|throws \S+|default|see|typeParam \S+) ?/g, ". ")
    .trim()
    .replace(/^\. /, "");
}

/** The first argument of it(), describe() and test(), also behind each(). */
function isTestName(node) {
  if (!ts.isStringLiteralLike(node) || !ts.isCallExpression(node.parent) || node.parent.arguments[0] !== node)
    return false;
  let callee = node.parent.expression;
  while (
    ts.isCallExpression(callee) ||
    ts.isPropertyAccessExpression(callee) ||
    ts.isTaggedTemplateExpression(callee)
  )
    callee = ts.isTaggedTemplateExpression(callee) ? callee.tag : callee.expression;
  return ts.isIdentifier(callee) && ["it", "describe", "test"].includes(callee.text);
}

function count(file, { kind, line, text }) {
  for (const [name, pattern] of PATTERNS) {
    if (name === "clause-first" && (kind === "strings" || kind === "tests")) continue;
    for (const match of text.matchAll(pattern)) {
      counts[name] ??= {};
      counts[name][kind] = (counts[name][kind] ?? 0) + 1;
      const shown = text.slice(Math.max(0, match.index - 30), match.index + 60);
      places.push({ file, line, name, shown });
    }
  }
}

function compare() {
  const recorded = JSON.parse(readFileSync(countsFile, "utf8"));
  const kinds = ["comments", "strings", "tests", "docs", "changelog"];
  const result = {};
  let rises = 0;
  let falls = 0;
  for (const [name, , instead] of PATTERNS) {
    result[name] = {};
    for (const kind of kinds) {
      const now = counts[name]?.[kind] ?? 0;
      const before = recorded[name]?.[kind] ?? 0;
      result[name][kind] = Math.min(now, before);
      if (now < before) falls++;
      if (now <= before) continue;
      rises++;
      console.error(`"${name}" in ${kind}: ${now}, was ${before}. Write instead: ${instead}`);
    }
  }
  if (options.write) writeFileSync(countsFile, `${JSON.stringify(result, undefined, 2)}\n`);
  else if (falls > 0) console.log(`${falls} counts have fallen: record them with npm run prose -- --write`);
  if (rises > 0) console.error("npm run prose -- --list prints each place, `-- --list FILE` those of a file");
  process.exitCode = rises > 0 ? 1 : 0;
}
