import type { JsonObject, JsonValue } from "../core/contract/notice";
import { BoundedText } from "../core/util/bounded-regexp";
import type { Finding } from "./finding";
import { isList, isObject, shown } from "./json-values";
import { isExponential, patternFault } from "./pattern";
import { finding, isFilledLater, type Passed, type RuleOptions } from "./rule";
import { isInputType } from "./schema/families";

/** Choices that a message names at most. */
const MOST_NAMED = 10;

/** Finds inputs that cannot be answered, or whose answer is not what their author expects. */
export function inputRules(passed: readonly Passed[], options: RuleOptions): Finding[] {
  return inputs(passed).flatMap((one) => [
    ...commasInChoices(one, options),
    ...sameChoices(one, options),
    ...sameToggleValues(one, options),
    ...unknownPresets(one, options),
    ...unorderedLimits(one),
    ...outsideLimits(one, options),
    ...slowPatterns(one, options),
    ...silentRequirements(one, options),
  ]);
}

export function inputs(passed: readonly Passed[]): Passed[] {
  return passed.filter(({ type }) => isInputType(type));
}

function commasInChoices({ type, object, path }: Passed, { isTemplate }: RuleOptions): Finding[] {
  if (type !== "Input.ChoiceSet" || object.isMultiSelect !== true) return [];
  return choicesOf(object).flatMap(({ value, index }): Finding[] => {
    if (isFilledLater(value, isTemplate) || !value.includes(",")) return [];
    const message = "several choices come as one text with commas between them, and this one has a comma";
    const at = [...path, "choices", index, "value"];
    return [finding("error", "comma-in-choice", at, message, "use a value without a comma")];
  });
}

function sameChoices({ type, object, path }: Passed, { isTemplate }: RuleOptions): Finding[] {
  if (type !== "Input.ChoiceSet") return [];
  const first = new Map<string, number>();
  return choicesOf(object).flatMap(({ value, index }): Finding[] => {
    if (isFilledLater(value, isTemplate)) return [];
    const other = first.get(value);
    if (other === undefined) first.set(value, index);
    const at = [...path, "choices", index, "value"];
    const remedy = "give each choice a value of its own";
    if (value === "")
      return [finding("warning", "same-choice", at, "is empty, as if nothing was chosen", remedy)];
    if (other === undefined) return [];
    const message = `is the value of choices[${other}] too, so the handler cannot tell them apart`;
    return [finding("warning", "same-choice", at, message, remedy)];
  });
}

function sameToggleValues({ type, object, path }: Passed, { isTemplate }: RuleOptions): Finding[] {
  if (type !== "Input.Toggle") return [];
  const [on, off] = [textOr(object.valueOn, "true"), textOr(object.valueOff, "false")];
  if (on !== off || isFilledLater(on, isTemplate)) return [];
  const key = object.valueOn === undefined ? "valueOff" : "valueOn";
  const message = "on and off send the same value, so the handler cannot tell them apart";
  return [finding("warning", "same-choice", [...path, key], message, "use two values")];
}

/** Clients preselect nothing for a value that is none of the choices. */
function unknownPresets({ type, object, path }: Passed, options: RuleOptions): Finding[] {
  const { value } = object;
  if (typeof value !== "string" || value === "" || isFilledLater(value, options.isTemplate)) return [];
  if (type === "Input.Toggle") {
    const values = [textOr(object.valueOn, "true"), textOr(object.valueOff, "false")];
    return unknownPreset([value], values, [...path, "value"], options);
  }
  if (type !== "Input.ChoiceSet" || !isList(object.choices)) return [];
  const values = choicesOf(object).map((choice) => choice.value);
  // Choices that are repeated over data, or named by it, are known when the card is filled.
  const isRepeated = object.choices.some((choice) => isObject(choice) && choice.$data !== undefined);
  if (values.length === 0 || (options.isTemplate && isRepeated)) return [];
  const chosen = object.isMultiSelect === true ? value.split(",") : [value];
  return unknownPreset(chosen, values, [...path, "value"], options);
}

function unknownPreset(
  chosen: readonly string[],
  values: readonly string[],
  path: Finding["path"],
  { isTemplate, quotes }: RuleOptions,
): Finding[] {
  if (values.some((value) => isFilledLater(value, isTemplate))) return [];
  const known = new Set(values);
  const unknown = [...new Set(chosen.filter((one) => !known.has(one)))];
  if (unknown.length === 0) return [];
  const named = quotes ? `: ${listed(unknown)}` : "";
  const message = `is not among the choices, so it is not chosen${named}`;
  const remedy = quotes ? `the choices are ${listed(values)}` : "use the value of a choice";
  return [finding("warning", "unknown-choice", path, message, remedy)];
}

