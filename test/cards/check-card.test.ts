// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written

import { checkCard } from "../../src/cards/check-card";
import { formatPath } from "../../src/cards/json-source";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

function card(...body: JsonValue[]): JsonValue {
  return { type: "AdaptiveCard", version: "1.3", fallbackText: "a card", body };
}

function withActions(...actions: JsonValue[]): JsonValue {
  return { type: "AdaptiveCard", version: "1.3", fallbackText: "a card", actions };
}

/** Severity, code and place of each. */
function found(value: JsonValue, isTemplate = true): string[] {
  return checkCard(value, { isTemplate }).map(({ severity, code, path }) =>
    `${severity} ${code} ${formatPath(path)}`.trim(),
  );
}

function said(value: JsonValue): string {
  return checkCard(value, { isTemplate: true })
    .map(({ message, remedy }) => `${message}; ${remedy}`)
    .join("\n");
}

it("finds nothing wrong with everything that Webex draws", () => {
  const everything = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.3",
    lang: "en",
    minHeight: "100px",
    backgroundImage: { url: "https://example.com/a.png", fillMode: "Repeat" },
    body: [
      { type: "TextBlock", text: "${title}", $when: "${exists(title)}", size: "Large", maxLines: "${lines}" },
      { type: "RichTextBlock", inlines: ["plain", { type: "TextRun", text: "run" }, { text: "untyped" }] },
      {
        type: "Image",
        url: "https://a.example/",
        selectAction: { type: "Action.OpenUrl", url: "https://a.example/" },
      },
      { type: "ImageSet", images: [{ type: "Image", url: "https://a.example/" }, { url: "${url}" }] },
      { type: "Image", url: "data:image/png;base64,AA==", width: "20px", height: "stretch" },
      { type: "FactSet", facts: [{ title: "a", value: "b" }] },
      {
        type: "ColumnSet",
        columns: [
          { type: "Column", width: 2, items: [{ type: "TextBlock", text: "a" }] },
          { width: "auto" },
          { width: "1" },
        ],
      },
      {
        type: "Container",
        style: "emphasis",
        items: [
          { type: "Input.Text", id: "a", inlineAction: { type: "Action.Submit", data: { action: "a" } } },
          { type: "Input.Number", id: "b", min: 1, value: "${n}" },
          { type: "Input.Date", id: "c", value: "2026-01-31" },
          { type: "Input.Time", id: "d", value: "14:30" },
          { type: "Input.Toggle", id: "e", title: "e" },
          { type: "Input.ChoiceSet", id: "f", choices: [{ type: "Input.Choice", title: "a", value: "a" }] },
          { $data: "${rows}", type: "Input.Text", id: "row-${$index}" },
          { $when: "${a}", type: "Input.Text", id: "either" },
          { $when: "${!a}", type: "Input.Text", id: "either" },
          { $data: { items: [{ type: "Thing" }] }, type: "${kind}" },
        ],
      },
      {
        type: "ActionSet",
        actions: [{ type: "Action.ToggleVisibility", targetElements: ["a", { elementId: "b" }] }],
      },
    ],
    actions: [
      {
        type: "Action.Submit",
        title: "Send",
        data: { action: "send", items: [{ type: "Thing" }], card: "x" },
      },
      { type: "Action.Submit", title: "Send", data: "${payload}" },
      { type: "Action.Submit", title: "Send", associatedInputs: "none", data: { action: "leave" } },
      {
        type: "Action.ShowCard",
        title: "More",
        card: { type: "AdaptiveCard", body: [{ type: "TextBlock", text: "a" }] },
      },
    ],
  };
  expect(checkCard(everything, { isTemplate: true })).toEqual([]);
});

const text: JsonObject = { type: "TextBlock", text: "a" };
const image = { type: "Image", url: "https://a.example/" };
const submit = { type: "Action.Submit", data: { action: "send" } };

