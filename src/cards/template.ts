import type * as Expressions from "adaptive-expressions";
import { describeError } from "../core/contract/errors";
import { toJsonValue } from "../core/contract/json";
import type { JsonObject, JsonValue } from "../core/contract/notice";
import { didYouMean, suggest } from "../core/util/suggest-name";
import { isConstant } from "./condition-rules";
import {
  addFunction,
  functionNames,
  isFunction,
  loadEngine,
  type Template,
  type TemplateClass,
} from "./engine";
import { escapeCardText } from "./escape-text";
import { splitExpressions } from "./expression-text";
import { formatPath, type JsonPath } from "./json-source";
import { isMarkdown as isMarkdownPlace, mapPart } from "./map-card";
import { findMissingNames } from "./missing-names";
import { familyRule, objectType } from "./schema/families";
import type { Family, Property, Shape } from "./schema/shapes";

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

/** An element that was left out, or was not repeated, because of what its `$when` or `$data` came to. */
export interface LeftOut {
  /** Of the `$when` or `$data` in the template. */
  readonly path: JsonPath;
  readonly reason: LeftOutReason;
}

export type LeftOutReason =
  /** The condition names a field that the data does not have. */
  | ({ readonly kind: "missing" } & Pick<MissingField, "field" | "meant">)
  /** The condition is not true or false, or the data is not a list or an object. */
  | { readonly kind: "value"; readonly value: JsonValue }
  | { readonly kind: "not-evaluated" }
  | { readonly kind: "empty-list" };

/** A template that was filled. */
export interface FilledTemplate {
  readonly content: JsonValue;
  readonly leftOut: readonly LeftOut[];
  /** The place in the template that a place in `content` was made of. */
  originOf(path: JsonPath): JsonPath;
}

/** Fills a template with data; data is never evaluated. @throws TemplateError that lists everything wrong at once */
export type FillTemplate = (data: JsonObject, host?: JsonValue) => FilledTemplate;

/** An expression and where in the template it stands. */
interface Place {
  readonly path: JsonPath;
  readonly expression: string;
  /**
   * `list`: the value of a `$data`. `guarded`: that of an object with a `$when` as well, so that it may be absent.
   * `condition`: the value of a `$when`.
   */
  readonly role: "shown" | "list" | "guarded" | "condition";
  /** Nothing stands beside it, so that it keeps its type. */
  readonly alone: boolean;
  /** The property that it stands in; absent where no text of people can be taken for Markdown. */
  readonly shown?: ShownPlace | undefined;
}

/** What is learnt while one template is being filled. */
interface Findings {
  readonly places: readonly Place[];
  readonly missing: MissingField[];
  readonly broken: BrokenExpression[];
  /** By place and kind: an element that is repeated is left out for one reason once. */
  readonly leftOut: Map<string, LeftOut>;
}

/** The function that expressions are wrapped in: `${user.name}` is filled as `${bellhopAt(3, user.name)}`. */
const WRAPPER = "bellhopAt";
/**
 * The key of a number that each object of the template carries through the engine: the index of its own place in the
 * template. Unicode keeps the character free for such uses.
 */
const ORIGIN = "\uFDD1";
/** Stands for a backtick, which would end a text in the engine's grammar. Unicode keeps it free for such uses. */
const BACKTICK = "\uFDD0";

// Filling is synchronous, so there is never more than one at a time.
let findings: Findings = { places: [], missing: [], broken: [], leftOut: new Map() };

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
  addFunction(MARKDOWN, () => passOn);
  const wrapping: Wrapping = { places: [], origins: [] };
  const { places, origins } = wrapping;
  const template = prepare(TemplateClass, wrap(content, [], wrapping), content);
  return (data, host) => {
    findings = { places, missing: [], broken: [], leftOut: new Map() };
    const filled: unknown = template.expand(
      host === undefined ? { $root: data } : { $root: data, $host: host },
    );
    if (findings.missing.length + findings.broken.length > 0)
      throw new TemplateError(findings.missing, findings.broken);
    const raw = filled as JsonValue; // made of nothing but the template's JSON and the data's
    return {
      content: tidy(raw),
      leftOut: [...findings.leftOut.values()],
      originOf: createOriginFinder(raw, origins),
    };
  };
}

/**
 * Checks each expression of a template by itself: whether it can be read, and whether its functions exist.
 */
export function findBrokenExpressions(content: JsonObject): readonly BrokenExpression[] {
  addFunction(MARKDOWN, () => passOn);
  return findUnreadable(loadEngine(), content, []);
}

/** A property of the template that a client shows. */
interface ShownPlace {
  readonly shape: Shape;
  readonly object: JsonObject;
  readonly around: JsonObject | undefined;
}

/** The function that says that a value is Markdown: `${markdown(note)}`. */
const MARKDOWN = "markdown";

/** The value of its argument. */
const passOn: Expressions.EvaluateExpressionDelegate = (call, memory, options) => {
  const [only, ...others] = call.children;
  if (only === undefined || others.length > 0) throw new Error(`${MARKDOWN}() takes one value`);
  return only.tryEvaluate(memory, options);
};

