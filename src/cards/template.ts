import type * as Expressions from "adaptive-expressions";
import { describe } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/notice";
import { splitExpressions } from "./expression-text";
import { formatPath, type JsonPath } from "./json-source";

/** What was wrong when a template was filled; at least one of the lists has something in it. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  /** Fields that are shown and that the data lacks. */
  readonly missing: readonly { readonly field: string; readonly at: string }[];
  /** Expressions that cannot be read or evaluated. */
  readonly broken: readonly string[];

  constructor(missing: readonly { field: string; at: string }[], broken: readonly string[]) {
    super([...missing.map(({ field, at }) => `${at} shows "${field}"`), ...broken].join("; "));
    this.missing = missing;
    this.broken = broken;
  }
}

/** Fills a template with data; data is never evaluated. @throws TemplateError that lists everything wrong at once */
export type FillTemplate = (data: JsonObject) => JsonValue;

/** An expression and where in the template it stands. */
interface Place {
  readonly path: string;
  readonly expression: string;
  /** `list`: the value of a `$data`. `guarded`: that of an object with a `$when` as well, so that it may be absent. */
  readonly role: "shown" | "list" | "guarded";
  /** Nothing stands beside it, so that it keeps its type. */
  readonly alone: boolean;
}

/** What is learnt while one template is being filled. */
interface Findings {
  readonly places: readonly Place[];
  readonly missing: { field: string; at: string }[];
  readonly broken: string[];
}

// Of adaptivecards-templating; its own types are made of another package's sources, which this compiler refuses.
interface Template {
  expand(context: { readonly $root: JsonObject }): unknown;
}
interface TemplateClass {
  new (payload: JsonValue): Template;
  /** @throws Error when the text has an expression that cannot be read */
  parseInterpolatedString(text: string): unknown;
}

/** The function that expressions are wrapped in: `${user.name}` is filled as `${bellhopAt(3, user.name)}`. */
const WRAPPER = "bellhopAt";
/** Stands for a backtick, which would end a text in the engine's grammar. Unicode keeps it free for such uses. */
const BACKTICK = "\uFDD0";

// Filling is synchronous, so there is never more than one at a time.
let findings: Findings = { places: [], missing: [], broken: [] };

/**
 * Prepares a template, which takes some milliseconds; filling it is then fast.
 *
 * The engine by itself writes `${name}` on people's screens when the data has no name, throws at a null within a text
 * and at a backtick, and leaves nulls where an object was dropped. So every expression is wrapped in a function of
 * ours, which knows where it stands and sees what it comes to.
 * @throws TemplateError for expressions that cannot be read
 */
export function prepareTemplate(content: JsonObject): FillTemplate {
  const TemplateClass = loadEngine();
  const places: Place[] = [];
  const template = prepare(TemplateClass, wrap(content, [], places), content);
  return (data) => {
    findings = { places, missing: [], broken: [] };
    const filled: unknown = template.expand({ $root: data });
    if (findings.missing.length + findings.broken.length > 0)
      throw new TemplateError(findings.missing, findings.broken);
    return tidy(filled as JsonValue); // made of nothing but the template's JSON and the data's
  };
}

let engine: TemplateClass | undefined;

// It takes a tenth of a second to load, which a program whose bots send no card is spared.
function loadEngine(): TemplateClass {
  if (engine !== undefined) return engine;
  const expressions = require("adaptive-expressions") as typeof Expressions; // the module of that name
  const templating = require("adaptivecards-templating") as { Template: TemplateClass }; // see above
  // The engine looks its functions up in this map, which is typed as read-only. Its own way to add functions
  // (Expression.functions) is not consulted by templates.
  const functions = expressions.ExpressionFunctions.standardFunctions as Map<
    string,
    Expressions.ExpressionEvaluator
  >;
  functions.set(
    WRAPPER,
    new expressions.ExpressionEvaluator(WRAPPER, watch(expressions.Options), expressions.ReturnType.Object),
  );
  engine = templating.Template;
  return engine;
}

