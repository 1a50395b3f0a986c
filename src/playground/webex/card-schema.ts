/** What one kind of element may carry: `!` marks a required key, the word after the colon its type. */
export interface ElementRule {
  readonly required: readonly string[];
  readonly allowed: ReadonlySet<string>;
  /** Where elements, actions and cards are inside it, and of which family. */
  readonly children: Readonly<Record<string, Family>>;
}

/** Which table a nested object's `type` is looked up in. */
export type Family = "element" | "action" | "column" | "image" | "card" | "fact" | "choice" | "inline";

const anyElement = ["type", "id", "isVisible", "separator", "spacing", "height", "fallback", "requires"];
const anyAction = ["type", "id", "title", "iconUrl", "style", "fallback", "requires"];
const anyInput = ["label", "isRequired", "errorMessage", "value"];

function rule(
  required: string,
  optional: string,
  children: Readonly<Record<string, Family>> = {},
): ElementRule {
  const needed = words(required);
  return { required: needed, allowed: new Set([...needed, ...words(optional)]), children };
}

function element(
  required: string,
  optional: string,
  children: Readonly<Record<string, Family>> = {},
): ElementRule {
  return rule(required, `${anyElement.join(" ")} ${optional}`, children);
}

function input(
  required: string,
  optional: string,
  children: Readonly<Record<string, Family>> = {},
): ElementRule {
  return element(`id ${required}`, `${anyInput.join(" ")} ${optional}`, children);
}

function action(
  required: string,
  optional: string,
  children: Readonly<Record<string, Family>> = {},
): ElementRule {
  return rule(required, `${anyAction.join(" ")} ${optional}`, children);
}

function words(list: string): string[] {
  return list.split(" ").filter((word) => word !== "");
}

const image = element("url", "altText backgroundColor horizontalAlignment selectAction size style width", {
  selectAction: "action",
});

const elements: Readonly<Record<string, ElementRule>> = {
  TextBlock: element("text", "color fontType horizontalAlignment isSubtle maxLines size weight wrap"),
  RichTextBlock: element("inlines", "horizontalAlignment", { inlines: "inline" }),
  Image: image,
  ImageSet: element("images", "imageSize", { images: "image" }),
  FactSet: element("facts", "", { facts: "fact" }),
  Container: element("items", "backgroundImage bleed minHeight selectAction style verticalContentAlignment", {
    items: "element",
    selectAction: "action",
  }),
  ColumnSet: element("", "columns bleed horizontalAlignment minHeight selectAction style", {
    columns: "column",
    selectAction: "action",
  }),
  ActionSet: element("actions", "", { actions: "action" }),
  "Input.Text": input("", "inlineAction isMultiline maxLength placeholder regex style", {
    inlineAction: "action",
  }),
  "Input.Number": input("", "max min placeholder"),
  "Input.Date": input("", "max min placeholder"),
  "Input.Time": input("", "max min placeholder"),
  "Input.Toggle": input("title", "valueOff valueOn wrap"),
  "Input.ChoiceSet": input("", "choices isMultiSelect placeholder style wrap", { choices: "choice" }),
};

const actions: Readonly<Record<string, ElementRule>> = {
  "Action.OpenUrl": action("url", ""),
  "Action.Submit": action("", "associatedInputs data"),
  "Action.ShowCard": action("", "card", { card: "card" }),
  "Action.ToggleVisibility": action("targetElements", ""),
};

/**
 * Adaptive Cards 1.3 as Webex takes it, each family by `type`; `""` is what an object without a type is.
 * `Media` is missing on purpose.
 *
 * @see https://developer.webex.com/docs/buttons-and-cards
 */
export const families: Readonly<Record<Family, Readonly<Record<string, ElementRule>>>> = {
  element: elements,
  action: actions,
  image: { Image: image },
  column: column(),
  card: {
    AdaptiveCard: rule(
      "type version",
      "$schema actions backgroundImage body fallback fallbackText lang minHeight requires selectAction speak style verticalContentAlignment",
      { body: "element", actions: "action", selectAction: "action" },
    ),
  },
  fact: { "": rule("title value", "type") },
  choice: { "": rule("title value", "type") },
  inline: {
    TextRun: rule(
      "text",
      "type color fontType highlight isSubtle italic selectAction size strikethrough underline weight",
      { selectAction: "action" },
    ),
  },
};

function column(): Readonly<Record<string, ElementRule>> {
  const one = element(
    "",
    "items backgroundImage bleed minHeight selectAction style verticalContentAlignment width",
    { items: "element", selectAction: "action" },
  );
  return { Column: one, "": one };
}
