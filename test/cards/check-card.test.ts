// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written

import { checkCard } from "../../src/cards/check-card";
import { formatPath } from "../../src/cards/json-source";
import type { JsonValue } from "../../src/core/notice";

function card(...body: JsonValue[]): JsonValue {
  return { type: "AdaptiveCard", version: "1.3", body };
}

function faultsOf(value: JsonValue): [string, string][] {
  return checkCard(value).faults.map(({ path, message }) => [formatPath(path), message]);
}

it("finds nothing wrong with everything that Webex draws", () => {
  const everything = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.3",
    fallbackText: "hello",
    body: [
      { type: "TextBlock", text: "${title}", $when: "${exists(title)}" },
      { type: "RichTextBlock", inlines: ["plain", { type: "TextRun", text: "run" }, { text: "untyped" }] },
      {
        type: "Image",
        url: "https://example.com/a.png",
        selectAction: { type: "Action.OpenUrl", url: "https://a" },
      },
      {
        type: "ImageSet",
        images: [{ type: "Image", url: "https://example.com/a.png" }, { url: "https://b" }],
      },
      { type: "FactSet", facts: [{ title: "a", value: "b" }] },
      {
        type: "ColumnSet",
        columns: [{ type: "Column", items: [{ type: "TextBlock", text: "a" }] }, { width: "auto" }],
      },
      {
        type: "Container",
        items: [
          { type: "Input.Text", id: "a", inlineAction: { type: "Action.Submit", data: { action: "a" } } },
          { type: "Input.Number", id: "b" },
          { type: "Input.Date", id: "c" },
          { type: "Input.Time", id: "d" },
          { type: "Input.Toggle", id: "e", title: "e" },
          { type: "Input.ChoiceSet", id: "f", choices: [{ title: "a", value: "a" }] },
          { $data: "${rows}", type: "Input.Text", id: "row-${$index}" },
          { $data: "${more}", type: "Input.Text", id: "row-${$index}" },
          { $data: { items: [{ type: "Thing" }] }, type: "${kind}" },
        ],
      },
      { type: "ActionSet", actions: [{ type: "Action.ToggleVisibility", targetElements: ["x"] }] },
    ],
    actions: [
      {
        type: "Action.Submit",
        title: "Send",
        data: { action: "send", items: [{ type: "Thing" }], card: "x" },
      },
      { type: "Action.Submit", title: "Send", data: "${payload}" },
      { type: "Action.Submit", title: "Send" },
      {
        type: "Action.ShowCard",
        title: "More",
        card: { type: "AdaptiveCard", body: [{ type: "TextBlock", text: "a" }] },
      },
    ],
  };
  expect(checkCard(everything)).toEqual({ faults: [], warnings: [] });
});

it.each<[string, JsonValue, string, string]>([
  ["no object", [], "", "a card is an object"],
  ["no type", { version: "1.3" }, "type", '"type" is missing; expected "AdaptiveCard"'],
  ["another type", { type: "Card", version: "1.3" }, "type", '"type" is "Card"'],
  ["no version", { type: "AdaptiveCard" }, "version", '"version" is missing'],
  ["a later version", { type: "AdaptiveCard", version: "1.5" }, "version", '"version" is "1.5"; Webex draws'],
  ["a version that is a number", { type: "AdaptiveCard", version: 1.3 }, "version", '"version" is 1.3'],
  [
    "an unknown element",
    card({ type: "Table" }),
    "body[0]",
    'body[0]: "Table" is no element that may stand here',
  ],
  ["Media", card({ type: "Media" }), "body[0]", '"Media" is no element'],
  ["an element without type", card({ text: "a" }), "body[0]", "body[0]: missing is no element"],
  ["an action among elements", card({ type: "Action.Submit" }), "body[0]", '"Action.Submit" is no element'],
  [
    "a deep element",
    card({ type: "Container", items: [{ type: "X" }] }),
    "body[0].items[0]",
    '"X" is no element',
  ],
  [
    "an element in a column without type",
    card({ type: "ColumnSet", columns: [{ items: [{ type: "X" }] }] }),
    "body[0].columns[0].items[0]",
    '"X" is no element',
  ],
  [
    "an unknown action",
    { type: "AdaptiveCard", version: "1.3", actions: [{ type: "Action.Execute" }] },
    "actions[0]",
    '"Action.Execute" is no action',
  ],
  [
    "an unknown select action",
    card({ type: "Image", selectAction: { type: "X" } }),
    "body[0].selectAction",
    '"X" is no action',
  ],
  ["an input without id", card({ type: "Input.Text" }), "body[0]", 'this Input.Text has no "id"'],
  [
    "an input with an empty id",
    card({ type: "Input.Date", id: "" }),
    "body[0]",
    'this Input.Date has no "id"',
  ],
  [
    "an id twice",
    card({ type: "Input.Text", id: "a" }, { type: "Container", items: [{ type: "Input.Text", id: "a" }] }),
    "body[1].items[0]",
    'the id "a" is taken by the input at body[0]',
  ],
  [
    "an expression that is not closed",
    card({ type: "TextBlock", text: "a ${b" }),
    "body[0].text",
    "that is not closed",
  ],
])("refuses %s", (_, value, path, message) => {
  expect(faultsOf(value)).toEqual([[path, expect.stringContaining(message)]]);
});

it("finds all faults at once", () => {
  expect(
    faultsOf({ type: "Card", version: "2", body: [{ type: "X" }, { type: "Input.Text" }] }),
  ).toHaveLength(4);
});

it("only warns of a button that bot.action() cannot know", () => {
  const { faults, warnings } = checkCard({
    type: "AdaptiveCard",
    version: "1.3",
    actions: [{ type: "Action.Submit", data: { id: 5 } }],
  });
  expect(faults).toEqual([]);
  expect(warnings).toEqual([
    { path: ["actions", 0], message: expect.stringContaining('"data" has no "action"') },
  ]);
});
