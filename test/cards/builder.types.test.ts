import {
  actionSet,
  card,
  column,
  columnSet,
  container,
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
import { type Bot, defineBot } from "../../src/core/contract/bot";
import { CardError } from "../../src/core/contract/errors";
import { buildBot } from "../../src/core/handle/build-bot";

/** Compiles only when both are the same type. */
function same<A, B>(
  ..._proof: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]
): void {}

// The compiler is the test: `npm run types` fails when one of these stops being so.
function whatUsersRelyOn(bot: Bot): void {
  const choices = [{ title: "Euro", value: "EUR" }];
  const form = card({
    body: [
      textBlock("What did it cost?"),
      inputNumber("amount", { label: "Amount", isRequired: true }),
      columnSet([
        column([inputChoice("currency", choices, { isRequired: true })]),
        column([container([inputDate("day"), inputTime("time"), inputChoices("tags", choices)])]),
      ]),
      inputToggle("paid", "Paid already"),
      inputText("note", { isRequired: false }),
    ],
    actions: [submit("Send", "file-expense")],
  });
  bot.action("file-expense", { inputs: inputsOf(form) }, ({ inputs }) => {
    same<typeof inputs.amount, number>();
    same<typeof inputs.currency, string>();
    same<typeof inputs.day, Date | undefined>();
    same<typeof inputs.time, string | undefined>();
    same<typeof inputs.tags, readonly string[] | undefined>();
    same<typeof inputs.paid, boolean>();
    same<typeof inputs.note, string | undefined>();
    // @ts-expect-error an input that the card does not have
    inputs.total;
  });

  const more = card({
    body: [inputText("reason", { isRequired: true })],
    actions: [submit("Reject", "reject")],
  });
  const unfolding = card({
    body: [inputNumber("amount", { isRequired: true })],
    actions: [showCard("Reject", more)],
  });
  bot.action("reject", { inputs: { ...inputsOf(unfolding), ...inputsOf(more) } }, ({ inputs }) => {
    same<typeof inputs.amount, number>();
    same<typeof inputs.reason, string>();
  });
  // @ts-expect-error what is in an unfolded card is not sent by the buttons around it
  inputsOf(unfolding).reason;

  const names: readonly string[] = ["Ada"];
  const list = card({ body: names.map((name) => textBlock(name)) });
  bot.action("list", { inputs: inputsOf(list) }, ({ inputs }) => {
    // @ts-expect-error a card without inputs has none
    inputs.anything;
  });
}

function whatDoesNotCompile(): void {
  // @ts-expect-error an action is no element
  card({ body: [submit("Send", "send")] });
  // @ts-expect-error an element is no action
  card({ actions: [textBlock("a")] });
  // @ts-expect-error a column stands in a column set only
  card({ body: [column([])] });
  // @ts-expect-error and nothing else stands in one
  columnSet([textBlock("a")]);
  // @ts-expect-error a set of images has images only
  imageSet([textBlock("a")]);
  // @ts-expect-error a run of text stands in a rich text only
  container([textRun("a")]);
  // @ts-expect-error JSON is not looked at by the compiler: a template is the place for it
  card({ body: [{ type: "Table" }] });
  // @ts-expect-error nothing can be unfolded by a click on a picture
  image("https://example.com/a.png", { selectAction: showCard("a", card({})) });
  // @ts-expect-error nor can an unfolding button stand in an input
  inputText("a", { inlineAction: showCard("a", card({})) });

  // @ts-expect-error a property of 1.5
  textBlock("a", { style: "heading" });
  // @ts-expect-error a property of 1.5
  submit("Send", "send", { tooltip: "a" });
  // @ts-expect-error a property of 1.4
  card({ refresh: {} });
  // @ts-expect-error a property of 1.6
  inputNumber("a", { inputStyle: "default" });
  // @ts-expect-error a value of 1.5
  inputText("a", { style: "password" });
  // @ts-expect-error a value of 1.5
  inputChoice("a", [], { style: "filtered" });
  // @ts-expect-error a property that Webex does not heed
  columnSet([], { height: "auto" });
  // @ts-expect-error a word that is none
  textBlock("a", { size: "huge" });
  // @ts-expect-error a property that is none
  textBlock("a", { colour: "good" });
  // @ts-expect-error pixels are written with px
  image("https://example.com/a.png", { width: "80" });
  // @ts-expect-error a text where a number is expected
  inputNumber("a", { min: "1" });
  // @ts-expect-error a number where a text is expected
  textBlock(5);
  // @ts-expect-error an input has an id
  inputText();
  // @ts-expect-error what a button is called for the bot
  submit("Send");

  richTextBlock(["a", textRun("b", { underline: true })]);
  imageSet([image("https://example.com/a.png")]);
  actionSet([openUrl("a", "https://example.com/"), toggleVisibility("b", ["c"])]);
}

it("types what a handler is given by what can be entered", () => {
  expect(buildBot("typed", defineBot(whatUsersRelyOn)).routes).toHaveLength(3);
});

it("refuses at run time, too, what stands where it may not", () => {
  expect(whatDoesNotCompile).toThrow(CardError);
});
