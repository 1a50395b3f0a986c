import { checkCard } from "../../src/cards/check-card";
import { hasErrors } from "../../src/cards/finding";
import { OBJECTS, type ObjectName } from "../../src/cards/schema/objects";
import { NEWEST, type ObjectType, type Version } from "../../src/cards/schema/shapes";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

// Its package.json names a main file that does not exist; the bundle is what works.
const library = require("adaptivecards/dist/adaptivecards.js") as typeof import("adaptivecards");

/** Each type as short as it may be. */
const SHORTEST: Readonly<Record<ObjectName, JsonObject>> = {
  AdaptiveCard: {},
  TextBlock: { text: "a" },
  RichTextBlock: { inlines: ["a"] },
  TextRun: { text: "a" },
  Image: { url: "https://a.example/" },
  ImageSet: { images: [{ type: "Image", url: "https://a.example/" }] },
  FactSet: { facts: [{ title: "a", value: "b" }] },
  Fact: { title: "a", value: "b" },
  Container: { items: [{ type: "TextBlock", text: "a" }] },
  ColumnSet: { columns: [{ type: "Column", items: [] }] },
  Column: { items: [{ type: "TextBlock", text: "a" }] },
  ActionSet: { actions: [{ type: "Action.Submit", title: "a" }] },
  "Input.Text": { id: "a" },
  "Input.Number": { id: "a" },
  "Input.Date": { id: "a" },
  "Input.Time": { id: "a" },
  "Input.Toggle": { id: "a", title: "a" },
  "Input.ChoiceSet": { id: "a", choices: [{ title: "a", value: "a" }] },
  "Input.Choice": { title: "a", value: "a" },
  "Action.OpenUrl": { title: "a", url: "https://a.example/" },
  "Action.Submit": { title: "a" },
  "Action.ShowCard": { title: "a", card: { type: "AdaptiveCard", body: [{ type: "TextBlock", text: "b" }] } },
  "Action.ToggleVisibility": { title: "a", targetElements: ["text"] },
  BackgroundImage: { url: "https://a.example/" },
  TargetElement: { elementId: "text" },
};

/** A card that has one of this type, with these properties. */
function cardWith(name: ObjectName, more: JsonObject): JsonObject {
  const object: JsonObject = { type: name, ...SHORTEST[name], ...more };
  const { type: _, ...untyped } = object;
  const text = { type: "TextBlock", id: "text", text: "a" };
  const card = { type: "AdaptiveCard", version: NEWEST };
  switch (name) {
    case "AdaptiveCard":
      return { ...card, body: [text], ...object };
    case "TextRun":
      return { ...card, body: [text, { type: "RichTextBlock", inlines: [object] }] };
    case "Column":
      return { ...card, body: [text, { type: "ColumnSet", columns: [object] }] };
    case "Fact":
      return { ...card, body: [text, { type: "FactSet", facts: [untyped] }] };
    case "Input.Choice":
      return { ...card, body: [text, { type: "Input.ChoiceSet", id: "a", choices: [untyped] }] };
    case "BackgroundImage":
      return { ...card, body: [text], backgroundImage: untyped };
    case "TargetElement":
      return {
        ...card,
        body: [text],
        actions: [{ type: "Action.ToggleVisibility", title: "a", targetElements: [untyped] }],
      };
    default:
      return name.startsWith("Action.")
        ? { ...card, body: [text], actions: [object] }
        : { ...card, body: [text, object] };
  }
}