/** The wrapper: evaluates the expression, notes what is missing or broken, and never fails. */
function watch(Options: typeof Expressions.Options): Expressions.EvaluateExpressionDelegate {
  return (call, memory, given) => {
    const [number, expression] = call.children;
    const place = findings.places[Number(number?.toString())];
    if (place === undefined || expression === undefined)
      throw new Error(`${WRAPPER} is called by a template; it is ours alone`);

    const missing = new Set<string>();
    const options = new Options(given);
    options.nullSubstitution = (field: string) => {
      missing.add(field);
      return undefined;
    };
    const { value, failed } = evaluate(expression, memory, options);
    if (value === undefined && !failed && missing.size === 0) missing.add(place.expression);
    if (!mayBeAbsent(place, value)) {
      for (const field of missing) findings.missing.push({ field, at: place.path });
      if (failed && missing.size === 0)
        findings.broken.push(`${place.path} has an expression that cannot be evaluated: ${place.expression}`);
    }
    return { value: toShown(value, place), error: "" };
  };
}

function mayBeAbsent({ role, expression }: Place, value: unknown): boolean {
  return role === "guarded" || (value !== undefined && /\bcoalesce\s*\(/.test(expression));
}

// The engine's own words are left out: they may quote the data, which is what somebody wrote.
function evaluate(
  expression: Expressions.Expression,
  memory: Expressions.MemoryInterface,
  options: Expressions.Options,
): { value: unknown; failed: boolean } {
  try {
    const { value, error }: { value: unknown; error: string | undefined } = expression.tryEvaluate(
      memory,
      options,
    );
    return { value, failed: error !== undefined };
  } catch {
    return { value: undefined, failed: true };
  }
}

function toShown(value: unknown, place: Place): unknown {
  if (value !== undefined && value !== null) return value;
  if (place.role !== "shown") return [];
  return place.alone ? null : "";
}

function prepare(TemplateClass: TemplateClass, wrapped: JsonValue, content: JsonObject): Template {
  try {
    return new TemplateClass(wrapped);
  } catch (error) {
    const broken = findUnreadable(TemplateClass, content, []);
    throw new TemplateError([], broken.length > 0 ? broken : [describe(error)]);
  }
}

function findUnreadable(TemplateClass: TemplateClass, value: JsonValue, path: JsonPath): string[] {
  if (typeof value !== "string")
    return entries(value).flatMap(([key, child]) => findUnreadable(TemplateClass, child, [...path, key]));
  try {
    TemplateClass.parseInterpolatedString(value.replaceAll("`", BACKTICK));
    return [];
  } catch {
    return [unreadable(formatPath(path), value)];
  }
}

function unreadable(path: string, text: string): string {
  return `${path} has an expression that cannot be read: ${text}`;
}

function wrap(value: JsonValue, path: JsonPath, places: Place[]): JsonValue {
  if (typeof value === "string") return wrapText(value, { path: formatPath(path), role: "shown" }, places);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item: JsonValue, index) => wrap(item, [...path, index], places));
  const guarded = "$when" in value;
  return Object.fromEntries(
    entries(value).map(([key, child]) => {
      if (key === "$when") return [key, child];
      if (key !== "$data" || typeof child !== "string") return [key, wrap(child, [...path, key], places)];
      const role = guarded ? "guarded" : "list";
      return [key, wrapText(child, { path: formatPath([...path, key]), role }, places)];
    }),
  );
}

function wrapText(text: string, where: Pick<Place, "path" | "role">, places: Place[]): string {
  const pieces = splitExpressions(text);
  if (pieces === undefined) throw new TemplateError([], [unreadable(where.path, text)]);
  if (!pieces.some(({ kind }) => kind === "expression")) return text;
  return pieces
    .map((piece) => {
      if (piece.kind === "text") return piece.text.replaceAll("`", BACKTICK);
      places.push({ ...where, expression: piece.source.trim(), alone: pieces.length === 1 });
      return `\${${WRAPPER}(${places.length - 1}, ${piece.source})}`;
    })
    .join("");
}

/** Removes what was dropped; a text that came to nothing stays, empty, because a TextBlock without one is refused. */
function tidy(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.replaceAll(BACKTICK, "`");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.filter((item: JsonValue) => item !== null).map(tidy);
  const isTyped = "type" in value;
  return Object.fromEntries(
    entries(value).flatMap(([key, child]) => {
      if (child !== null) return [[key, tidy(child)]];
      return key === "text" || (!isTyped && (key === "title" || key === "value")) ? [[key, ""]] : [];
    }),
  );
}

function entries(value: JsonValue): [string | number, JsonValue][] {
  if (Array.isArray(value)) return value.map((item: JsonValue, index) => [index, item]);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]): [string, JsonValue][] =>
    child === undefined ? [] : [[key, child]],
  );
}
