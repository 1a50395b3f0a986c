import fc from "fast-check";
import { toCardInput } from "../../../../src/core/cards/form/card-input";
import { checkInput } from "../../../../src/core/cards/form/check-input";
import type { CardInput } from "../../../../src/core/contract/clicked-form";
import type { JsonObject, JsonValue } from "../../../../src/core/contract/notice";

const SIZES = [
  { title: "Small", value: "S" },
  { title: "Very large", value: "X L, or so" },
];
const TOPPINGS = ["milk", "brown sugar", "ice"].map((value) => ({ title: value.toUpperCase(), value }));
const input = (fields: JsonObject): CardInput => toCardInput({ id: "it", label: "It", ...fields });
const choice = (fields: JsonObject = {}): JsonObject => ({
  type: "Input.ChoiceSet",
  choices: SIZES,
  ...fields,
});
const choices = (fields: JsonObject = {}): JsonObject => ({
  ...{ type: "Input.ChoiceSet", isMultiSelect: true, choices: TOPPINGS, ...fields },
});
const agree = { type: "Input.Toggle", title: "I agree", valueOn: "yes", valueOff: "no" };

describe("a value that the card allows", () => {
  it.each<[JsonObject, JsonValue | undefined, string]>([
    [{ type: "Input.Text" }, " as it came ", " as it came "],
    [{ type: "Input.Text" }, 5, "5"],
    [{ type: "Input.Text" }, true, "true"],
    [{ type: "Input.Text" }, undefined, ""],
    [{ type: "Input.Text" }, null, ""],
    [{ type: "Input.Text" }, "  ", ""],
    [{ type: "Input.Text", maxLength: 3 }, "abc", "abc"],
    [{ type: "Input.Text", maxLength: 2 }, "😀", "😀"],
    [{ type: "Input.Text", maxLength: 3 }, "a\r\nb", "a\r\nb"],
    [{ type: "Input.Text", maxLength: 0 }, "no limit", "no limit"],
    [{ type: "Input.Text", regex: "b" }, "abc", "abc"],
    [{ type: "Input.Text", regex: "^b$" }, "", ""],
    [{ type: "Input.Number" }, "1.0", "1.0"],
    [{ type: "Input.Number" }, " 1 ", "1"],
    [{ type: "Input.Number" }, "1,5", "1.5"],
    [{ type: "Input.Number" }, "0,125", "0.125"],
    [{ type: "Input.Number" }, "1e3", "1000"],
    [{ type: "Input.Number" }, "+1", "1"],
    [{ type: "Input.Number" }, ".5", "0.5"],
    [{ type: "Input.Number" }, 12.5, "12.5"],
    [{ type: "Input.Number", min: 0, max: 10 }, "0", "0"],
    [{ type: "Input.Number", min: 0, max: 10 }, "10", "10"],
    [{ type: "Input.Number", min: "much", max: "" }, "10", "10"],
    [{ type: "Input.Date", min: "2026-01-01", max: "2026-12-31" }, "2026-12-31", "2026-12-31"],
    [{ type: "Input.Date" }, "2026-1-5", "2026-01-05"],
    [{ type: "Input.Date", min: "soon" }, "2026-01-05", "2026-01-05"],
    [{ type: "Input.Time", min: "9:00", max: "17:00" }, "09:00", "09:00"],
    [{ type: "Input.Time", max: "17:00" }, "17:00:00", "17:00"],
    [{ type: "Input.Time" }, "9:30", "09:30"],
    [{ type: "Input.Time" }, "12:05 am", "00:05"],
    [{ type: "Input.Time" }, "2:30 PM", "14:30"],
    [agree, "yes", "yes"],
    [agree, "no", "no"],
    [agree, "true", "yes"],
    [agree, false, "no"],
    [agree, undefined, "no"],
    [agree, "", "no"],
    [{ ...agree, valueOn: "false", valueOff: "true" }, "true", "true"],
    [{ ...agree, valueOn: "false", valueOff: "true", isRequired: true }, "false", "false"],
    [{ ...agree, valueOn: 1, valueOff: 0 }, 1, "1"],
    [{ ...agree, valueOff: "yes", isRequired: true }, "yes", "yes"],
    [choice(), "X L, or so", "X L, or so"],
    [choice(), " S ", "S"],
    [choice({ choices: [{ title: "One", value: 1 }] }), 1, "1"],
    [choice(), "", ""],
    [choice({ choices: undefined, "choices.data": { type: "Data.Query" } }), "anything", "anything"],
    [choice({ "choices.data": { type: "Data.Query" } }), "anything", "anything"],
    [choices(), "ice,brown sugar", "ice,brown sugar"],
    [choices(), "ice, milk,ice", "ice,milk"],
    [choices(), "ice;milk", "ice,milk"],
    [choices(), ",", ""],
    [{ type: "Input.Text", isRequired: true, isVisible: false }, "x", "x"],
  ])("%j allows %j", (fields, given, value) => {
    expect(checkInput(input(fields), given)).toEqual({ kind: "fit", value });
  });

  it("is the bot's own in a hidden input, and nothing has to be filled in there", () => {
    const hidden = toCardInput({ id: "it", type: "Input.Number", max: 1, value: 5, isRequired: true }, false);
    expect(checkInput(hidden, "5")).toEqual({ kind: "fit", value: "5" });
    expect(checkInput(hidden, "")).toEqual({ kind: "fit", value: "" });
    expect(checkInput(hidden, "6")).toMatchObject({ kind: "misfit" });
  });
});

