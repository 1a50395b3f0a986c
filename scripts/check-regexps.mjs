// Finds regular expressions that can take polynomial or exponential time, in src, bots and scripts, or in the folders given.
// `checked-regexps.json` lists the expressions that are known to be safe, which are skipped, and those that are allowed
// although they are not, each with its reason. `--write` adds the safe ones that are new; `--all` checks every one.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import ts from "typescript";

process.env.RECHECK_BACKEND = "pure"; // no Java and no binary
const { check } = await import("recheck");

const { values: options, positionals } = parseArgs({
  options: { all: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const root = fileURLToPath(new URL("..", import.meta.url));
const listFile = `${root}scripts/checked-regexps.json`;
const folders = positionals.length > 0 ? positionals : ["src", "bots", "scripts"];

/** Time for one expression, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** @type {{ safe: string[], allowed: Record<string, string> }} */
const list = JSON.parse(readFileSync(listFile, "utf8"));
const known = new Set(options.all ? [] : list.safe);
const found = folders.flatMap((folder) => filesIn(folder).flatMap(expressionsIn));
const safe = new Set();
let problems = 0;
for (const [key, places] of groupBy(found)) {
  const [{ source, flags }] = places;
  if (isFixed(source) || Object.hasOwn(list.allowed, key)) continue;
  const problem = known.has(key) ? undefined : await problemOf(source, flags);
  if (problem === undefined) safe.add(key);
  else for (const { place } of places) report(`${place}: ${key}\n  ${problem}`);
}

const isWhole = positionals.length === 0;
const keys = new Set(found.map(({ key }) => key));
for (const key of Object.keys(list.allowed))
  if (isWhole && !keys.has(key)) console.warn(`${relative(root, listFile)}: ${key} is not used; remove it`);
if (isWhole && options.write) {
  const sorted = { safe: [...safe].sort(), allowed: list.allowed };
  writeFileSync(listFile, `${JSON.stringify(sorted, null, 2)}\n`);
}
console.log(`${found.length} regular expressions, ${problems} problem(s)`);
if (problems > 0) process.exitCode = 1;

function report(problem) {
  problems++;
  console.error(problem);
}

function filesIn(folder) {
  return readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Literals, and `RegExp` with constants. */
function expressionsIn(file) {
  const tree = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const expressions = [];
  const add = (node, source, flags) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    const place = `${relative(root, file)}:${line + 1}`;
    expressions.push({ place, source, flags, key: `/${source}/${flags}` });
  };
  const visit = (node) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      add(node, node.text.slice(1, end), node.text.slice(end + 1));
    } else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && isNamedRegExp(node.expression)) {
      const [source, flags] = (node.arguments ?? []).map(constantOf);
      if (source !== undefined) add(node, source, flags ?? "");
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return expressions;
}

function isNamedRegExp(node) {
  return ts.isIdentifier(node) && node.text === "RegExp";
}

/** The text of a literal or of literals joined by `+`. */
function constantOf(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [constantOf(node.left), constantOf(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** Without a quantifier there is nothing to repeat. */
function isFixed(source) {
  return !/[*+{]/.test(source);
}

async function problemOf(source, flags) {
  const result = await check(source, flags, { timeout: TIMEOUT_MS });
  if (result.status === "safe") return undefined;
  if (result.status === "vulnerable")
    return `takes ${result.complexity.summary} time, for ${result.attack.pattern}`;
  return `was not decided (${result.error.kind}); write it differently, or allow it in scripts/checked-regexps.json with the reason`;
}

function groupBy(all) {
  const groups = new Map();
  for (const one of all) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  return groups;
}
