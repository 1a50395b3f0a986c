import {
  actionSet,
  backgroundImage,
  card,
  column,
  columnSet,
  container,
  factSet,
  image,
  imageSet,
  inputChoice,
  inputChoices,
  inputDate,
  inputNumber,
  inputsOf,
  inputText,
  inputTime,
  inputToggle,
  openUrl,
  richTextBlock,
  showCard,
  submit,
  textBlock,
  textRun,
  toggleVisibility,
} from "../../src/cards/builder";
import { checkCard } from "../../src/cards/check-card";
import { OBJECTS } from "../../src/cards/schema/objects";
import { readInputs } from "../../src/core/cards/form/read-inputs";
import { defineBot } from "../../src/core/contract/bot";
import { buildBot } from "../../src/core/handle/build-bot";
import { checkCard as checkAsWebex } from "../../src/playground/webex/card-check";

const URL_OF_IMAGE = "https://example.com/a.png";
const choices = [
  { title: "Euro", value: "EUR" },
  { title: "Dollar", value: "USD" },
];

const errorMessage = "Fill it in";

/** One of each. */
function everything() {
  return card({
    backgroundImage: backgroundImage(URL_OF_IMAGE, { fillMode: "repeat" }),
    body: [
      textBlock("An expense", { size: "large", weight: "bolder", wrap: true }),
      richTextBlock(["plain ", textRun("bold", { weight: "bolder" })]),
      image(URL_OF_IMAGE, { altText: "A receipt", selectAction: openUrl("Open", "https://example.com/") }),
      imageSet([image(URL_OF_IMAGE)], { imageSize: "small" }),
      factSet([["Amount", "5 EUR"]]),
      columnSet([
        column([inputNumber("amount", { label: "Amount", min: 0, isRequired: true, errorMessage })], {
          width: "stretch",
        }),
        column(
          [
            container([
              inputChoice("currency", choices, { label: "In", value: "EUR", isRequired: true, errorMessage }),
            ]),
          ],
          { width: 1 },
        ),
      ]),
      inputText("note", { isMultiline: true, inlineAction: submit("Go", "go") }),
      inputDate("day", { value: "2026-01-31" }),
      inputTime("time", { value: "14:30" }),
      inputToggle("paid", "Paid already", { value: true }),
      inputChoices("tags", choices, { value: ["EUR", "USD"] }),
      actionSet([toggleVisibility("More", ["note", { elementId: "day", isVisible: true }])]),
    ],
    actions: [
      submit("Approve", "approve", { style: "positive", data: { id: 5 } }),
      showCard("Reject", card({ body: [inputText("reason")], actions: [submit("Reject", "reject")] })),
    ],
  });
}

it("builds what Webex draws, by our own table and by the playground's", () => {
  const { content } = everything();
  expect(checkCard(content, { isTemplate: true })).toEqual([]);
  expect(checkAsWebex(content)).toEqual([]);
});

it("has a function for everything that has a type", () => {
  const types = new Set(JSON.stringify(everything().content).match(/(?<="type":")[^"]+/g));
  const typed = Object.keys(OBJECTS).filter(
    (name) => !["Fact", "Input.Choice", "BackgroundImage", "TargetElement"].includes(name),
  );
  expect(types).toEqual(new Set(typed));
});

it("builds a card that can be sent: its name, its content, and its texts for where it is not drawn", () => {
  expect(card({ body: [textBlock("Hello"), factSet([["Amount", "5"]])] })).toEqual({
    kind: "card",
    name: "inline",
    content: {
      type: "AdaptiveCard",
      version: "1.3",
      body: [
        { type: "TextBlock", text: "Hello" },
        { type: "FactSet", facts: [{ title: "Amount", value: "5" }] },
      ],
    },
    fallbackText: "Hello\nAmount 5",
  });
  expect(card({ buttons: { audience: "asker" } })).toMatchObject({ buttons: { audience: "asker" } });
  expect(card({ name: "greeting", fallbackText: "Hi" })).toMatchObject({
    name: "greeting",
    fallbackText: "Hi",
  });
});

it("a button's data has the name of its action, whatever else is in it", () => {
  expect(submit("Approve", "approve", { data: { action: "other", id: 5 } })).toMatchObject({
    data: { action: "approve", id: 5 },
  });
});

it("leaves out what is undefined", () => {
  expect(card({ body: [textBlock("a", { size: undefined })], minHeight: undefined }).content).toEqual({
    type: "AdaptiveCard",
    version: "1.3",
    body: [{ type: "TextBlock", text: "a" }],
  });
});

describe("the inputs of a card", () => {
  it("are a schema that the clicks on it fit", () => {
    const schema = inputsOf(everything());
    expect(schema).toEqual({
      amount: { type: "number", label: "Amount" },
      currency: { type: "string", label: "In" },
      note: { type: "string", optional: true },
      day: { type: "date", optional: true },
      time: { type: "time", optional: true },
      paid: { type: "boolean" },
      tags: { type: "list", optional: true },
    });
    const click = {
      amount: "12.5",
      currency: "EUR",
      note: "",
      day: "2026-01-31",
      paid: "true",
      tags: "EUR,USD",
    };
    expect(readInputs(schema, click)).toEqual({
      kind: "fit",
      inputs: {
        amount: 12.5,
        currency: "EUR",
        day: new Date("2026-01-31"),
        paid: true,
        tags: ["EUR", "USD"],
      },
    });
  });

  it("are those that its own buttons send: not those of a card that unfolds", () => {
    expect(inputsOf(everything())).not.toHaveProperty("reason");
  });

  it("are taken by bot.action", () => {
    const define = defineBot((bot) => bot.action("approve", { inputs: inputsOf(everything()) }, () => {}));
    expect(() => buildBot("expenses", define)).not.toThrow();
  });
});

it.each([
  ["an id twice", () => card({ body: [inputText("a"), inputNumber("a")] }), "its id is taken"],
  ["an address that runs", () => card({ actions: [openUrl("a", "javascript:a()")] }), "begins with https://"],
  ["an id that is empty", () => card({ body: [inputText("")] }), 'has no "id"'],
  [
    "a choice with a comma among several",
    () => card({ body: [inputChoices("a", [{ title: "a", value: "1,2" }])] }),
    "has a comma",
  ],
])("refuses what the compiler cannot see: %s", (_, build, message) => {
  expect(build).toThrow(
    expect.objectContaining({ code: "card-invalid", message: expect.stringContaining(message) }),
  );
});