describe("a value that the card does not allow", () => {
  it.each<[JsonObject, JsonValue | undefined, string]>([
    [{ type: "Input.Text", isRequired: true }, undefined, "is empty"],
    [{ type: "Input.Text", isRequired: true }, " \n ", "is empty"],
    [{ type: "Input.Text" }, ["a"], "is not a text"],
    [{ type: "Input.Text" }, { a: 1 }, "is not a text"],
    [{ type: "Input.Text", maxLength: 3 }, "abcd", "has 4 characters; expected at most 3"],
    [{ type: "Input.Text", maxLength: 1 }, "😀", "has 2 characters; expected at most 1"],
    [{ type: "Input.Text", regex: "^[A-Z]{2}$" }, "ABC", "does not have the form that is asked for"],
    [{ type: "Input.Number", isRequired: true }, "", "is empty; expected a number such as 12.50"],
    [{ type: "Input.Number", min: 0, max: 10 }, "10.01", "is more than 10; expected 0 to 10"],
    [{ type: "Input.Number", min: 0, max: 10 }, -1, "is less than 0; expected 0 to 10"],
    [{ type: "Input.Number", min: 0 }, "-1e1", "is less than 0; expected at least 0"],
    ...[
      "1,234",
      "1.2.3",
      "0x10",
      "Infinity",
      "NaN",
      "1e999",
      "one",
      "1 000",
      "١٢",
      "--1",
      "e3",
      ".",
      ",",
    ].map((given): [JsonObject, JsonValue, string] => [
      { type: "Input.Number" },
      given,
      "is not a number such as 12.50",
    ]),
    [{ type: "Input.Number" }, true, "is not a number such as 12.50"],
    [{ type: "Input.Number" }, ["1"], "is not a number such as 12.50"],
    [
      { type: "Input.Date", min: "2026-01-02" },
      "2026-01-01",
      "is before 2026-01-02; expected 2026-01-02 or later",
    ],
    [
      { type: "Input.Date", max: "2026-01-02" },
      "2026-01-03",
      "is after 2026-01-02; expected 2026-01-02 or earlier",
    ],
    ...["2026-04-31", "31.01.2026", "1/31/2026", "2026-01-31T00:00:00Z", "tomorrow", "26-01-31"].map(
      (given): [JsonObject, JsonValue, string] => [
        { type: "Input.Date" },
        given,
        "is not a date such as 2026-01-31",
      ],
    ),
    [{ type: "Input.Time", min: "09:00", max: "17:00" }, "8:59", "is before 09:00; expected 09:00 to 17:00"],
    [{ type: "Input.Time", min: "09:00", max: "17:00" }, "17:01", "is after 17:00; expected 09:00 to 17:00"],
    ...["24:00", "9:60", "09:30:15", "13:00 pm", "0:30 am", "930"].map(
      (given): [JsonObject, JsonValue, string] => [
        { type: "Input.Time" },
        given,
        "is not a time such as 14:30",
      ],
    ),
    [agree, "perhaps", "is not yes or no"],
    [agree, "YES", "is not yes or no"],
    [agree, ["yes"], "is not yes or no"],
    [{ ...agree, isRequired: true }, "no", "has to be on; expected yes"],
    [{ ...agree, isRequired: true }, undefined, "has to be on; expected yes"],
    [choice(), "zzz", "is not among the choices; expected one of Small, Very large"],
    [choice(), "Small", "is not among the choices; expected one of Small, Very large"],
    [choice({ style: "filtered" }), "zzz", "is not among the choices; expected one of Small, Very large"],
    [choice({ isRequired: true }), "", "is empty; expected one of Small, Very large"],
    [choice({ choices: [] }), "zzz", "is not among the choices; expected one of the choices"],
    [
      choices(),
      "ice,coal",
      "has something that is not among the choices; expected some of MILK, BROWN SUGAR, ICE",
    ],
    [choices({ isRequired: true }), ",", "is empty; expected some of MILK, BROWN SUGAR, ICE"],
    [
      choices(),
      ["ice"],
      "has something that is not among the choices; expected some of MILK, BROWN SUGAR, ICE",
    ],
  ])("%j does not allow %j", (fields, given, problem) => {
    expect(checkInput(input(fields), given)).toEqual({ kind: "misfit", problem });
  });

  it("is not checked further once the expressions of a click have used up their time", () => {
    const slow = input({ type: "Input.Text", regex: "^(a+)+$" });
    const left = { ms: 1 };
    const hostile = `${"a".repeat(60)}!`;
    expect(checkInput(slow, hostile, left)).toMatchObject({ kind: "misfit", isUnchecked: true });
    expect(left.ms).toBeLessThan(0);
    expect(checkInput(input({ type: "Input.Text", regex: "^b$" }), "b", left)).toMatchObject({
      isUnchecked: true,
    });
  });
});

