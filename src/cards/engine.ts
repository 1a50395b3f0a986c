import type * as Expressions from "adaptive-expressions";
import type { JsonValue } from "../core/contract/notice";
import { BoundedText } from "../core/util/bounded-regexp";

// Of adaptivecards-templating; its own types are made of another package's sources, which this compiler refuses.
export interface Template {
  expand(context: { readonly $root: JsonValue; readonly $host?: JsonValue }): unknown;
}
export interface TemplateClass {
  new (payload: JsonValue): Template;
  /** @throws Error when the text has an expression that cannot be read */
  parseInterpolatedString(text: string): unknown;
}

let engine: { readonly TemplateClass: TemplateClass; readonly expressions: typeof Expressions } | undefined;

// It takes a tenth of a second to load, which a program whose bots send no card is spared.
function load(): { readonly TemplateClass: TemplateClass; readonly expressions: typeof Expressions } {
  if (engine !== undefined) return engine;
  const expressions = require("adaptive-expressions") as typeof Expressions; // the module of that name
  const templating = require("adaptivecards-templating") as { Template: TemplateClass }; // see above
  limitIsMatch(expressions);
  engine = { TemplateClass: templating.Template, expressions };
  return engine;
}

type Functions = Map<string, Expressions.ExpressionEvaluator>;

/** Gives the templates' `isMatch(text, pattern)` a time limit. One that runs out of time cannot be evaluated. */
function limitIsMatch({
  CommonRegex,
  ExpressionEvaluator,
  ExpressionFunctions,
  FunctionUtils,
  ReturnType,
}: typeof Expressions): void {
  const functions = ExpressionFunctions.standardFunctions as Functions; // see addFunction
  const original = functions.get("isMatch");
  const evaluate = FunctionUtils.applyWithError((given: readonly unknown[]) => {
    const [text, pattern] = given.map((value) => String(value ?? ""));
    const result = new BoundedText(text ?? "").search([CommonRegex.CreateRegex(pattern ?? "")]);
    const isUnknown = result !== undefined && result.kind !== "match";
    return isUnknown
      ? { value: undefined, error: "isMatch ran out of time" }
      : { value: result !== undefined, error: "" };
  }, FunctionUtils.verifyStringOrNull);
  const limited = new ExpressionEvaluator("isMatch", evaluate, ReturnType.Boolean, (expression) =>
    original?.validateExpression(expression),
  );
  functions.set("isMatch", limited);
}

/** The templating engine, loaded when it is asked for first. */
export function loadEngine(): TemplateClass {
  return load().TemplateClass;
}

/** Gives templates a function more; nothing happens when they have one of that name. */
export function addFunction(
  name: string,
  make: (Options: typeof Expressions.Options) => Expressions.EvaluateExpressionDelegate,
): void {
  const { expressions } = load();
  // The engine looks its functions up in this map, which is typed as read-only. Its own way to add functions
  // (Expression.functions) is not consulted by templates.
  const functions = expressions.ExpressionFunctions.standardFunctions as Functions;
  if (functions.has(name)) return;
  const evaluate = make(expressions.Options);
  functions.set(name, new expressions.ExpressionEvaluator(name, evaluate, expressions.ReturnType.Object));
}

/** Names of the functions that templates may call, without operators. */
export function functionNames(): readonly string[] {
  const { expressions } = load();
  return [...expressions.ExpressionFunctions.standardFunctions.keys()].filter((name) =>
    /^[a-z]+$/i.test(name),
  );
}

/** Whether an expression may have this type: a function, an operator, a constant or a field. */
export function isFunction(name: string): boolean {
  const { expressions } = load();
  return name === "Constant" || expressions.ExpressionFunctions.standardFunctions.has(name);
}

/**
 * What the templating library by itself makes of a template, with all its habits: `\${name}` stays on the screen where the
 * data has no name, numbers stay numbers, dropped objects become null.
 * @throws whatever the library throws
 */
export function expandPlainly(template: JsonValue, data: JsonValue, host?: JsonValue): unknown {
  const TemplateClass = loadEngine();
  return new TemplateClass(template).expand(
    host === undefined ? { $root: data } : { $root: data, $host: host },
  );
}