/** What the library that draws cards in browsers complains of. */
function complaints(card: JsonValue): string[] {
  const [major, minor] = NEWEST.split(".").map(Number);
  const context = new library.SerializationContext(new library.Version(major, minor));
  const parsed = new library.AdaptiveCard();
  parsed.parse(card, context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const failures = parsed.validateProperties().validationEvents.map(({ message }) => message);
  return [...events, ...failures];
}

function weRefuse(card: JsonValue): boolean {
  return hasErrors(checkCard(card, { isTemplate: false }));
}

const NAMES = Object.keys(OBJECTS) as ObjectName[]; // what it is made of
const PROPERTIES = NAMES.flatMap((name) =>
  Object.entries((OBJECTS[name] as ObjectType).properties).map(
    ([key, property]) => [`${name}.${key}`, name, key, property] as const,
  ),
);
const WORDS = PROPERTIES.flatMap(([title, name, key, property]) =>
  Array.isArray(property.is) ? [[title, name, key, property.is as readonly string[]] as const] : [],
);
/** The library takes anything there that it does not know for a preference, and says nothing. */
const LENIENT: ReadonlySet<string> = new Set(["Action.Submit.associatedInputs"]);

it.each(NAMES)("takes a %s that is as short as it may be, as the library does", (name) => {
  expect([complaints(cardWith(name, {})), checkCard(cardWith(name, {}), { isTemplate: false })]).toEqual([
    [],
    [],
  ]);
});

it.each(WORDS)("%s takes the words that the library takes", (title, name, key, words) => {
  for (const word of words) {
    // Of an image set's sizes the library has those only that a host configures.
    if (title === "ImageSet.imageSize" && ["auto", "stretch"].includes(word)) continue;
    expect([word, weRefuse(cardWith(name, { [key]: word }))]).toEqual([word, false]);
    expect([word, complaints(cardWith(name, { [key]: word }))]).toEqual([word, []]);
  }
});

it.each(WORDS.filter(([title]) => !LENIENT.has(title)))(
  "%s takes no other, as the library",
  (_, name, key) => {
    const card = cardWith(name, { [key]: "no such word" });
    expect([weRefuse(card), complaints(card).length > 0]).toEqual([true, true]);
  },
);

describe("what came in later", () => {
  /** What the documents and the library do not agree on; the table has what the documents say. */
  const DIFFERS: Readonly<Record<string, Version>> = {
    "AdaptiveCard.lang": "1.1",
    "AdaptiveCard.rtl": "1.0",
    "Container.rtl": "1.0",
    "Column.rtl": "1.0",
    "ColumnSet.rtl": "1.0",
    "ColumnSet.style": "1.0",
    "Container.backgroundImage": "1.0",
    "Column.backgroundImage": "1.0",
    "Input.Text.inlineAction": "1.0",
  };
  const known = PROPERTIES.flatMap(([title, name, key, property]) => {
    const since = versionsOf(name).get(key);
    return since === undefined ? [] : [[title, name, property, since] as const];
  });

  it.each(known)("%s: the table has the version that the library has", (title, name, property, since) => {
    const type: ObjectType = OBJECTS[name];
    const ours = latest(type.since, property.since);
    expect(DIFFERS[title] ?? ours).toBe(latest(DIFFERS[title] === undefined ? type.since : undefined, since));
  });

  it("is known of every property that the library has of later versions", () => {
    const later = NAMES.flatMap((name) =>
      [...versionsOf(name)].filter(([, since]) => since > NEWEST).map(([key]) => `${name}.${key}`),
    );
    const ours = new Set<string>(
      PROPERTIES.filter(([, , , one]) => (one.since ?? "1.0") > NEWEST).map(([title]) => title),
    );
    expect(later.length).toBeGreaterThan(20);
    expect(later.filter((title) => !ours.has(title))).toEqual([]);
  });
});

it.each<[string, JsonObject]>([
  ["a later element", { type: "Table", columns: [], rows: [] }],
  ["an element that is none", { type: "Chart" }],
  ["an action among elements", { type: "Action.Submit" }],
  ["a word that is none", { type: "TextBlock", text: "a", size: "huge" }],
  ["an input without id", { type: "Input.Text" }],
  ["an action that is none", { type: "ActionSet", actions: [{ type: "Action.Http" }] }],
  ["a later action", { type: "ActionSet", actions: [{ type: "Action.Execute" }] }],
  ["a style of 1.5", { type: "TextBlock", text: "a", style: "heading" }],
  ["pixels that are none", { type: "Container", items: [], minHeight: "tall" }],
])("refuses what the library complains of: %s", (_, element) => {
  const card = { type: "AdaptiveCard", version: NEWEST, body: [{ type: "TextBlock", text: "a" }, element] };
  expect([weRefuse(card), complaints(card).length > 0]).toEqual([true, true]);
});

/** Properties of a type, with their first versions, as the library has them. */
function versionsOf(name: ObjectName): ReadonlyMap<string, string> {
  const type =
    library.GlobalRegistry.elements.findByName(name)?.objectType ??
    library.GlobalRegistry.actions.findByName(name)?.objectType ??
    {
      AdaptiveCard: library.AdaptiveCard,
      Column: library.Column,
      TextRun: library.TextRun,
      BackgroundImage: library.BackgroundImage,
    }[
      name as string // not all of them are here
    ];
  if (type === undefined) return new Map();
  const schema = new type().getSchema();
  const properties = Array.from({ length: schema.getCount() }, (_, index) => schema.getItemAt(index));
  return new Map(properties.map((property) => [property.name, property.targetVersion.toString()]));
}

function latest(...versions: readonly (string | undefined)[]): string {
  return versions.reduce<string>((newest, one) => (one !== undefined && one > newest ? one : newest), "1.0");
}
