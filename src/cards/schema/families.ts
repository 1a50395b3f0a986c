import { OBJECTS, type ObjectName } from "./objects";
import type { Family, ObjectType, Version } from "./shapes";

interface FamilyRule {
  /** What one is called in messages. */
  readonly what: string;
  readonly types: readonly ObjectName[];
  /** What one is that does not say its type; absent: it has to. */
  readonly implied?: ObjectName;
}

const INPUTS = [
  "Input.Text",
  "Input.Number",
  "Input.Date",
  "Input.Time",
  "Input.Toggle",
  "Input.ChoiceSet",
] as const satisfies readonly ObjectName[];

/** Which objects may stand where, as Webex draws them. */
export const FAMILIES = {
  card: { what: "card", types: ["AdaptiveCard"] },
  element: {
    what: "element",
    types: [
      "TextBlock",
      "RichTextBlock",
      "Image",
      "ImageSet",
      "FactSet",
      "Container",
      "ColumnSet",
      "ActionSet",
      ...INPUTS,
    ],
  },
  image: { what: "image", types: ["Image"], implied: "Image" },
  column: { what: "column", types: ["Column"], implied: "Column" },
  inline: { what: "text run", types: ["TextRun"], implied: "TextRun" },
  action: {
    what: "action",
    types: ["Action.OpenUrl", "Action.Submit", "Action.ShowCard", "Action.ToggleVisibility"],
  },
  selectAction: {
    what: "action",
    types: ["Action.OpenUrl", "Action.Submit", "Action.ToggleVisibility"],
  },
  fact: { what: "fact", types: ["Fact"], implied: "Fact" },
  choice: { what: "choice", types: ["Input.Choice"], implied: "Input.Choice" },
  background: { what: "background image", types: ["BackgroundImage"], implied: "BackgroundImage" },
  target: { what: "target element", types: ["TargetElement"], implied: "TargetElement" },
} as const satisfies Readonly<Record<Family, FamilyRule>>;

/** What Webex does not draw, since when it exists, and what to do instead. */
export const NOT_DRAWN: Readonly<Record<string, { readonly since: Version; readonly instead: string }>> = {
  Media: { since: "1.1", instead: "show an Image with a selectAction that opens the recording" },
  "Action.Execute": { since: "1.4", instead: "use Action.Submit" },
  Table: { since: "1.5", instead: "use a ColumnSet for each row" },
  TableRow: { since: "1.5", instead: "use a ColumnSet for each row" },
  TableCell: { since: "1.5", instead: "use a Column" },
  Carousel: { since: "1.6", instead: "use Containers below each other" },
  CarouselPage: { since: "1.6", instead: "use a Container" },
};

/** The rules of a type by its name, which may be anything. */
export function objectType(name: string): ObjectType | undefined {
  return isObjectName(name) ? OBJECTS[name] : undefined;
}

export function familyRule(family: Family): FamilyRule {
  return FAMILIES[family];
}

/** Whether an object of this type is one that somebody enters something into. */
export function isInputType(name: string): boolean {
  return INPUTS.some((input) => input === name);
}

function isObjectName(name: string): name is ObjectName {
  return Object.hasOwn(OBJECTS, name);
}
