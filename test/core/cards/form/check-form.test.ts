import { cardInputs, outlineOf } from "../../../../src/core/cards/form/card-actions";
import { checkForm } from "../../../../src/core/cards/form/check-form";
import { readClick } from "../../../../src/core/cards/form/read-inputs";
import type { InputSchema } from "../../../../src/core/contract/input-schema";
import type { JsonObject } from "../../../../src/core/contract/notice";

const submit = (action: string, more: JsonObject = {}): JsonObject => ({
  type: "Action.Submit",
  title: action,
  data: { action },
  ...more,
});
const text = (id: string, more: JsonObject = {}): JsonObject => ({
  type: "Input.Text",
  id,
  isRequired: true,
  ...more,
});

const CARD: JsonObject = {
  type: "AdaptiveCard",
  body: [
    { type: "TextBlock", text: "Order" },
    { type: "ColumnSet", columns: [{ type: "Column", items: [text("name", { label: "Your name" })] }] },
    { type: "Container", isVisible: false, items: [text("hidden", { value: "from the bot" })] },
    { type: "Image", url: "https://example.com/a.png", selectAction: submit("pick") },
    text("search", { inlineAction: submit("search"), isRequired: false }),
  ],
  actions: [
    submit("send"),
    submit("cancel", { associatedInputs: "none" }),
    {
      type: "Action.ShowCard",
      title: "More",
      card: { type: "AdaptiveCard", body: [text("note")], actions: [submit("more"), submit("send")] },
    },
  ],
};

function click(action: string, entered: JsonObject, card = CARD) {
  return checkForm(card, (data) => data.action === action, { entered, data: { action } });
}
const idsOf = (problems: readonly { id: string }[]): string[] => problems.map(({ id }) => id);

describe.each([
  ["a card", CARD],
  ["the outline of a card", JSON.parse(JSON.stringify(outlineOf(CARD))) as JsonObject],
])("%s", (_what, card) => {
  it("has the inputs that a button sends: its card's own and those around it, and no others", () => {
    const inputsOf = (action: string): string[] => idsOf(click(action, {}, card).inputs);
    expect(inputsOf("pick")).toEqual(["name", "hidden", "search"]);
    expect(inputsOf("search")).toEqual(["name", "hidden", "search"]);
    expect(inputsOf("cancel")).toEqual([]);
    expect(inputsOf("more")).toEqual(["name", "hidden", "search", "note"]);
    expect(idsOf(cardInputs(card))).toEqual(["name", "hidden", "search", "note"]);
  });

  it("asks for what can be seen, and all of it at once", () => {
    expect(idsOf(click("more", {}, card).problems)).toEqual(["name", "note"]);
    expect(click("cancel", {}, card).problems).toEqual([]);
  });

  it("hands over the values of the button's inputs and its data, and nothing else", () => {
    const entered = { name: "Ada", hidden: "from the bot", note: "not sent", made: "up", action: "other" };
    expect(click("pick", entered, card).values).toEqual({
      ...{ name: "Ada", hidden: "from the bot", search: "", action: "pick" },
    });
    expect(click("cancel", { name: 5 }, card).values).toEqual({ action: "cancel" });
  });

  it("has two buttons with the same data, of which the one that sends the values is meant", () => {
    expect(click("send", { name: "Ada" }, card).problems).toEqual([]);
    expect(click("send", { name: "Ada", note: "Hi" }, card)).toMatchObject({
      problems: [],
      values: { note: "Hi" },
    });
    expect(idsOf(click("send", { name: "Ada", note: "" }, card).problems)).toEqual(["note"]);
  });
});

it("an input with the id of a key of the data is the bot's own", () => {
  const card = { body: [{ type: "Input.Number", id: "amount", max: 1 }], actions: [submit("pay")] };
  const clicked = { entered: { amount: "999" }, data: { action: "pay", amount: 5 } };
  expect(checkForm(card, () => true, clicked)).toMatchObject({
    ...{ inputs: [], problems: [], values: { action: "pay", amount: 5 } },
  });
});

it("an input may have any id", () => {
  const ids = ["__proto__", "constructor", "toString", "a b"];
  const card = { body: ids.map((id) => text(id)), actions: [submit("go")] };
  const entered = JSON.parse(
    '{"__proto__": "p", "constructor": "c", "toString": "t", "a b": "x"}',
  ) as JsonObject;
  const form = click("go", entered, card);
  expect(Object.entries(form.values)).toEqual([...Object.entries(entered), ["action", "go"]]);
  expect(idsOf(click("go", {}, card).problems)).toEqual(ids);
  const schema = Object.fromEntries(ids.map((id) => [id, "string"])) as InputSchema;
  const read = readClick(schema, { inputs: entered, form });
  expect(read.kind === "fit" && Object.entries(read.inputs)).toEqual(Object.entries(entered));
});

describe("a handler's schema beside the card", () => {
  const card = {
    body: [
      { type: "Input.Toggle", id: "agree", title: "I agree", valueOn: "yes", valueOff: "no" },
      { type: "Input.Number", id: "n", label: "How many", max: 10, errorMessage: "Ten at most." },
      { type: "Input.ChoiceSet", id: "c", label: "Size", choices: [{ title: "Any", value: "a,b" }] },
      { type: "Input.Date", id: "day", label: "Day" },
    ],
    actions: [submit("go")],
  };
  const read = (schema: InputSchema, entered: JsonObject) =>
    readClick(schema, { inputs: entered, form: click("go", entered, card) });

  it("reads the values as the card means them", () => {
    const schema: InputSchema = { agree: "boolean", n: "integer", c: "list", day: "date", action: "string" };
    expect(read(schema, { agree: "yes", n: "1.0", c: "a,b", day: "2026-2-1" })).toEqual({
      kind: "fit",
      inputs: { agree: true, n: 1, c: ["a,b"], day: new Date("2026-02-01T00:00:00Z"), action: "go" },
    });
    expect(read({ agree: "boolean" }, {})).toEqual({ kind: "fit", inputs: { agree: false } });
    expect(read({ agree: "string" }, { agree: "true" })).toEqual({ kind: "fit", inputs: { agree: "yes" } });
  });

  it("lists all invalid values, by the card's labels and in the card's words, and its own before them", () => {
    const schema: InputSchema = { agree: "boolean", n: { type: "integer", label: "Number" }, day: "date" };
    expect(read(schema, { agree: "perhaps", n: "11", c: "zzz" })).toEqual({
      kind: "misfit",
      problems: [
        { id: "agree", label: "I agree", problem: "is not yes or no" },
        { id: "n", label: "Number", problem: expect.any(String), message: "Ten at most." },
        { id: "c", label: "Size", problem: "is not among the choices; expected one of Any" },
        { id: "day", label: "Day", problem: "is empty; expected a date such as 2026-01-31" },
      ],
    });
    expect(read({ n: "integer" }, { n: "1.5" })).toMatchObject({
      problems: [{ label: "How many", problem: "is not a whole number" }],
    });
  });

  it("contains nothing that the card does not have", () => {
    const schema: InputSchema = { discount: { type: "number", optional: true } };
    expect(read(schema, { discount: "100" })).toEqual({ kind: "fit", inputs: {} });
  });
});
