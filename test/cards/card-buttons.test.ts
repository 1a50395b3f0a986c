// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCards } from "../../src/cards/load";
import { type Bot, defineBot } from "../../src/core/contract/bot";
import type { InputSchema } from "../../src/core/contract/input-schema";
import { buildBot } from "../../src/core/handle/build-bot";
import { findUnlinkedNames } from "../../src/core/handle/unlinked-names";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellhop-cards-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const YES_NO = { type: "Input.Toggle", id: "agree", title: "I agree", valueOn: "yes", valueOff: "no" };
const SEND = { type: "Action.Submit", title: "Send", data: { action: "send" } };
const PICK = {
  type: "Input.ChoiceSet",
  id: "pick",
  choices: [
    { title: "One", value: "1" },
    { title: "Two", value: "2" },
  ],
};

function card(name: string, body: unknown, actions: readonly unknown[] = [SEND]): void {
  const content = { type: "AdaptiveCard", version: "1.3", fallbackText: "x", body, actions };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(content, undefined, 1));
}

/** The warnings at a start, of a bot whose action "send" has this schema. */
function warningsOf(inputs: InputSchema): readonly string[] {
  const setup = (bot: Bot): void => bot.action("send", { inputs }, () => {});
  const all = findUnlinkedNames([buildBot("a", defineBot(setup))], loadCards(folder));
  return all.map((warning) =>
    warning.replace(/^\S+card-buttons\.test\.ts:\d+: /, "").replaceAll(`${folder}/`, ""),
  );
}

describe("a schema that fits its card", () => {
  it.each<[string, unknown, InputSchema[string]]>([
    ["a toggle as a boolean", YES_NO, "boolean"],
    ["a toggle as its value", YES_NO, "string"],
    ["choices that are numbers", PICK, "integer"],
    ["several choices as a list", { ...PICK, isMultiSelect: true }, "list"],
    ["choices that are filled in", { ...PICK, choices: [{ title: "${t}", value: "${v}" }] }, "number"],
    ["choices that are not known", { ...PICK, choices: "${all}" }, "number"],
    ["a number", { type: "Input.Number", id: "n" }, "integer"],
    ["a date", { type: "Input.Date", id: "d" }, { type: "date", optional: true }],
    ["an input that is nested", { type: "Container", items: [{ type: "Input.Time", id: "t" }] }, "time"],
    ["an input of an unknown id", { type: "Input.Text", id: "${id}" }, { type: "date" }],
    ["elements that are not known", "${elements}", "date"],
  ])("has nothing to report: %s", (_what, element, entry) => {
    card("form", Array.isArray(element) || typeof element === "string" ? [element] : [element]);
    const id = /"id":"(\w+)"/.exec(JSON.stringify(element))?.[1] ?? "any";
    expect(warningsOf({ [id]: entry })).toEqual([]);
  });

  it("reads the data of its button", () => {
    card("form", [], [{ ...SEND, data: { action: "send", page: 1 } }]);
    expect(warningsOf({ page: "integer" })).toEqual([]);
  });

  it("reads what only some of its cards have, if it is optional", () => {
    card("long", [YES_NO, PICK]);
    card("short", [YES_NO]);
    expect(warningsOf({ agree: "boolean", pick: { type: "string", optional: true } })).toEqual([]);
    expect(warningsOf({ pick: "string" })).toEqual([
      'bot.action("send") reads the input "pick", which the button at short.json:19 does not send',
    ]);
  });
});

describe("a schema that cannot fit its card", () => {
  it.each<[string, unknown, InputSchema, string]>([
    [
      "a number for a text",
      { type: "Input.Text", id: "n" },
      { n: "number" },
      "as number, but form.json:6 is an Input.Text",
    ],
    [
      "a boolean for a number",
      { type: "Input.Number", id: "n" },
      { n: "boolean" },
      "as boolean, but form.json:6 is an Input.Number",
    ],
    [
      "a time for a date",
      { type: "Input.Date", id: "n" },
      { n: "time" },
      "as time, but form.json:6 is an Input.Date",
    ],
    [
      "a number for a toggle",
      { ...YES_NO, id: "n" },
      { n: "number" },
      "as number, but form.json:6 is an Input.Toggle",
    ],
    [
      "a list for a text",
      { type: "Input.Text", id: "n" },
      { n: "list" },
      "as list, but form.json:6 is an Input.Text",
    ],
    [
      "several choices as a number",
      { ...PICK, id: "n", isMultiSelect: true },
      { n: { type: "number", optional: true } },
      "as number, but form.json:6 is an Input.ChoiceSet",
    ],
  ])("is reported with the places of both: %s", (_what, element, schema, warning) => {
    card("form", [element]);
    expect(warningsOf(schema)).toEqual([`bot.action("send") reads the input "n" ${warning}`]);
  });

  it.each<InputSchema>([{ agre: "boolean" }, { agre: { type: "boolean", optional: true } }])(
    "is reported with the id that was meant: %j",
    (schema) => {
      card("form", [YES_NO]);
      expect(warningsOf(schema)).toEqual([
        'bot.action("send") reads the input "agre", which the button at form.json:19 does not send. Did you mean "agree"?',
      ]);
    },
  );

  it("is reported for a button that sends no inputs", () => {
    card("form", [YES_NO], [{ ...SEND, associatedInputs: "none" }]);
    expect(warningsOf({ agree: "boolean" })).toEqual([expect.stringContaining("does not send")]);
  });
});