/** The wrapper: evaluates the expression, notes what is missing or broken, and never fails. */
function watch(Options: typeof Expressions.Options): Expressions.EvaluateExpressionDelegate {
  return (call, memory, given) => {
    const [number, expression] = call.children;
    const place = findings.places[Number(number?.toString())];
    if (place === undefined || expression === undefined)
      throw new Error(`${WRAPPER} is called by a template; it is ours alone`);

    if (place.role === "condition") return { value: watchCondition(place, expression, memory), error: "" };
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
    if (place.role !== "shown" && missing.size === 0 && !failed) noteRepeat(place, value);
    const isMarkdown = expression.type === MARKDOWN;
    return { value: isMarkdown ? toShown(value, place) : asText(toShown(value, place), place), error: "" };
  };
}

/** What people wrote cannot link or format anything, as in a message that is written with `md`. */
function asText(value: unknown, { shown }: Place): unknown {
  if (shown === undefined || value === null || value === undefined) return value;
  const { shape, object, around } = shown;
  const isPart = typeof value === "object";
  if (typeof value !== "string" && !isPart) return value;
  return mapPart(
    value as JsonValue,
    shape,
    { object, around },
    (
      one,
      place, // JSON of the data, or made of it
    ) => (typeof one === "string" && isMarkdownPlace(place) ? escapeCardText(one) : one),
  );
}

/** The library takes everything but true for false. */
function watchCondition(
  place: Place,
  expression: Expressions.Expression,
  memory: Expressions.MemoryInterface,
): boolean {
  const { value, failed } = evaluate(expression, memory);
  const missing = findMissingNames(expression, memory);
  for (const field of missing) leaveOut(place, { kind: "missing", field, meant: meantField(field, memory) });
  if (missing.length === 0 && failed) leaveOut(place, { kind: "not-evaluated" });
  else if (missing.length === 0 && typeof value !== "boolean")
    leaveOut(place, { kind: "value", value: toJsonValue(value) });
  return !failed && value === true;
}

function noteRepeat(place: Place, value: unknown): void {
  if (place.role === "guarded" && (value === undefined || value === null)) return;
  if (Array.isArray(value)) {
    if (value.length === 0) leaveOut(place, { kind: "empty-list" });
  } else if (typeof value !== "object" || value === null)
    leaveOut(place, { kind: "value", value: toJsonValue(value) });
}

function leaveOut({ path }: Place, reason: LeftOutReason): void {
  const field = reason.kind === "missing" ? reason.field : "";
  const key = `${reason.kind} ${field} ${formatPath(path)}`;
  if (!findings.leftOut.has(key)) findings.leftOut.set(key, { path, reason });
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
  options?: Expressions.Options,
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
    throw new TemplateError(
      [],
      [{ path: [], problem: `the template cannot be read: ${describeError(error)}` }],
    );
  }
}

function findUnreadable(TemplateClass: TemplateClass, value: JsonValue, path: JsonPath): BrokenExpression[] {
  if (typeof value !== "string")
    return entries(value).flatMap(([key, child]) => findUnreadable(TemplateClass, child, [...path, key]));
  if (splitExpressions(value) === undefined) return [unreadable(path, value)];
  try {
    const parsed: unknown = TemplateClass.parseInterpolatedString(value.replaceAll("`", BACKTICK));
    const misplaced = isMisplaced(parsed, true) ? [`${MARKDOWN}() must be around the whole expression`] : [];
    const unknown = unknownFunctions(parsed).map(
      (name) => `there is no function "${name}"${didYouMean(name, functionNames())}`,
    );
    return [...unknown, ...misplaced].map((problem) => ({ path, problem }));
  } catch (error) {
    return [unreadable(path, value, reasonOf(error))];
  }
}

/** @param parsed an expression, or a text without one */
function unknownFunctions(parsed: unknown): string[] {
  if (typeof parsed !== "object" || parsed === null) return [];
  const { type, children } = parsed as Expressions.Expression; // what is parsed is a text or an expression
  const own = isFunction(type) ? [] : [type];
  return [...new Set([...own, ...children.flatMap(unknownFunctions)])];
}

/** Whether a part of an expression is said to be Markdown, which can be said of the whole only. */
function isMisplaced(parsed: unknown, isOuter: boolean): boolean {
  if (typeof parsed !== "object" || parsed === null) return false;
  const { type, children } = parsed as Expressions.Expression; // what is parsed is a text or an expression
  if (type === MARKDOWN && !isOuter) return true;
  return children.some((child) => isMisplaced(child, isOuter && type === "concat"));
}

function unreadable(path: JsonPath, text: string, reason = ""): BrokenExpression {
  return { path, problem: `this expression cannot be read: ${text}${reason === "" ? "" : ` (${reason})`}` };
}

/** Says more than that there is an error, such as the number of arguments; it quotes the template alone. */
function reasonOf(error: unknown): string {
  const message = describeError(error);
  return /^syntax error|line 1:/i.test(message) || message.includes("\n")
    ? ""
    : message.replaceAll(BACKTICK, "`").replace(/\.$/, "");
}