function unorderedLimits({ type, object, path }: Passed): Finding[] {
  const [min, max] = [limitOf(type, object.min), limitOf(type, object.max)];
  if (min === undefined || max === undefined || min <= max) return [];
  const message = 'is more than "max", so the question cannot be answered';
  return [finding("error", "bad-limits", [...path, "min"], message, "exchange them")];
}

function outsideLimits({ type, object, path }: Passed, { isTemplate, quotes }: RuleOptions): Finding[] {
  const problem = presetProblem(type, object, isTemplate);
  if (problem === undefined) return [];
  const value = quotes ? `${shown(object.value ?? null)} ` : "";
  const message = `${value}${problem}, so it cannot be sent as it is`;
  return [finding("warning", "outside-limits", [...path, "value"], message, "use a value that fits")];
}

function presetProblem(type: string, object: JsonObject, isTemplate: boolean): string | undefined {
  const { value, maxLength, regex } = object;
  if (type !== "Input.Text") {
    const [at, min, max] = [value, object.min, object.max].map((one) => limitOf(type, one ?? null));
    if (at === undefined) return undefined;
    if (min !== undefined && at < min) return 'is less than "min"';
    return max !== undefined && at > max ? 'is more than "max"' : undefined;
  }
  if (typeof value !== "string" || value === "" || isFilledLater(value, isTemplate)) return undefined;
  if (typeof maxLength === "number" && maxLength > 0 && value.length > maxLength)
    return `has ${value.length} characters, and "maxLength" is ${maxLength}`;
  if (typeof regex !== "string" || isFilledLater(regex, isTemplate)) return undefined;
  if (!isTemplate || patternFault(regex) !== undefined) return undefined;
  return new BoundedText(value).search([new RegExp(regex)]) === undefined
    ? 'does not match "regex"'
    : undefined;
}

/** What a limit or a value comes to, in a form that can be compared; `undefined` if it is not known or not valid. */
function limitOf(type: string, value: JsonValue | undefined): number | string | undefined {
  if (type === "Input.Number") return typeof value === "number" ? value : undefined;
  if (typeof value !== "string") return undefined;
  if (type === "Input.Date" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  return type === "Input.Time" && /^\d{2}:\d{2}$/.test(value) ? value : undefined;
}

function slowPatterns({ type, object, path }: Passed, { isTemplate }: RuleOptions): Finding[] {
  // Of a card that is about to be sent it is too late to tell, and an answer is matched with a time limit.
  if (!isTemplate) return [];
  const { regex } = object;
  if (type !== "Input.Text" || typeof regex !== "string" || regex.includes("${")) return [];
  if (patternFault(regex) !== undefined || !isExponential(regex)) return [];
  const message = "this expression needs too long for some answers, which are then refused";
  const remedy = "repeat no group that can be split in several ways: (a+)+ is a+";
  return [finding("warning", "slow-pattern", [...path, "regex"], message, remedy)];
}

/** A client that is asked to send the card says nothing about an empty input without these. */
function silentRequirements({ object, path }: Passed, { isTemplate }: RuleOptions): Finding[] {
  if (!isTemplate || object.isRequired !== true) return [];
  const lacks = ["label", "errorMessage"].filter((key) => object[key] === undefined);
  if (lacks.length === 0) return [];
  const message = `it is required and has no "${lacks.join('" and no "')}", so people do not learn what is missing`;
  return [finding("warning", "no-error-text", path, message, `add "${lacks.join('" and "')}"`)];
}

interface Choice {
  readonly value: string;
  readonly index: number;
}

function choicesOf({ choices }: JsonObject): readonly Choice[] {
  if (!isList(choices)) return [];
  return choices.flatMap((choice, index) =>
    isObject(choice) && typeof choice.value === "string" ? [{ value: choice.value, index }] : [],
  );
}

function listed(values: readonly string[]): string {
  const names = values.slice(0, MOST_NAMED).map((value) => shown(value));
  return `${names.join(", ")}${values.length > MOST_NAMED ? " …" : ""}`;
}

function textOr(value: JsonValue | undefined, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
