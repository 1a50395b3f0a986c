import type { JsonObject, JsonValue } from "../core/contract/notice";
import { didYouMean, meantOr } from "../core/util/suggest-name";
import { cardRules } from "./card-rules";
import { expectedOf, oneOf, plainFault, type ValueFault, wordFault } from "./check-value";
import { findInvalidDates } from "./date-macros";
import { splitExpressions } from "./expression-text";
import type { Finding, FindingCode } from "./finding";
import { formatPath, type JsonPath } from "./json-source";
import { isList, isObject, kindOf, members, shown } from "./json-values";
import type { Passed } from "./rule";
import { familyRule, isInputType, NOT_DRAWN, objectType } from "./schema/families";
import { type Family, NEWEST, type Plain, type Property, type Shape } from "./schema/shapes";

interface CheckOptions {
  /** Whether its expressions are yet to be filled; what they come to is then left to them. */
  readonly isTemplate: boolean;
  /** Whether findings may quote values: of a template or of sample data, not of what people wrote. @default isTemplate */
  readonly quotes?: boolean;
}

/** Looks for what Webex would refuse, or would draw other than meant. Everything is found in one go, in the order of the card. */
export function checkCard(
  card: JsonValue,
  { isTemplate, quotes = isTemplate }: CheckOptions,
): readonly Finding[] {
  const findings: Finding[] = [];
  const passed: Passed[] = [];
  const error = (code: FindingCode, path: JsonPath, message: string, remedy: string): void =>
    void findings.push({ code, severity: "error", path, message, remedy });
  const warning = (code: FindingCode, path: JsonPath, message: string, remedy: string): void =>
    void findings.push({ code, severity: "warning", path, message, remedy });
  // What is in a filled card may be what somebody wrote, and what is found in it may get into a log.
  const say = quotes ? shown : kindOf;
  const isFilledLater = (value: JsonValue): boolean =>
    isTemplate && typeof value === "string" && value.includes("${");

  const pasted = pastedAttachment(card);
  if (pasted !== undefined) return [pasted];
  if (!isObject(card)) {
    error("not-a-card", [], `it is ${say(card)}`, "a card is an object in { }");
    return findings;
  }
  if (card.type === "AdaptiveCard") checkVersion(card.version);
  else
    error(
      "not-a-card",
      ["type"],
      card.type === undefined ? "is missing" : `is ${say(card.type)}`,
      'a card begins with "type": "AdaptiveCard"',
    );
  checkMembers("AdaptiveCard", card, [], false);
  if (isTemplate) checkTexts(card, []);
  findings.push(...cardRules(card, passed, { isTemplate, quotes }));
  return findings;

  function checkVersion(version: JsonValue | undefined): void {
    const remedy = `Webex draws "1.0" to "${NEWEST}", so write "version": "${NEWEST}"`;
    if (version === undefined) error("wrong-version", ["version"], "is missing", remedy);
    else if (typeof version !== "string" || !/^1\.[0-3]$/.test(version))
      if (!isFilledLater(version)) error("wrong-version", ["version"], `is ${say(version)}`, remedy);
  }

  function checkObject(object: JsonObject, family: Family, path: JsonPath, isAround: boolean): void {
    const { what, types, implied } = familyRule(family);
    const { type } = object;
    const isConditional = isAround || object.$when !== undefined || object.$data !== undefined;
    if (type !== undefined && isFilledLater(type)) return;
    if (type === undefined && implied === undefined) {
      error("missing-property", path, 'has no "type"', `say which ${what} it is: ${oneOf(types)}`);
      return;
    }
    // What has a single kind is looked at as that, whatever it says.
    const isSaid = typeof type === "string" && types.some((name) => name === type);
    if (type !== undefined && !isSaid) wrongType(type, family, path);
    const name = isSaid ? type : implied;
    if (name !== undefined) checkMembers(name, object, path, isConditional);
  }

  function wrongType(type: JsonValue, family: Family, path: JsonPath): void {
    const { what, types } = familyRule(family);
    const name = typeof type === "string" ? type : "";
    const notDrawn = Object.hasOwn(NOT_DRAWN, name) ? NOT_DRAWN[name] : undefined;
    if (notDrawn !== undefined && notDrawn.since > NEWEST)
      error(
        "later-type",
        path,
        `"${name}" came in with ${notDrawn.since}, Webex draws ${NEWEST}`,
        notDrawn.instead,
      );
    else if (notDrawn !== undefined) error("not-drawn", path, `Webex draws no ${name}`, notDrawn.instead);
    else if (objectType(name) !== undefined)
      error("wrong-place", path, `"${name}" may not stand here`, `expected ${oneOf(types)}`);
    else
      error(
        "unknown-type",
        path,
        `${say(type)} is no ${what}`,
        `expected ${oneOf(types)}${didYouMean(name, types)}`,
      );
  }

  function checkMembers(name: string, object: JsonObject, path: JsonPath, isConditional: boolean): void {
    const properties = objectType(name)?.properties ?? {};
    passed.push({ type: name, object, path, isConditional });
    for (const [key, { required }] of Object.entries(properties)) {
      const value = object[key];
      const isEmptyId = key === "id" && value === "";
      if (required && (value === undefined || isEmptyId)) missing(name, key, path);
    }
    for (const [key, value] of members(object)) {
      if (key === "type" || (isTemplate && (key === "$when" || key === "$data"))) continue;
      const at = [...path, key];
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (property === undefined) unknown(name, key, properties, at);
      else if ((property.since ?? "1.0") > NEWEST)
        error("later-property", at, `came in with ${property.since}, Webex draws ${NEWEST}`, "remove it");
      else {
        if (property.ignored !== undefined)
          warning("not-drawn", at, `Webex does not promise to heed it in ${name}`, property.ignored);
        checkShape(property.is, value, at, isConditional, property);
      }
    }
  }

  function missing(name: string, key: string, path: JsonPath): void {
    const reason = isInputType(name) && key === "id" ? ", so nobody learns what was entered" : "";
    error("missing-property", path, `this ${name} has no "${key}"${reason}`, `add "${key}"`);
  }

  function unknown(
    name: string,
    key: string,
    properties: Readonly<Record<string, Property>>,
    at: JsonPath,
  ): void {
    const drawn = Object.keys(properties).filter((other) => (properties[other]?.since ?? "1.0") <= NEWEST);
    error("unknown-property", at, `${name} has no such property`, meantOr("remove it", key, drawn));
  }

  function checkShape(
    shape: Shape,
    value: JsonValue,
    path: JsonPath,
    isConditional: boolean,
    property?: Property,
  ): void {
    if (isFilledLater(value)) {
      if (shape === "markdown") checkConstants(value, path);
      return;
    }
    if (typeof shape === "string") checkPlain(shape, value, path);
    else if (!("one" in shape) && !("list" in shape))
      report(wordFault(shape, value, say, property?.later), path);
    else if ("one" in shape) {
      if (isObject(value)) checkObject(value, shape.one, path, isConditional);
      else if (shape.or === undefined)
        report(
          { code: "wrong-value", message: `is ${say(value)}`, remedy: `expected ${nameOf(shape.one)}` },
          path,
        );
      else checkShape(shape.or, value, path, isConditional);
    } else if (isList(value))
      for (const [index, item] of value.entries()) checkItem(shape, item, [...path, index], isConditional);
    else
      report(
        {
          code: "wrong-value",
          message: `is ${say(value)}`,
          remedy: `expected a list in [ ], of ${familyRule(shape.list).what}s`,
        },
        path,
      );
  }

  /** What an expression comes to is shown as it is written, also the Markdown in its constants. */
  function checkConstants(text: JsonValue, path: JsonPath): void {
    const isFound = (splitExpressions(String(text)) ?? []).some(
      (piece) =>
        piece.kind === "expression" && !/^\s*markdown\s*\(/.test(piece.source) && hasMarkdown(piece.source),
    );
    if (!isFound) return;
    const message = "the Markdown in this expression is shown as it is written";
    warning(
      "escaped-markdown",
      path,
      message,
      "write markdown(…) around the expression if it is not what people wrote",
    );
  }

  function checkPlain(plain: Plain, value: JsonValue, path: JsonPath): void {
    report(plainFault(plain, value, say), path);
    if (typeof value !== "string" || (plain !== "markdown" && plain !== "dated")) return;
    for (const macro of findInvalidDates(value)) {
      const shownMacro = quotes ? macro : "a date or time";
      const message = `${shownMacro} has no valid date, so people read it as it is written here`;
      warning("bad-date", path, message, "write it like this: {{DATE(2026-11-30T13:00:00Z, SHORT)}}");
    }
  }

  function checkItem(
    { list, or }: Extract<Shape, { readonly list: Family }>,
    item: JsonValue,
    path: JsonPath,
    isConditional: boolean,
  ): void {
    if (isFilledLater(item)) return;
    if (isObject(item)) checkObject(item, list, path, isConditional);
    else if (or === undefined || typeof item !== "string") {
      const remedy = `expected ${nameOf(list)}${or === undefined ? "" : `, or ${expectedOf(or)}`}`;
      report({ code: "wrong-value", message: `is ${say(item)}`, remedy }, path);
    }
  }

  function report(fault: ValueFault | undefined, path: JsonPath): void {
    if (fault === undefined) return;
    const { code, severity = "error", message, remedy } = fault;
    findings.push({ code, severity, path, message, remedy });
  }

  function checkTexts(value: JsonValue, path: JsonPath): void {
    if (isList(value)) {
      for (const [index, item] of value.entries()) checkTexts(item, [...path, index]);
    } else if (isObject(value)) {
      for (const [key, child] of members(value)) checkTexts(child, [...path, key]);
    } else if (typeof value === "string" && splitExpressions(value) === undefined)
      error(
        "bad-expression",
        path,
        "a ${ begins an expression that is not closed, is empty or has a { in it",
        "write \\${ where the text itself is meant",
      );
  }
}

/** A message or an attachment of an API, with the card in it. */
function pastedAttachment(value: JsonValue): Finding | undefined {
  const at = cardWithin(value, []);
  if (at === undefined || at.length === 0) return undefined;
  const message = "this is an attachment or a message with a card in it, not a card";
  const remedy = `put its "${formatPath(at)}" here, and remove the rest`;
  return { code: "pasted-attachment", severity: "error", path: at, message, remedy };
}

/** Keys under which APIs of Webex and others have a card. */
const AROUND_CARDS = ["content", "attachments", "card", "payload"];

function cardWithin(value: JsonValue | undefined, path: JsonPath): JsonPath | undefined {
  if (isList(value)) return cardWithin(value[0], [...path, 0]);
  if (!isObject(value)) return undefined;
  if (value.type === "AdaptiveCard") return path;
  const key = AROUND_CARDS.find((name) => value[name] !== undefined);
  // An object with a "body" is a card whose type is wrong.
  return key === undefined || value.body !== undefined || path.length > 5
    ? undefined
    : cardWithin(value[key], [...path, key]);
}

/** Whether a constant of an expression has Markdown in it. */
function hasMarkdown(expression: string): boolean {
  const constants = expression.match(/'[^']*'|"[^"]*"/g) ?? [];
  return constants.some((constant) => constant.includes("**") || constant.includes("]("));
}

function nameOf(family: Family): string {
  const { what } = familyRule(family);
  return /^[aei]/.test(what) ? `an ${what}` : `a ${what}`;
}
