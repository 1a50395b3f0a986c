import type * as Expressions from "adaptive-expressions";

type Expression = Expressions.Expression;
type Memory = Expressions.MemoryInterface;

/** Functions that ask whether a field is there, so that it may be missing. */
const GUARDS: ReadonlySet<string> = new Set(["exists", "empty", "coalesce"]);
/** Functions whose first argument is a list, and the others an item's name and an expression about it. */
const LOOPS: ReadonlySet<string> = new Set([
  "select",
  "foreach",
  "where",
  "any",
  "all",
  "sortBy",
  "indicesAndValues",
]);
const ACCESS: ReadonlySet<string> = new Set(["Accessor", "Element"]);

/**
 * Finds the fields that a condition names and the data does not have, in the parts of it that are evaluated. Fields that it
 * asks for by `exists`, `empty`, `coalesce`, by a comparison with null, or as the condition of an `if`, may be missing.
 */
export function findMissingNames(expression: Expression, memory: Memory): readonly string[] {
  const found = new Set<string>();
  walk(expression, memory, found);
  return [...found];
}

function walk(expression: Expression, memory: Memory, found: Set<string>): void {
  const { type, children } = expression;
  if (ACCESS.has(type)) {
    if (evaluate(expression, memory) === undefined) found.add(nameOf(expression));
    return;
  }
  if (GUARDS.has(type) || isNullComparison(expression)) return;
  if (type === "&&" || type === "and") walkUntil(children, memory, found, (value) => !isTrue(value));
  else if (type === "||" || type === "or") walkUntil(children, memory, found, isTrue);
  else if (type === "if") walkIf(children, memory, found);
  else for (const child of LOOPS.has(type) ? children.slice(0, 1) : children) walk(child, memory, found);
}

/** The library stops at the first operand that decides. */
function walkUntil(
  children: readonly Expression[],
  memory: Memory,
  found: Set<string>,
  decides: (value: unknown) => boolean,
): void {
  for (const child of children) {
    walk(child, memory, found);
    if (decides(evaluate(child, memory))) return;
  }
}

function walkIf([condition, yes, no]: readonly Expression[], memory: Memory, found: Set<string>): void {
  if (condition === undefined) return;
  if (!ACCESS.has(condition.type)) walk(condition, memory, found);
  const branch = isTrue(evaluate(condition, memory)) ? yes : no;
  if (branch !== undefined) walk(branch, memory, found);
}

function isNullComparison({ type, children }: Expression): boolean {
  return (type === "==" || type === "!=") && children.some(isNull);
}

function isNull(expression: Expression): boolean {
  return expression.type === "Constant" && (expression as Expressions.Constant).value === null; // of that type
}

/** In the library a missing or empty value is not true, everything else is. */
function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function evaluate(expression: Expression, memory: Memory): unknown {
  try {
    const { value, error }: { value: unknown; error: string | undefined } = expression.tryEvaluate(memory);
    // An item that is out of range is another problem than a field that is missing.
    return value === undefined && error !== undefined && error !== "" ? null : value;
  } catch {
    return null;
  }
}

function nameOf(expression: Expression): string {
  const [name = expression.toString()] = expression.references();
  return name;
}
