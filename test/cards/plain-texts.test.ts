// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { toCardFromJson } from "../../src/cards/json-card";
import { withPlainTexts } from "../../src/cards/plain-texts";
import { cardText } from "../../src/core/cards/text/card-to-text";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

const card = (body: readonly JsonValue[], more: JsonObject = {}): JsonObject => ({
  type: "AdaptiveCard",
  version: "1.3",
  ...more,
  body: [...body],
});
const text = (words: string): JsonObject => ({ type: "TextBlock", text: words });
const textOf = (content: JsonObject): string => toCardFromJson(content).fallbackText;

describe("the text that stands for a card", () => {
  it.each<[string, JsonObject, string]>([
    ["bold, italic and links", text("**a** _b_ [c](https://d.example)"), "a b c (https://d.example)"],
    ["lists", text("Steps:\n\n- one\n- two\n\n1. a\n2. b"), "Steps:\n\n- one\n- two\n\n1. a\n2. b"],
    ["what cards do not know as Markdown", text("# a `b` ~~c~~ > d | e"), "# a `b` ~~c~~ > d | e"],
    ["what is escaped", text("\\*a\\* &amp; \\[b]\\(https://c.example)"), "*a* & [b](https://c.example)"],
    ["a link that would run something", text("[a](javascript:b)"), "[a](javascript:b)"],
    ["facts", { type: "FactSet", facts: [{ title: "**a**", value: "_b_" }] }, "a b"],
    [
      "runs of text, which know no Markdown",
      { type: "RichTextBlock", inlines: ["**a**", { text: " _b_" }] },
      "**a** _b_",
    ],
    [
      "the alternative text of an image",
      { type: "Image", url: "https://a.example/", altText: "A lift" },
      "A lift",
    ],
    [
      "those of a set",
      {
        type: "ImageSet",
        images: [
          { url: "https://a.example/", altText: "A" },
          { type: "Image", url: "https://a.example/" },
          { url: "https://a.example/", altText: "B" },
        ],
      },
      "A\nB",
    ],
    [
      "no background",
      { type: "Container", backgroundImage: { url: "https://a.example/" }, items: [text("a")] },
      "a",
    ],
    [
      "no hidden image",
      {
        type: "ColumnSet",
        columns: [
          {
            items: [text("a"), { type: "Image", url: "https://a.example/", altText: "b", isVisible: false }],
          },
        ],
      },
      "a",
    ],
  ])("has %s as people read them", (_, element, expected) => {
    expect(textOf(card([element]))).toBe(expected);
  });

  it("has the texts of images in the order of the card", () => {
    const image = { type: "Image", url: "https://a.example/", altText: "2" };
    expect(textOf(card([text("1"), image, text("3")]))).toBe("1\n2\n3");
  });

  it.each<[string, string]>([
    ["{{DATE(2026-11-30T13:00:00Z)}}", "2026-11-30"],
    ["{{DATE(2026-11-30T13:00:00Z, SHORT)}}", "2026-11-30"],
    ["{{DATE(2026-11-30T13:00:00Z,LONG)}} ", "2026-11-30"],
    ["{{DATE(2026-11-30T13:00:00Z,  compact)}}", "2026-11-30"],
    ["{{date(2026-11-30t13:00:00z, short)}}", "2026-11-30"],
    ["{{ DATE( 2026-11-30T13:00:00Z ) }}", "2026-11-30"],
    ["{{DATE(2026-11-30T13:00:00.123Z, SHORT)}}", "2026-11-30"],
    ["{{DATE(2026-11-30T23:30:00-05:00)}}", "2026-11-30"],
    ["{{TIME(2026-11-30T13:00:00Z)}}", "13:00 UTC"],
    ["{{TIME(2026-11-30T13:05Z)}}", "13:05 UTC"],
    ["{{TIME(2026-11-30T13:00:00.5+05:30)}}", "13:00 UTC+05:30"],
    ["{{TIME(2026-11-30T13:00:00-0800, SHORT)}}", "13:00 UTC-08:00"],
    ["on {{DATE(2026-11-30T13:00:00Z)}} at {{TIME(2026-11-30T13:00:00Z)}}", "on 2026-11-30 at 13:00 UTC"],
    ["{{DATE(2026-02-30T13:00:00Z)}}", "{{DATE(2026-02-30T13:00:00Z)}}"],
    ["{{DATE(2026-11-30T25:00:00Z)}}", "{{DATE(2026-11-30T25:00:00Z)}}"],
    ["{{DATE(2026-11-30)}}", "{{DATE(2026-11-30)}}"],
    ["{{DATE(2026-11-30T13:00:00)}}", "{{DATE(2026-11-30T13:00:00)}}"],
    ["{{DATE(tomorrow, SHORT)}}", "{{DATE(tomorrow, SHORT)}}"],
    ["{{DATE(2026-11-30T13:00:00Z, MEDIUM)}}", "{{DATE(2026-11-30T13:00:00Z, MEDIUM)}}"],
    ["{{TIME()}} {{DATE}} {{NAME}}", "{{TIME()}} {{DATE}} {{NAME}}"],
  ])("writes out dates and times: %s", (macro, expected) => {
    for (const element of [text(macro), { type: "RichTextBlock", inlines: [{ text: macro }] }])
      expect(textOf(card([element]))).toBe(expected.trim());
    expect(textOf(card([text("a")], { fallbackText: macro })).trim()).toBe(expected);
  });

  it.each<[string, string, string]>([
    [
      "de",
      "{{DATE(2026-11-30T13:00:00Z, LONG)}}, {{TIME(2026-11-30T13:00:00Z)}}",
      "Montag, 30. November 2026, 13:00 UTC",
    ],
    ["en-US", "{{DATE(2026-11-30T13:00:00Z, SHORT)}}", "Mon, Nov 30, 2026"],
    ["no language", "{{DATE(2026-11-30T13:00:00Z, SHORT)}}", "2026-11-30"],
  ])("writes them in the card's language: %s", (lang, macro, expected) => {
    expect(textOf(card([text(macro)], { lang }))).toBe(expected);
  });
});

it("a card that is sent has its date macros in the form that clients understand", () => {
  const { content } = toCardFromJson(
    card([text("{{date(2026-11-30T13:00:00.000Z,  short)}} {{TIME( 2026-11-30T13:00Z )}}")]),
  );
  expect(content.body).toEqual([
    text("{{DATE(2026-11-30T13:00:00Z, SHORT)}} {{TIME(2026-11-30T13:00:00Z)}}"),
  ]);
});

it("everything that people read is plain, and what a button sends stays", () => {
  const input = {
    type: "Input.ChoiceSet",
    id: "a",
    style: "expanded",
    label: "**L** {{DATE(2026-11-30T13:00:00Z)}}",
    choices: [{ title: "**One**", value: "**1**" }],
  };
  const toggle = { type: "Input.Toggle", id: "b", title: "_Yes_", valueOn: "_y_", errorMessage: "**No**" };
  const submit = { type: "Action.Submit", title: "**Go**", data: { action: "**go**" } };
  const plain = withPlainTexts(card([input, toggle], { actions: [submit] }));
  expect(plain.body).toEqual([
    { ...input, label: "**L** 2026-11-30", choices: [{ title: "One", value: "**1**" }] },
    { ...toggle, title: "Yes", errorMessage: "No" },
  ]);
  expect(plain.actions).toEqual([submit]);
  // In a list that opens, clients show the title of a choice as it is written.
  const compact = withPlainTexts(card([{ ...input, style: "compact" }]));
  expect(compact.body).toMatchObject([{ choices: input.choices }]);
  expect(cardText(plain)).toBe("");
});
