// biome-ignore-all lint/suspicious/noTemplateCurlyInString: remedies show how templates are written

import type { JsonObject, JsonValue } from "../core/contract/notice";
import { splitExpressions } from "./expression-text";
import type { Finding } from "./finding";
import type { JsonPath } from "./json-source";
import { isList, isObject, members, shown } from "./json-values";

/**
 * Checks each `$when` and `$data` of a template, as far as they are known without data. The templating library drops an
 * element, or shows it always, without a word if its `$when` is not an expression.
 */
export function conditionRules(template: JsonValue): readonly Finding[] {
  return [...findingsIn(template, [])];
}

function* findingsIn(value: JsonValue, path: JsonPath): Generator<Finding> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) yield* findingsIn(item, [...path, index]);
    return;
  }
  if (!isObject(value)) return;
  yield* whenFindings(value, path);
  yield* dataFindings(value, path);
  for (const [key, child] of members(value)) {
    // The items of a list that is written out are data.
    if (key !== "$when" && key !== "$data") yield* findingsIn(child, [...path, key]);
  }
}

function* whenFindings({ $when }: JsonObject, path: JsonPath): Generator<Finding> {
  if ($when === undefined) return;
  const problem = conditionProblem($when);
  if (problem === undefined) return;
  const { message, remedy } = problem;
  yield { code: "bad-condition", severity: "error", path: [...path, "$when"], message, remedy };
}

interface Problem {
  readonly message: string;
  readonly remedy: string;
}

const WRITE_CONDITION = 'write a comparison, for example "${exists(title)}", or remove it';

function conditionProblem(when: JsonValue): Problem | undefined {
  if (typeof when !== "string") {
    const result = isTruthy(when) ? "never" : "always";
    return {
      message: `is ${shown(when)}, not an expression, so the element is ${result} shown`,
      remedy: result === "never" ? WRITE_CONDITION : 'remove it, or write a comparison such as "${a == b}"',
    };
  }
  const pieces = splitExpressions(when);
  // An expression that cannot be read is another finding.
  if (pieces === undefined) return undefined;
  const [only, ...others] = pieces;
  const expressions = pieces.filter(({ kind }) => kind === "expression").length;
  if (expressions === 0)
    return {
      message: `is the text ${shown(when)} without \${ }, so the element is ${when === "" ? "always" : "never"} shown`,
      remedy: when.trim() === "" ? WRITE_CONDITION : `write "\${${when.trim()}}" if this is the condition`,
    };
  if (only?.kind === "expression" && others.length === 0) return constantProblem(only.source);
  return {
    message: "has text around the expression, so it is never true or false and the element is never shown",
    remedy: "put the whole condition into one ${ }",
  };
}

/** A constant in an expression: the library makes a text of `true` alone, which is not a truth value. */
const CONSTANT = /^(?:true|false|null|-?\d+(?:\.\d+)?|'[^']*'|"[^"]*")$/;

/** Whether an expression is a constant, which the library does not take for true or false. */
export function isConstant(source: string): boolean {
  return CONSTANT.test(source.trim());
}

function constantProblem(source: string): Problem | undefined {
  if (!isConstant(source)) return undefined;
  return {
    message:
      "is a constant, which the templating library does not take for true, so the element is never shown",
    remedy: WRITE_CONDITION,
  };
}

function* dataFindings({ $data }: JsonObject, path: JsonPath): Generator<Finding> {
  if ($data === undefined) return;
  const problem = dataProblem($data);
  if (problem !== undefined)
    yield { code: "bad-repeat", severity: "error", path: [...path, "$data"], ...problem };
}

function dataProblem(data: JsonValue): Problem | undefined {
  if (isList(data) && data.length === 0)
    return { message: "is an empty list, so the element is never shown", remedy: "name a list of the data" };
  if (isList(data) || isObject(data))
    return hasExpression(data)
      ? {
          message: "has an expression within a list or an object, where it is not filled in",
          remedy: 'name the data by one expression, for example "${items}"',
        }
      : undefined;
  if (typeof data !== "string")
    return { message: `is ${shown(data)}; expected a list or an object`, remedy: 'write "${items}"' };
  const pieces = splitExpressions(data);
  if (pieces === undefined || (pieces.length === 1 && pieces[0]?.kind === "expression")) return undefined;
  const isText = pieces.every(({ kind }) => kind === "text");
  return {
    message: isText
      ? `is the text ${shown(data)} without \${ }, not a list or an object of the data`
      : "has text around the expression, so it is a text, not a list or an object",
    remedy: isText && data.trim() !== "" ? `write "\${${data.trim()}}"` : "write one expression alone",
  };
}

function hasExpression(value: JsonValue): boolean {
  if (typeof value === "string")
    return splitExpressions(value)?.some(({ kind }) => kind === "expression") ?? true;
  if (isList(value)) return value.some(hasExpression);
  return isObject(value) && members(value).some(([, child]) => hasExpression(child));
}

/** A value that the library treats as a condition. */
function isTruthy(value: JsonValue): boolean {
  return isList(value) || isObject(value) || Boolean(value);
}
