import type { JsonObject, JsonValue } from "../core/contract/notice";
import { didYouMean } from "../core/util/suggest-name";
import type { Finding } from "./finding";
import { isList, isObject, shown } from "./json-values";
import { finding, isFilledLater, type Passed, type RuleOptions } from "./rule";
import { isInputType } from "./schema/families";

/** Finds buttons that do nothing, or whose click no handler can take. */
export function actionRules(passed: readonly Passed[], options: RuleOptions): Finding[] {
  return [
    ...unnamedActions(passed, options),
    ...shadowedInputs(passed),
    ...unknownTargets(passed, options),
    ...neverShown(passed, options),
  ];
}

/** A button that `bot.action` cannot take. Of a card that is about to be sent it is too late to tell, and it works. */
function unnamedActions(passed: readonly Passed[], { isTemplate }: RuleOptions): Finding[] {
  if (!isTemplate) return [];
  return passed.flatMap(({ type, object, path }): Finding[] => {
    if (type !== "Action.Submit") return [];
    const problem = namelessBecause(object);
    if (problem === undefined) return [];
    const message = `${problem}, so no bot.action() takes this button`;
    const remedy = 'write "data": { "action": "…" } with the name of the handler';
    return [finding("warning", "no-action-name", path, message, remedy)];
  });
}

function namelessBecause({ data }: JsonObject): string | undefined {
  if (data === undefined) return 'it has no "data" with an "action"';
  // Data of another kind is an error of its own, or an expression.
  if (!isObject(data)) return undefined;
  const { action } = data;
  if (action === undefined) return '"data" has no "action"';
  if (typeof action !== "string") return `"action" is ${shown(action)}, not a text`;
  return action.trim() === "" ? '"action" is empty' : undefined;
}

/** If an input and a button's data have one name, the data counts. */
function shadowedInputs(passed: readonly Passed[]): Finding[] {
  const names = new Set(
    passed.flatMap(({ type, object }) =>
      type === "Action.Submit" && isObject(object.data) ? Object.keys(object.data) : [],
    ),
  );
  return passed.flatMap(({ type, object, path }): Finding[] => {
    const { id } = object;
    if (!isInputType(type) || typeof id !== "string" || !names.has(id)) return [];
    const message = `a button's "data" has the same name, so what is entered here is lost`;
    return [finding("warning", "shadowed-input", [...path, "id"], message, "give the input another id")];
  });
}

function unknownTargets(passed: readonly Passed[], { isTemplate, quotes }: RuleOptions): Finding[] {
  const ids = new Set(passed.flatMap(({ object }) => (typeof object.id === "string" ? [object.id] : [])));
  if ([...ids].some((id) => isFilledLater(id, isTemplate))) return [];
  return passed.flatMap(({ type, object, path }) => {
    if (type !== "Action.ToggleVisibility" || !isList(object.targetElements)) return [];
    return object.targetElements.flatMap((target, index): Finding[] => {
      const id = targetOf(target);
      if (typeof id !== "string" || isFilledLater(id, isTemplate) || ids.has(id)) return [];
      const message = quotes ? `nothing in the card has the id "${id}"` : "nothing in the card has this id";
      const near = quotes ? didYouMean(id, ids) : "";
      const at = [...path, "targetElements", index];
      return [finding("warning", "unknown-target", at, message, `name an element by its id${near}`)];
    });
  });
}

/** Inputs are sent all the same, so a hidden one is a way to send something along. */
function neverShown(passed: readonly Passed[], { isTemplate }: RuleOptions): Finding[] {
  const targets = new Set(
    passed.flatMap(({ type, object }) =>
      type === "Action.ToggleVisibility" && isList(object.targetElements)
        ? object.targetElements.map(targetOf)
        : [],
    ),
  );
  if ([...targets].some((id) => isFilledLater(id, isTemplate))) return [];
  return passed.flatMap(({ type, object, path }): Finding[] => {
    const { id, isVisible } = object;
    if (isVisible !== false || isInputType(type) || isFilledLater(id, isTemplate)) return [];
    if (typeof id === "string" && targets.has(id)) return [];
    const message = "it is hidden, and no button shows it";
    const remedy = 'remove it, or name its "id" in an Action.ToggleVisibility';
    return [finding("warning", "never-shown", path, message, remedy)];
  });
}

function targetOf(target: JsonValue): JsonValue | undefined {
  return isObject(target) ? target.elementId : target;
}