describe("all values of a rule", () => {
  const scalar = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const any = fc.oneof(scalar, fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
  const inputs: readonly JsonObject[] = [
    { type: "Input.Text", maxLength: 5 },
    { type: "Input.Number", min: -3, max: 7 },
    { type: "Input.Date", min: "2026-01-01", max: "2026-12-31" },
    { type: "Input.Time", min: "08:00", max: "18:00" },
    agree,
    choice(),
    choices(),
  ];

  it.each(inputs)("either do not fit, or are sent back as a client sends them: %j", (fields) => {
    const one = input(fields);
    fc.assert(
      fc.property(any, (given) => {
        const checked = checkInput(one, given);
        if (checked.kind === "misfit") return !checked.problem.includes("undefined");
        expect(checkInput(one, checked.value)).toEqual(checked);
        return true;
      }),
    );
  });

  it("of a number are those from its least to its most", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.double({ noNaN: true }), (a, b, value) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const isWithin = value >= min && value <= max;
        const { kind } = checkInput(input({ type: "Input.Number", min, max }), String(value));
        expect(kind).toBe(isWithin && Number.isFinite(value) ? "fit" : "misfit");
      }),
    );
  });

  it("of several choices are any of them, in any number and order", () => {
    fc.assert(
      fc.property(fc.subarray(TOPPINGS), fc.boolean(), (chosen, isRequired) => {
        const value = chosen.map((one) => one.value).join(",");
        const { kind } = checkInput(input(choices({ isRequired })), value);
        expect(kind).toBe(isRequired && chosen.length === 0 ? "misfit" : "fit");
      }),
    );
  });
});