/** Facts about a template, collected while it is prepared. */
interface Wrapping {
  readonly places: Place[];
  /** Places of the template's objects, by the number that each carries. */
  readonly origins: JsonPath[];
}

/** What is known of a value where it stands. */
interface Standing {
  /** The property that has it. */
  readonly shape?: Shape | undefined;
  /** The object that has the property, or the list in it. */
  readonly object?: JsonObject | undefined;
  readonly around?: JsonObject | undefined;
}

function wrap(value: JsonValue, path: JsonPath, wrapping: Wrapping, standing: Standing = CARD): JsonValue {
  const { shape, object: owner, around } = standing;
  if (typeof value === "string") {
    const shown = shape === undefined || owner === undefined ? undefined : { shape, object: owner, around };
    return wrapText(value, { path, role: "shown", shown }, wrapping);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item: JsonValue, index) => wrap(item, [...path, index], wrapping, standing));
  const object = value as JsonObject; // a list was ruled out above, which TypeScript cannot see for read-only ones
  const properties = propertiesOf(object, shape);
  const isGuarded = "$when" in object;
  const wrapped = entries(object).map(([key, child]) => {
    const at = [...path, key];
    if (key === "$when") return [key, wrapCondition(child, at, wrapping)];
    if (key !== "$data") {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return [key, wrap(child, at, wrapping, { shape: property?.is, object, around: owner })];
    }
    const role = isGuarded ? "guarded" : "list";
    return [key, typeof child === "string" ? wrapText(child, { path: at, role }, wrapping) : child];
  });
  wrapping.origins.push(path);
  return { ...Object.fromEntries(wrapped), [ORIGIN]: wrapping.origins.length - 1 };
}

const CARD: Standing = { shape: { one: "card" } };

/** The properties of an object by its type, or by where it stands. One that is filled in may be a text that is shown. */
function propertiesOf({ type }: JsonObject, shape: Shape | undefined): Readonly<Record<string, Property>> {
  if (typeof type === "string" && type.includes("${")) return objectType("TextBlock")?.properties ?? {};
  const family = shape === undefined ? undefined : familyOf(shape);
  const implied = family === undefined ? undefined : familyRule(family).implied;
  const name = typeof type === "string" ? type : implied;
  return (name === undefined ? undefined : objectType(name)?.properties) ?? {};
}

function familyOf(shape: Shape): Family | undefined {
  if (typeof shape === "string") return undefined;
  if ("one" in shape) return shape.one;
  return "list" in shape ? shape.list : undefined;
}

/** A condition that is not one expression alone is dropped, or kept, by the library; `conditionRules` finds it. */
function wrapCondition(condition: JsonValue, path: JsonPath, wrapping: Wrapping): JsonValue {
  if (typeof condition !== "string") return condition;
  const pieces = splitExpressions(condition);
  const [only] = pieces ?? [];
  if (pieces?.length !== 1 || only?.kind !== "expression" || isConstant(only.source)) return condition;
  return wrapText(condition, { path, role: "condition" }, wrapping);
}

function wrapText(text: string, where: Pick<Place, "path" | "role" | "shown">, { places }: Wrapping): string {
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
function tidy(
  value: JsonValue,
  visit?: (object: JsonObject, path: JsonPath) => void,
  path: JsonPath = [],
): JsonValue {
  if (typeof value === "string") return value.replaceAll(BACKTICK, "`");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value
      .filter((item: JsonValue) => item !== null)
      .map((item: JsonValue, index) => tidy(item, visit, [...path, index]));
  const object = value as JsonObject; // a list was ruled out above, which TypeScript cannot see for read-only ones
  visit?.(object, path);
  const isTyped = "type" in object;
  return Object.fromEntries(
    entries(object).flatMap(([key, child]) => {
      if (key === ORIGIN) return [];
      if (child !== null) return [[key, tidy(child, visit, [...path, key])]];
      return key === "text" || (!isTyped && (key === "title" || key === "value")) ? [[key, ""]] : [];
    }),
  );
}

/** The places are looked for only when there is a finding to place. */
function createOriginFinder(raw: JsonValue, origins: readonly JsonPath[]): (path: JsonPath) => JsonPath {
  let found: Map<string, JsonPath> | undefined;
  const find = (): Map<string, JsonPath> => {
    const places = new Map<string, JsonPath>();
    tidy(raw, ({ [ORIGIN]: number }, path) => {
      const origin = typeof number === "number" ? origins[number] : undefined;
      if (origin !== undefined) places.set(formatPath(path), origin);
    });
    return places;
  };
  return (path) => {
    found ??= find();
    for (let length = path.length; length >= 0; length--) {
      const origin = found.get(formatPath(path.slice(0, length)));
      if (origin !== undefined) return [...origin, ...path.slice(length)];
    }
    return path;
  };
}

function entries(value: JsonValue): [string | number, JsonValue][] {
  if (Array.isArray(value)) return value.map((item: JsonValue, index) => [index, item]);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]): [string, JsonValue][] =>
    child === undefined ? [] : [[key, child]],
  );
}
