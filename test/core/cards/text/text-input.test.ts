import fc from "fast-check";
import { toCardInput } from "../../../../src/core/cards/form/card-input";
import { checkInput } from "../../../../src/core/cards/form/check-input";
import { parseAnswer, questionFor } from "../../../../src/core/cards/text/text-input";
import type { JsonObject } from "../../../../src/core/contract/notice";

const CHOICES = [
  { title: "Small", value: "S" },
  { title: "Large", value: "L" },
];
const input = (fields: JsonObject) => toCardInput({ id: "it", label: "It", ...fields });

describe("an input as a question", () => {
  it.each<[string, JsonObject, string]>([
    ["a text", { type: "Input.Text" }, "It?\n(- to leave it empty)"],
    ["a needed text", { type: "Input.Text", isRequired: true }, "It?"],
    ["a text with a value", { type: "Input.Text", value: "that" }, "It?\n(- for that)"],
    ["a question that is one", { type: "Input.Text", label: "Is it?", isRequired: true }, "Is it?"],
    [
      "a choice",
      { type: "Input.ChoiceSet", isRequired: true, choices: CHOICES },
      "It?\n1. Small\n2. Large\n(a number, or the name)",
    ],
    [
      "a choice made",
      { type: "Input.ChoiceSet", value: "L", choices: CHOICES },
      "It?\n1. Small\n2. Large\n(a number, or the name; - for Large)",
    ],
    [
      "a switch",
      { type: "Input.Toggle", label: "", title: "On", value: "true" },
      "On?\n(yes or no; - for yes)",
    ],
  ])("%s", (_what, fields, question) => {
    expect(questionFor(input(fields))).toBe(question);
  });

  it.each<[JsonObject, string]>([
    [{ type: "Input.Text", label: " ", placeholder: "Say it" }, "Say it"],
    [{ type: "Input.Text", label: "" }, "it"],
    [{ type: "Input.Toggle", label: "", title: "On" }, "On"],
  ])("is called by what the card calls it: %j", (fields, label) => {
    expect(input(fields).label).toBe(label);
  });
});

