import type { JsonObject, JsonValue } from "../core/notice";
import { splitExpressions } from "./expression-text";
import { formatPath, type JsonPath } from "./json-source";

/** Something about a template, and where in it. */
export interface CardRemark {
  readonly path: JsonPath;
  readonly message: string;
}

/** What a look at a template found: `faults` keep it from being used, `warnings` do not. */
export interface CardCheck {
  readonly faults: readonly CardRemark[];
  readonly warnings: readonly CardRemark[];
}

/** What Webex draws. @see https://developer.webex.com/docs/buttons-and-cards */
const VERSIONS: ReadonlySet<JsonValue | undefined> = new Set(["1.0", "1.1", "1.2", "1.3"]);
const INPUTS = [
  "Input.Text",
  "Input.Number",
  "Input.Date",
  "Input.Time",
  "Input.Toggle",
  "Input.ChoiceSet",
] as const;
const ELEMENTS: ReadonlySet<string> = new Set([
  "TextBlock",
  "RichTextBlock",
  "Image",
  "ImageSet",
  "FactSet",
  "Container",
  "ColumnSet",
  "ActionSet",
  ...INPUTS,
]);
// Action.ToggleVisibility: undocumented for 1.3, drawn by Webex's own clients.
const ACTIONS: ReadonlySet<string> = new Set([
  "Action.OpenUrl",
  "Action.Submit",
  "Action.ShowCard",
  "Action.ToggleVisibility",
]);

/** What may stand under a property: one of them, or a list of them. Properties that are not here hold no elements. */
const KINDS: Readonly<Record<string, { readonly what: string; readonly types: ReadonlySet<string> }>> = {
  body: { what: "element", types: ELEMENTS },
  items: { what: "element", types: ELEMENTS },
  images: { what: "element", types: new Set(["Image"]) },
  columns: { what: "element", types: new Set(["Column"]) },
  inlines: { what: "element", types: new Set(["TextRun"]) },
  actions: { what: "action", types: ACTIONS },
  selectAction: { what: "action", types: ACTIONS },
  inlineAction: { what: "action", types: ACTIONS },
  card: { what: "card", types: new Set(["AdaptiveCard"]) },
};

/** Looks for what Webex would refuse, or would draw other than meant, in a template that has not been filled. */
export function checkCard(card: JsonValue): CardCheck {
  const faults: CardRemark[] = [];
  const warnings: CardRemark[] = [];
  const inputs = new Map<string, JsonPath>();
  const fault = (path: JsonPath, message: string): void => void faults.push({ path, message });

  if (!isObject(card)) return { faults: [{ path: [], message: "a card is an object in { }" }], warnings };
  if (card.type !== "AdaptiveCard") fault(["type"], `"type" is ${quote(card.type)}; expected "AdaptiveCard"`);
  if (!VERSIONS.has(card.version))
    fault(["version"], `"version" is ${quote(card.version)}; Webex draws cards of version 1.0 to 1.3`);
  walk(card, []);
  return { faults, warnings };

  function walk(value: JsonValue, path: JsonPath): void {
    if (typeof value === "string") checkText(value, path);
    else if (isList(value))
      value.forEach((item, index) => {
        walk(item, [...path, index]);
      });
    else if (isObject(value)) checkObject(value, path);
  }

  function checkText(text: string, path: JsonPath): void {
    if (splitExpressions(text) === undefined)
      fault(
        path,
        `${formatPath(path)}: a \${ begins an expression that is not closed, is empty or has a { in it`,
      );
  }

  function checkObject(object: JsonObject, path: JsonPath): void {
    if (INPUTS.some((type) => type === object.type)) checkInput(object, path);
    if (object.type === "Action.Submit") checkSubmit(object, path);
    for (const [key, child] of Object.entries(object)) {
      if (child === undefined || isNoElement(object, key)) continue;
      const kind = KINDS[key];
      if (kind !== undefined) checkTypes(child, kind, [...path, key]);
      walk(child, [...path, key]);
    }
  }

  function checkTypes(
    value: JsonValue,
    kind: { what: string; types: ReadonlySet<string> },
    path: JsonPath,
  ): void {
    if (isList(value))
      value.forEach((item, index) => {
        checkTypes(item, kind, [...path, index]);
      });
    if (!isObject(value)) return;
    // A column, a text run and an image in a set may leave their type out; an expression is known only when it is filled.
    if (value.type === undefined && kind.types.size === 1) return;
    if (typeof value.type === "string" && (kind.types.has(value.type) || value.type.includes("${"))) return;
    const expected = [...kind.types].join(", ");
    fault(
      path,
      `${formatPath(path)}: ${quote(value.type)} is no ${kind.what} that may stand here; expected ${expected}`,
    );
  }

  function checkInput(input: JsonObject, path: JsonPath): void {
    const { id } = input;
    if (typeof id !== "string" || id === "") {
      fault(
        path,
        `${formatPath(path)}: this ${String(input.type)} has no "id", so nobody learns what was entered`,
      );
      return;
    }
    const first = inputs.get(id);
    if (/\$\{/.test(id)) return;
    if (first === undefined) inputs.set(id, path);
    else fault(path, `${formatPath(path)}: the id "${id}" is taken by the input at ${formatPath(first)}`);
  }

  function checkSubmit(action: JsonObject, path: JsonPath): void {
    const { data } = action;
    if (data === undefined || typeof data === "string" || (isObject(data) && "action" in data)) return;
    warnings.push({
      path,
      message: `${formatPath(path)}: "data" has no "action", so bot.action() cannot tell that it is this button`,
    });
  }
}

// What a button sends and what a template repeats over is the bot's own, whatever its keys are called.
function isNoElement(object: JsonObject, key: string): boolean {
  return key === "$data" || (key === "data" && object.type === "Action.Submit");
}

function quote(value: JsonValue | undefined): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
