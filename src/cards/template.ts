import type * as Expressions from "adaptive-expressions";
import { describe } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/notice";
import { suggest } from "../core/suggest";
import { addFunction, loadEngine, type Template, type TemplateClass } from "./engine";
import { splitExpressions } from "./expression-text";
import { formatPath, type JsonPath } from "./json-source";

/** A field that is shown and that the data lacks. */
export interface MissingField {
  readonly field: string;
  readonly path: JsonPath;
  /** The field of the data that was probably meant. */
  readonly meant?: string | undefined;
}

/** An expression that cannot be read or evaluated. */
export interface BrokenExpression {
  readonly path: JsonPath;
  readonly problem: string;
}

/** What was wrong when a template was filled; at least one of the lists has something in it. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly missing: readonly MissingField[];
  readonly broken: readonly BrokenExpression[];

  constructor(missing: readonly MissingField[], broken: readonly BrokenExpression[]) {
    const lacks = missing.map(({ field, path }) => `${formatPath(path)} shows "${field}"`);
    super([...lacks, ...broken.map(({ path, problem }) => `${formatPath(path)} ${problem}`)].join("; "));
    this.missing = missing;
    this.broken = broken;
  }
}

/** Fills a template with data; data is never evaluated. @throws TemplateError that lists everything wrong at once */
export type FillTemplate = (data: JsonObject, host?: JsonValue) => JsonValue;

/** An expression and where in the template it stands. */
interface Place {
  readonly path: JsonPath;
  readonly expression: string;
  /** `list`: the value of a `$data`. `guarded`: that of an object with a `$when` as well, so that it may be absent. */
  readonly role: "shown" | "list" | "guarded";
  /** Nothing stands beside it, so that it keeps its type. */
  readonly alone: boolean;
}

/** What is learnt while one template is being filled. */
interface Findings {
  readonly places: readonly Place[];
  readonly missing: MissingField[];
  readonly broken: BrokenExpression[];
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
  addFunction(WRAPPER, watch);
  const places: Place[] = [];
  const template = prepare(TemplateClass, wrap(content, [], places), content);
  return (data, host) => {
    findings = { places, missing: [], broken: [] };
    const filled: unknown = template.expand(
      host === undefined ? { $root: data } : { $root: data, $host: host },
    );
    if (findings.missing.length + findings.broken.length > 0)
      throw new TemplateError(findings.missing, findings.broken);
    return tidy(filled as JsonValue); // made of nothing but the template's JSON and the data's
  };
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
      for (const field of missing)
        findings.missing.push({ field, path: place.path, meant: meantField(field, memory) });
      if (failed && missing.size === 0) {
        const problem = `this expression cannot be evaluated: ${place.expression}`;
        findings.broken.push({ path: place.path, problem });
      }
    }
    return { value: toShown(value, place), error: "" };
  };
}

/** What the data has instead, beside the field that is missing: `user.name` for `user.nmae`. */
function meantField(field: string, memory: Expressions.MemoryInterface): string | undefined {
  const parts = field.split(".");
  const last = parts.pop() ?? "";
  const around = parts.length === 0 ? "$data" : parts.join(".");
  const inRoot = parts.length === 0 ? suggest(last, namesIn(memory.getValue("$root"))) : undefined;
  const meant = suggest(last, namesIn(memory.getValue(around)));
  if (meant !== undefined) return [...parts, meant].join(".");
  return inRoot === undefined ? undefined : `$root.${inRoot}`;
}

function namesIn(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
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
    return { value, failed: error !== undefined && error !== "" };
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
    if (broken.length > 0) throw new TemplateError([], broken);
    throw new TemplateError([], [{ path: [], problem: `the template cannot be read: ${describe(error)}` }]);
  }
}

function findUnreadable(TemplateClass: TemplateClass, value: JsonValue, path: JsonPath): BrokenExpression[] {
  if (typeof value !== "string")
    return entries(value).flatMap(([key, child]) => findUnreadable(TemplateClass, child, [...path, key]));
  try {
    TemplateClass.parseInterpolatedString(value.replaceAll("`", BACKTICK));
    return [];
  } catch {
    return [unreadable(path, value)];
  }
}

function unreadable(path: JsonPath, text: string): BrokenExpression {
  return { path, problem: `this expression cannot be read: ${text}` };
}

function wrap(value: JsonValue, path: JsonPath, places: Place[]): JsonValue {
  if (typeof value === "string") return wrapText(value, { path, role: "shown" }, places);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item: JsonValue, index) => wrap(item, [...path, index], places));
  const guarded = "$when" in value;
  return Object.fromEntries(
    entries(value).map(([key, child]) => {
      if (key === "$when") return [key, child];
      if (key !== "$data" || typeof child !== "string") return [key, wrap(child, [...path, key], places)];
      const role = guarded ? "guarded" : "list";
      return [key, wrapText(child, { path: [...path, key], role }, places)];
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