it.each<[string, JsonValue, string]>([
  ["no object", [], "error not-a-card"],
  ["no type", { version: "1.3", body: [text] }, "error not-a-card type"],
  ["another type", { type: "Card", version: "1.3", body: [text] }, "error not-a-card type"],
  ["no version", { type: "AdaptiveCard", body: [text] }, "error wrong-version version"],
  ["a later version", { type: "AdaptiveCard", version: "1.5", body: [text] }, "error wrong-version version"],
  [
    "a version that is a number",
    { type: "AdaptiveCard", version: 1.3, body: [text] },
    "error wrong-version version",
  ],
  ["a later element", card({ type: "Table" }), "error later-type body[0]"],
  ["an element of 1.1 that Webex does not draw", card({ type: "Media" }), "error not-drawn body[0]"],
  ["an element that is none", card({ type: "TextBlok", text: "a" }), "error unknown-type body[0]"],
  ["an element without type", card({ text: "a" }), "error missing-property body[0]"],
  ["an action among elements", card(submit), "error wrong-place body[0]"],
  ["a text where an element should be", card("a"), "error wrong-value body[0]"],
  [
    "a deep element that is none",
    card({ type: "Container", items: [{ type: "X" }] }),
    "error unknown-type body[0].items[0]",
  ],
  [
    "one in a column without type",
    card({ type: "ColumnSet", columns: [{ items: [{ type: "X" }] }] }),
    "error unknown-type body[0].columns[0].items[0]",
  ],
  ["a later action", withActions({ type: "Action.Execute" }), "error later-type actions[0]"],
  [
    "a card to unfold where something is clicked",
    card({ ...image, selectAction: { type: "Action.ShowCard", card: { type: "AdaptiveCard" } } }),
    "error wrong-place body[0].selectAction",
  ],
  ["a later property", card({ ...text, style: "heading" }), "error later-property body[0].style"],
  [
    "a later property of an action",
    withActions({ ...submit, tooltip: "a" }),
    "error later-property actions[0].tooltip",
  ],
  ["a property that is none", card({ ...text, colour: "good" }), "error unknown-property body[0].colour"],
  [
    "a later value",
    card({ type: "Input.Text", id: "a", style: "password" }),
    "error later-value body[0].style",
  ],
  ["a word that is none", card({ ...text, size: "huge" }), "error wrong-value body[0].size"],
  ["a text for a truth value", card({ ...text, wrap: "true" }), "error wrong-value body[0].wrap"],
  ["a text for a number", card({ type: "Input.Number", id: "a", min: "1" }), "error wrong-value body[0].min"],
  ["half a line", card({ ...text, maxLines: 0.5 }), "error wrong-value body[0].maxLines"],
  ["a number for a text", card({ type: "TextBlock", text: 5 }), "error wrong-value body[0].text"],
  [
    "an object for a list",
    { type: "AdaptiveCard", version: "1.3", fallbackText: "a", body: {} },
    "error wrong-value body",
  ],
  ["pixels without px", card({ ...image, width: "80" }), "error wrong-value body[0].width"],
  [
    "a day that is none",
    card({ type: "Input.Date", id: "a", value: "31.1.2026" }),
    "warning wrong-value body[0].value",
  ],
  [
    "an hour that is none",
    card({ type: "Input.Time", id: "a", max: "25:00" }),
    "warning wrong-value body[0].max",
  ],
  [
    "an address that runs",
    withActions({ type: "Action.OpenUrl", url: "javascript:a()" }),
    "error wrong-value actions[0].url",
  ],
  ["an address without a host", card({ type: "Image", url: "/a.png" }), "error wrong-value body[0].url"],
  ["data that is a list", withActions({ ...submit, data: [1] }), "error wrong-value actions[0].data"],
  ["a text block without text", card({ type: "TextBlock" }), "error missing-property body[0]"],
  ["an image without url", card({ type: "Image" }), "error missing-property body[0]"],
  [
    "a fact without value",
    card({ type: "FactSet", facts: [{ title: "a" }] }),
    "error missing-property body[0].facts[0]",
  ],
  ["a set without choices", card({ type: "Input.ChoiceSet", id: "a" }), "error missing-property body[0]"],
  ["an input without id", card({ type: "Input.Text" }), "error missing-property body[0]"],
  ["an input with an empty id", card({ type: "Input.Date", id: "" }), "error missing-property body[0]"],
  [
    "an id twice",
    card({ type: "Input.Text", id: "a" }, { type: "Container", items: [{ type: "Input.Text", id: "a" }] }),
    "error duplicate-id body[1].items[0]",
  ],
  [
    "an input with a name of ours",
    card({ type: "Input.Text", id: "bellhop" }),
    "error reserved-name body[0].id",
  ],
  [
    "data with a name of ours",
    withActions({ ...submit, data: { action: "a", bellhop: 1 } }),
    "error reserved-name actions[0].data.bellhop",
  ],
  [
    "a choice that cannot be told from two",
    card({ type: "Input.ChoiceSet", id: "a", isMultiSelect: true, choices: [{ title: "a", value: "1,2" }] }),
    "error comma-in-choice body[0].choices[0].value",
  ],
  [
    "a regex that cannot be read",
    card({ type: "Input.Text", id: "a", regex: "([a-z" }),
    "error wrong-value body[0].regex",
  ],
  [
    "a regex that takes exponential time",
    card({ type: "Input.Text", id: "a", regex: "^(a+)+$" }),
    "warning slow-pattern body[0].regex",
  ],
  ["eleven images", card(...Array.from({ length: 11 }, () => image)), "error too-many-images body[10]"],
  ["a card for a document", card({ ...text, text: "a".repeat(100_000) }), "error too-large"],
  ["an expression that is not closed", card({ ...text, text: "a ${b" }), "error bad-expression body[0].text"],
  [
    "six actions",
    withActions(...Array.from({ length: 6 }, () => submit)),
    "warning too-many-actions actions",
  ],
  [
    "a target that is not there",
    withActions({ type: "Action.ToggleVisibility", targetElements: ["a"] }),
    "warning unknown-target actions[0].targetElements[0]",
  ],
  [
    "what is not heeded",
    card({ type: "ColumnSet", height: "auto", columns: [{ width: 1 }] }),
    "warning not-drawn body[0].height",
  ],
  [
    "a button without a name",
    withActions({ ...submit, data: { id: 5 } }),
    "warning no-action-name actions[0]",
  ],
  ["nothing to say", { type: "AdaptiveCard", version: "1.3", body: [image] }, "warning no-fallback-text"],
])("finds %s", (_, value, expected) => {
  expect(found(value)).toEqual([expected]);
});