describe("an answer", () => {
  it.each<[string, JsonObject, string, string]>([
    ["text", { type: "Input.Text" }, " as it is ", "as it is"],
    ["nothing", { type: "Input.Text" }, "-", ""],
    ["what was there", { type: "Input.Text", value: "old", isRequired: true }, "skip", "old"],
    ["a number", { type: "Input.Number", min: 1, max: 10 }, "10", "10"],
    ["a day", { type: "Input.Date", min: "2026-01-01" }, "2026-01-01", "2026-01-01"],
    ["a time", { type: "Input.Time", max: "18:00" }, "09:05", "09:05"],
    ["yes", { type: "Input.Toggle", valueOn: "1!" }, "Yes", "1!"],
    ["no", { type: "Input.Toggle" }, "n", "false"],
    ["what a switch was", { type: "Input.Toggle", valueOff: "off!" }, "-", "off!"],
    ["a number of a choice", { type: "Input.ChoiceSet", choices: CHOICES }, "2", "L"],
    ["a name of a choice", { type: "Input.ChoiceSet", choices: CHOICES }, "large", "L"],
    ["a value of a choice", { type: "Input.ChoiceSet", choices: CHOICES }, "s", "S"],
    ["a number of a choice, as a list has it", { type: "Input.ChoiceSet", choices: CHOICES }, "2.", "L"],
    ["a place of full width", { type: "Input.ChoiceSet", choices: CHOICES }, "２", "L"],
    ["a name with what nobody sees", { type: "Input.ChoiceSet", choices: CHOICES }, "\u200bLarge\u200e", "L"],
    ["a number of full width", { type: "Input.Number" }, "１２．５", "12.5"],
    ["an hour of one digit", { type: "Input.Time", min: "09:00" }, "9:05", "09:05"],
    ["text of full width", { type: "Input.Text" }, "２", "２"],
    [
      "a choice called like the word for none",
      { type: "Input.ChoiceSet", choices: [{ title: "Skip", value: "x" }] },
      "skip",
      "x",
    ],
    [
      "what stays, if the preset is no choice",
      { type: "Input.ChoiceSet", value: "old", choices: CHOICES },
      "-",
      "",
    ],
    [
      "a switch's own value",
      { type: "Input.Toggle", valueOn: "Agreed", valueOff: "Not" },
      "agreed",
      "Agreed",
    ],
    ["yes, whatever its value", { type: "Input.Toggle", valueOn: "no", valueOff: "yes" }, "yes", "no"],
    ["a number with a comma", { type: "Input.Number" }, "12,5", "12.5"],
    ["a time of twelve hours", { type: "Input.Time" }, "2:05 pm", "14:05"],
    ["several", { type: "Input.ChoiceSet", isMultiSelect: true, choices: CHOICES }, "2, small; 2", "L,S"],
    ["a number within bounds that are empty", { type: "Input.Number", min: "", max: "" }, "3", "3"],
    [
      "a day within bounds that are empty",
      { type: "Input.Date", min: "", max: "" },
      "2026-01-01",
      "2026-01-01",
    ],
    ["what an expression finds", { type: "Input.Text", regex: "^[a-z]+$" }, "abc", "abc"],
  ])("is taken for %s", (_what, fields, text, value) => {
    expect(parseAnswer(input(fields), text)).toEqual({ kind: "fit", value });
  });

  it.each<[JsonObject, string, string]>([
    [{ type: "Input.Text", isRequired: true }, "-", "It is empty."],
    [{ type: "Input.Text", maxLength: 3 }, "four", "It has 4 characters; expected at most 3."],
    [{ type: "Input.Text", regex: "^a" }, "b", "It does not have the form that is asked for."],
    [
      { type: "Input.Text", regex: "^a*$" },
      `${"a".repeat(8_000)}b`,
      "It has 8001 characters; expected at most 8000.",
    ],
    [{ type: "Input.Number" }, "1,234", "It is not a number such as 12.50."],
    [{ type: "Input.Number", min: 2 }, "1", "It is less than 2; expected at least 2."],
    [{ type: "Input.Number", max: 9 }, "10", "It is more than 9; expected at most 9."],
    [{ type: "Input.Date" }, "2026-02-30", "It is not a date such as 2026-01-31."],
    [
      { type: "Input.Date", max: "2026-01-01" },
      "2026-01-02",
      "It is after 2026-01-01; expected 2026-01-01 or earlier.",
    ],
    [{ type: "Input.Time" }, "25:00", "It is not a time such as 14:30."],
    [{ type: "Input.Toggle" }, "perhaps", "It is not yes or no."],
    [
      { type: "Input.ChoiceSet", choices: CHOICES },
      "3",
      "It is not among the choices; expected one of Small, Large.",
    ],
    [
      { type: "Input.ChoiceSet", isMultiSelect: true, choices: CHOICES },
      "1,3",
      "It has something that is not among the choices; expected some of Small, Large.",
    ],
    [{ type: "Input.Number", errorMessage: "Count again." }, "x", "Count again."],
    [{ type: "Input.Toggle", errorMessage: "" }, "perhaps", "It is not yes or no."],
  ])("to %j that does not fit is told so: %s", (fields, text, problem) => {
    expect(parseAnswer(input(fields), text)).toEqual({ kind: "misfit", problem });
  });

  it.each<JsonObject>([
    { type: "Input.Text", maxLength: 5 },
    { type: "Input.Number", min: 1, max: 9, value: 3 },
    { type: "Input.Date", max: "2026-01-31" },
    { type: "Input.Time", min: "09:00" },
    { type: "Input.Toggle", valueOn: "no", valueOff: "yes" },
    { type: "Input.ChoiceSet", choices: CHOICES },
    { type: "Input.ChoiceSet", isMultiSelect: true, choices: CHOICES, isRequired: true },
  ])("is a value that a click with the same card may have: %j", (fields) => {
    const words = fc.constantFrom(
      "-",
      "yes",
      "no",
      "1",
      "2",
      "1,2",
      "small",
      "S",
      "2026-1-5",
      "9:30",
      "3,5",
      "٣",
    );
    fc.assert(
      fc.property(fc.oneof(words, fc.string()), (text) => {
        const answer = parseAnswer(input(fields), text);
        if (answer.kind === "fit") expect(checkInput(input(fields), answer.value)).toEqual(answer);
      }),
    );
  });

  it.each<[string, JsonObject, string]>([
    ["that runs out of time", { regex: "^(a+)+$" }, "It could not be checked. Send a shorter answer."],
    [
      "that runs out of time, and the card has its own text",
      { regex: "^(a+)+$", errorMessage: "Only the letter a." },
      "It could not be checked. Only the letter a.",
    ],
    ["that cannot be read", { regex: "([a-z" }, "It could not be checked. Send a shorter answer."],
  ])("is refused by a regex %s", (_what, fields, problem) => {
    const answer = parseAnswer(input({ type: "Input.Text", ...fields }), `${"a".repeat(60)}!`);
    expect(answer).toEqual({ kind: "misfit", problem, isUnchecked: true });
  });
});
