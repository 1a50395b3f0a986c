/** What one kind of object in a card may carry. */
export interface ElementRule {
  readonly required: readonly string[];
  readonly allowed: ReadonlySet<string>;
  readonly children: Children;
}

/** Which table an object's `type` is looked up in. */
export type Family =
  | "card"
  | "inner card"
  | "element"
  | "column"
  | "image"
  | "inline"
  | "action"
  | "fact"
  | "choice";

/** Under which keys there are objects of which family, one or many. */
export type Children = Readonly<Record<string, Family | readonly [Family]>>;

const anyElement = "type id isVisible separator spacing height fallback requires";
const anyInput = "label isRequired errorMessage value";
const anyAction = "type id title iconUrl style fallback requires";
const anyCard =
  "$schema version actions backgroundImage body fallback fallbackText lang minHeight requires selectAction speak style verticalContentAlignment";

function rule(required: string, optional: string, children: Children = {}): ElementRule {
  const needed = words(required);
  return { required: needed, allowed: new Set([...needed, ...words(optional)]), children };
}

function element(required: string, optional: string, children?: Children): ElementRule {
  return rule(required, `${anyElement} ${optional}`, children);
}

function input(required: string, optional: string, children?: Children): ElementRule {
  return element(`id ${required}`, `${anyInput} ${optional}`, children);
}

function action(required: string, optional: string, children?: Children): ElementRule {
  return rule(required, `${anyAction} ${optional}`, children);
}

function words(list: string): string[] {
  return list.split(" ").filter((word) => word !== "");
}

const inCard: Children = { body: ["element"], actions: ["action"], selectAction: "action" };
const inContainer: Children = { items: ["element"], selectAction: "action" };

const image = element("url", "altText backgroundColor horizontalAlignment selectAction size style width", {
  selectAction: "action",
});

const column = element(
  "",
  "items backgroundImage bleed minHeight selectAction style verticalContentAlignment width",
  inContainer,
);

const textRun = rule(
  "text",
  "type color fontType highlight isSubtle italic selectAction size strikethrough underline weight",
  { selectAction: "action" },
);

const elements: Readonly<Record<string, ElementRule>> = {
  TextBlock: element("text", "color fontType horizontalAlignment isSubtle maxLines size weight wrap"),
  RichTextBlock: element("inlines", "horizontalAlignment", { inlines: ["inline"] }),
  Image: image,
  ImageSet: element("images", "imageSize", { images: ["image"] }),
  FactSet: element("facts", "", { facts: ["fact"] }),
  Container: element(
    "items",
    "backgroundImage bleed minHeight selectAction style verticalContentAlignment",
    inContainer,
  ),
  ColumnSet: element("", "columns bleed horizontalAlignment minHeight selectAction style", {
    columns: ["column"],
    selectAction: "action",
  }),
  ActionSet: element("actions", "", { actions: ["action"] }),
  "Input.Text": input("", "inlineAction isMultiline maxLength placeholder regex style", {
    inlineAction: "action",
  }),
  "Input.Number": input("", "max min placeholder"),
  "Input.Date": input("", "max min placeholder"),
  "Input.Time": input("", "max min placeholder"),
  "Input.Toggle": input("title", "valueOff valueOn wrap"),
  "Input.ChoiceSet": input("", "choices isMultiSelect placeholder style wrap", { choices: ["choice"] }),
};

const actions: Readonly<Record<string, ElementRule>> = {
  "Action.OpenUrl": action("url", ""),
  "Action.Submit": action("", "associatedInputs data"),
  "Action.ShowCard": action("", "card", { card: "inner card" }),
  "Action.ToggleVisibility": action("targetElements", ""),
};

/**
 * Adaptive Cards 1.3 as Webex takes it, each family by `type`; `""` is for objects that need no type.
 * `Media` is missing because Webex does not take it.
 *
 * @see https://developer.webex.com/docs/buttons-and-cards
 */
export const families: Readonly<Record<Family, Readonly<Record<string, ElementRule>>>> = {
  card: { AdaptiveCard: rule("type version", anyCard, inCard) },
  "inner card": { AdaptiveCard: rule("type", anyCard, inCard) },
  element: elements,
  column: { Column: column, "": column },
  image: { Image: image },
  inline: { TextRun: textRun },
  action: actions,
  fact: { "": rule("title value", "type") },
  choice: { "": rule("title value", "type") },
};
