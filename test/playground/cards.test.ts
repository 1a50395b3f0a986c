import { checkCard } from "../../src/playground/webex/card-check";
import { useSetting } from "./setting";

const here = useSetting();

function card(body: unknown, more: object = {}): object {
  return { type: "AdaptiveCard", version: "1.3", body, ...more };
}

const everyElement = [
  { type: "TextBlock", text: "t", wrap: true, size: "large", id: "a", isVisible: false },
  { type: "RichTextBlock", inlines: ["plain", { type: "TextRun", text: "run", underline: true }] },
  {
    type: "Image",
    url: "https://example.com/i.png",
    selectAction: { type: "Action.OpenUrl", url: "https://example.com" },
  },
  { type: "ImageSet", images: [{ type: "Image", url: "https://example.com/i.png" }] },
  { type: "FactSet", facts: [{ title: "a", value: "b" }] },
  { type: "Container", style: "good", items: [{ type: "TextBlock", text: "t" }] },
  {
    type: "ColumnSet",
    columns: [{ type: "Column", width: "auto", items: [{ type: "TextBlock", text: "t" }] }],
  },
  { type: "ActionSet", actions: [{ type: "Action.Submit", title: "t", data: { any: { thing: 1 } } }] },
  { type: "Input.Text", id: "i1", label: "l", isRequired: true, errorMessage: "e", regex: "^a" },
  { type: "Input.Number", id: "i2", min: 1, value: 2 },
  { type: "Input.Date", id: "i3" },
  { type: "Input.Time", id: "i4" },
  { type: "Input.Toggle", id: "i5", title: "t", valueOn: "y" },
  { type: "Input.ChoiceSet", id: "i6", choices: [{ title: "a", value: "b" }], isMultiSelect: true },
];

it("takes every element, input and action of version 1.3", () => {
  const actions = [
    { type: "Action.OpenUrl", title: "t", url: "https://example.com" },
    { type: "Action.ShowCard", title: "t", card: card([{ type: "TextBlock", text: "t" }]) },
    { type: "Action.ShowCard", card: { type: "AdaptiveCard", body: [{ type: "TextBlock", text: "t" }] } },
    { type: "Action.ToggleVisibility", targetElements: ["a"] },
  ];
  expect(
    checkCard(card(everyElement, { actions, $schema: "http://adaptivecards.io/schemas/adaptive-card.json" })),
  ).toEqual([]);
});

it.each([
  ["an element without its id", card([{ type: "Input.Text" }]), ["#/body/0: required key [id] not found"]],
  [
    "an unknown key",
    card([{ type: "TextBlock", text: "t", colour: "red" }]),
    ["#/body/0: extraneous key [colour] is not permitted"],
  ],
  ["Media", card([{ type: "Media", sources: [] }]), ["#/body/0/type: [Media] is not supported"]],
  ["a later element", card([{ type: "Table" }]), ["#/body/0/type: [Table] is not supported"]],
  [
    "a later action",
    card([], { actions: [{ type: "Action.Execute" }] }),
    ["#/actions/0/type: [Action.Execute] is not supported"],
  ],
  ["a later key", card([], { refresh: {} }), ["#: extraneous key [refresh] is not permitted"]],
  ["a later version", { type: "AdaptiveCard", version: "1.5" }, ["#/version: 1.5 is newer than 1.3"]],
  ["no version", { type: "AdaptiveCard" }, ["#: required key [version] not found"]],
  ["another type", { type: "Card", version: "1.3" }, ["#/type: [Card] is not supported"]],
  [
    "a type that is inherited",
    card([{ type: "constructor" }]),
    ["#/body/0/type: [constructor] is not supported"],
  ],
  ["an element without a type", card([{ text: "t" }]), ["#/body/0/type: expected a type"]],
  ["a text that is a number", card([{ type: "TextBlock", text: 7 }]), ["#/body/0/text: expected a string"]],
  ["a body that is no array", card({}), ["#/body: expected an array"]],
  ["an element that is a word", card(["t"]), ["#/body/0: expected an object"]],
  ["nothing", undefined, ["#: expected an object"]],
  [
    "a fault deep inside",
    card([{ type: "ColumnSet", columns: [{ type: "Column", items: [{ type: "Image" }] }] }]),
    ["#/body/0/columns/0/items/0: required key [url] not found"],
  ],
  [
    "a fault in a card to show",
    card([], { actions: [{ type: "Action.ShowCard", card: card([{ type: "X" }]) }] }),
    ["#/actions/0/card/body/0/type: [X] is not supported"],
  ],
  [
    "eleven images",
    card(Array(11).fill({ type: "Image", url: "https://example.com" })),
    ["#: 11 images; at most 10 are permitted"],
  ],
  [
    "a choice without its value",
    card([{ type: "Input.ChoiceSet", id: "i", choices: [{ title: "a" }] }]),
    ["#/body/0/choices/0: required key [value] not found"],
  ],
])("finds %s", (_fact, content, faults) => {
  expect(checkCard(content)).toEqual(faults);
});

it("does not descend without end", () => {
  let nested: object = { type: "TextBlock", text: "t" };
  for (let depth = 0; depth < 10_000; depth++) nested = { type: "Container", items: [nested] };
  expect(checkCard(card([nested]))).toEqual([expect.stringContaining("nested too deep")]);
});

it("answers every fault of a refused card, with its place", async () => {
  const content = card([{ type: "Media" }, { type: "Input.Text" }]);
  const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content }];
  const { status, body } = await here.bot.post("/messages", {
    toPersonEmail: "ada@example.com",
    attachments,
  });
  expect(status).toBe(400);
  expect(body.errors[0].attachments).toEqual({
    code: "invalid_attachments",
    reason: "Invalid Adaptive Card Json",
    attachmentErrors: ["#/body/0/type: [Media] is not supported", "#/body/1: required key [id] not found"],
  });
});

it("gives a card back as it was posted, and needs no text beside it", async () => {
  const attachments = [
    { contentType: "application/vnd.microsoft.card.adaptive", content: card(everyElement) },
  ];
  const { body } = await here.bot.post("/messages", { toPersonEmail: "ada@example.com", attachments });
  expect((await here.ada.get(`/messages/${body.id}`)).body.attachments).toEqual(attachments);
});