it.each<[string, JsonValue, string]>([
  [
    "the version it came in with",
    card({ type: "Table" }),
    '"Table" came in with 1.5, Webex draws 1.3; use a ColumnSet',
  ],
  [
    "the version of a property",
    card({ ...text, style: "heading" }),
    "came in with 1.5, Webex draws 1.3; remove it",
  ],
  [
    "the version of a value",
    card({ type: "Input.Text", id: "a", style: "password" }),
    '"password" came in with 1.5',
  ],
  ["the type that was meant", card({ type: "Textblock", text: "a" }), 'did you mean "TextBlock"?'],
  [
    "the property that was meant",
    card({ ...text, colour: "good" }),
    'did you mean "color"? Otherwise remove it',
  ],
  ["the word that was meant", card({ ...text, size: "lage" }), 'did you mean "large"?'],
  [
    "where the other one is",
    card({ type: "Input.Text", id: "a" }, { type: "Input.Text", id: "a" }),
    "input at body[0]",
  ],
  ["why an id is needed", card({ type: "Input.Text" }), "so nobody learns what was entered"],
])("says %s", (_, value, expected) => {
  expect(said(value)).toContain(expected);
});

it("finds everything at once, in the order of the card", () => {
  expect(found({ type: "Card", version: "2", body: [{ type: "X" }, { type: "Input.Text" }, text] })).toEqual([
    "error not-a-card type",
    "error unknown-type body[0]",
    "error missing-property body[1]",
  ]);
});

it("checks a filled card without evaluating it: what people wrote is no expression", () => {
  const filled = card({ ...text, text: "${a" }, { ...text, size: "${size}" });
  expect(found(filled, false)).toEqual(["error wrong-value body[1].size"]);
});

it("repeats nothing of a filled card, which may be what somebody wrote", () => {
  const secret = "hush";
  const filled = card(
    { ...text, size: secret, wrap: secret },
    { type: secret },
    { type: "Input.Text", id: secret, inlineAction: secret },
    { type: "Input.Text", id: secret },
    { type: "Image", url: `javascript:${secret}` },
  );
  const findings = checkCard(filled, { isTemplate: false });
  expect(findings).toHaveLength(6);
  expect(JSON.stringify(findings)).not.toContain(secret);
});

it("heeds no case where a word is expected, as clients do not", () => {
  expect(found(card({ ...text, size: "EXTRALARGE", color: "good", weight: "Bolder" }))).toEqual([]);
});
