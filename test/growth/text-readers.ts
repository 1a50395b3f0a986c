import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as ts from "typescript";

/** A function that is given text, or data with text in it, and works on its characters or parts. */
export interface TextReader {
  /** Below `src`, with the function: `core/util/tokenize.ts#wordsOf`. */
  readonly id: string;
}

const SRC = resolve(__dirname, "../../src");

/** Types that text of people, platforms and files has. */
const TEXT =
  /\b(?:string|Buffer|Uint8Array|unknown|JsonObject|JsonValue|Delivery|Notice|Said|WebexMessage|RawAnswer|Card|Outgoing)\b/;

/** Methods that look at every character or every part of what they are called on. */
const SCANNING = new Set(
  "replace replaceAll match matchAll search split test exec trim trimEnd trimStart normalize toLowerCase toUpperCase indexOf lastIndexOf includes startsWith endsWith map filter flatMap find findLast some every reduce forEach join sort segment parse stringify entries".split(
    " ",
  ),
);

/**
 * Finds the exported functions of `src` that take text and scan it, by their code: a parameter has a type of `TEXT`, and
 * the function, or a function of its file that it calls, has a loop, a regular expression or a call that scans. Functions
 * that only pass text on are found at the function that they pass it to.
 */
export function findTextReaders(isIn: (file: string) => boolean): readonly string[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && isIn(file))
    .sort()
    .flatMap((file) => textReadersOf(file, readFileSync(join(SRC, file), "utf8")));
}

/** The same for one file. */
export function textReadersOf(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2023, true);
  const functions = new Map<string, FunctionLike>();
  for (const statement of tree.statements)
    for (const [name, node] of functionsIn(statement)) functions.set(name, node);
  return [...functions]
    .filter(([, { isExported, parameters }]) => isExported && parameters.some(takesText))
    .filter(([name]) => scans(name, functions, new Set()))
    .map(([name]) => `${file}#${name}`);
}

interface FunctionLike {
  readonly isExported: boolean;
  readonly parameters: readonly ts.ParameterDeclaration[];
  readonly body: ts.Node;
}

function* functionsIn(statement: ts.Statement): Generator<[string, FunctionLike]> {
  const isExported =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (ts.isFunctionDeclaration(statement) && statement.name !== undefined && statement.body !== undefined)
    yield [statement.name.text, { isExported, parameters: [...statement.parameters], body: statement.body }];
  if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
    const members = statement.members.filter(
      (member) => ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member),
    );
    yield [
      statement.name.text,
      { isExported, parameters: members.flatMap(({ parameters }) => [...parameters]), body: statement },
    ];
  }
  if (!ts.isVariableStatement(statement)) return;
  for (const { name, initializer } of statement.declarationList.declarations) {
    if (!ts.isIdentifier(name) || initializer === undefined) continue;
    const isFunction = ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer);
    yield [
      name.text,
      {
        isExported: isExported && isFunction,
        parameters: isFunction ? [...initializer.parameters] : [],
        body: initializer,
      },
    ];
  }
}

/** A parameter without a type has a default, which is no text of others. */
function takesText({ type }: ts.ParameterDeclaration): boolean {
  return type !== undefined && TEXT.test(type.getText());
}

/** Whether a function, or one of its file that it names, has a loop, a regular expression or a call that scans. */
function scans(name: string, functions: ReadonlyMap<string, FunctionLike>, seen: Set<string>): boolean {
  const found = functions.get(name);
  if (found === undefined || seen.has(name)) return false;
  seen.add(name);
  const visit = (node: ts.Node): boolean =>
    isScan(node) ||
    (ts.isIdentifier(node) && node.text !== name && scans(node.text, functions, seen)) ||
    (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(found.body);
}

function isScan(node: ts.Node): boolean {
  if (ts.isIterationStatement(node, false) || ts.isRegularExpressionLiteral(node)) return true;
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    SCANNING.has(node.expression.name.text)
  );
}
