import { readInputs } from "../../../../src/core/cards/form/read-inputs";
import type { InputSchema } from "../../../../src/core/contract/input-schema";
import type { JsonValue } from "../../../../src/core/contract/notice";

it.each<[InputSchema[string], JsonValue, unknown]>([
  ["string", " as it came ", " as it came "],
  ["number", "12.50", 12.5],
  ["number", "-3", -3],
  ["number", " 12,50 ", 12.5],
  ["number", "1e3", 1000],
  ["string", 7, "7"],
  ["date", "2026-1-5", new Date("2026-01-05T00:00:00Z")],
  ["time", "9:30", "09:30"],
  ["time", "09:30:00", "09:30"],
  ["number", 7, 7],
  ["integer", "40", 40],
  ["boolean", "true", true],
  ["boolean", "false", false],
  ["boolean", true, true],
  ["date", "2024-02-29", new Date("2024-02-29T00:00:00Z")],
  ["time", "23:59", "23:59"],
  ["list", "a,b", ["a", "b"]],
  [{ type: "number", optional: true }, "5", 5],
])("reads %j from %j", (rule, raw, expected) => {
  expect(readInputs({ field: rule }, { field: raw })).toEqual({ kind: "fit", inputs: { field: expected } });
});

it.each<[InputSchema[string], JsonValue, string]>([
  ["number", "1,250", "is not a number such as 12.50"],
  ["number", "0x10", "is not a number"],
  ["number", "Infinity", "is not a number"],
  ["number", "9".repeat(400), "is not a number"],
  ["number", "", "is empty; expected a number"],
  ["number", null, "is empty"],
  ["integer", "1.5", "is not a whole number"],
  ["integer", "9007199254740993", "is not a whole number"],
  ["boolean", "perhaps", "is not yes or no"],
  ["date", "2026-04-31", "is not a date such as"],
  ["date", "31.01.2026", "is not a date"],
  ["time", "24:00", "is not a time"],
  ["list", ["a"], "is not one or more choices"],
  ["string", { a: 1 }, "is not a text"],
  [{ type: "date", optional: true }, "tomorrow", "is not a date"],
])("refuses as %j: %j", (rule, raw, problem) => {
  expect(readInputs({ field: rule }, { field: raw })).toEqual({
    kind: "misfit",
    problems: [{ id: "field", label: "field", problem: expect.stringContaining(problem) }],
  });
});

it("leaves out what is optional and empty, and what the schema does not name", () => {
  const schema = { note: { type: "string", optional: true }, amount: "number" } as const;
  expect(readInputs(schema, { note: "", amount: "1", action: "pay" })).toEqual({
    kind: "fit",
    inputs: { amount: 1 },
  });
});

it("tells everything that does not fit at once, by its label", () => {
  const schema = { amount: { type: "number", label: "Amount" }, day: "date", toString: "string" } as const;
  expect(readInputs(schema, { amount: "much" })).toMatchObject({
    kind: "misfit",
    problems: [{ id: "amount", label: "Amount" }, { id: "day", label: "day" }, { id: "toString" }],
  });
});
