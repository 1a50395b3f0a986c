// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCardFile } from "../../src/cards/card-file";
import { loadCards } from "../../src/cards/load";
import { examine } from "../../src/cards/validate-all";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bellhop findings-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const text = (more: JsonObject = {}): JsonObject => ({ type: "TextBlock", text: "a", ...more });
const card = (body: JsonValue, more: JsonObject = {}): JsonObject => ({
  type: "AdaptiveCard",
  version: "1.3",
  fallbackText: "a card",
  ...more,
  body,
});

/** Everything that is found in a card with its sample data: line, severity, code, and the sentence. */
function examined(content: JsonValue, sample?: JsonObject) {
  const file = join(dir, "a.json");
  writeFileSync(file, JSON.stringify(content, undefined, 1));
  const dataFile = join(dir, "a.data.json");
  rmSync(dataFile, { force: true });
  if (sample !== undefined) writeFileSync(dataFile, JSON.stringify(sample));
  return examine(readCardFile(file, dir));
}

function found(content: JsonValue, sample?: JsonObject): string[] {
  return examined(content, sample).findings.map(
    ({ severity, code, line, message, remedy }) => `${line} ${severity} ${code}: ${message}; ${remedy}`,
  );
}

const codes = (content: JsonValue, sample?: JsonObject): string[] =>
  examined(content, sample).findings.map(({ severity, code }) => `${severity} ${code}`);

describe("a $when that is not a condition", () => {
  it.each<[JsonValue, string]>([
    [true, "is true, not an expression, so the element is never shown"],
    [false, "is false, not an expression, so the element is always shown"],
    [null, "is null, not an expression, so the element is always shown"],
    [0, "is 0, not an expression, so the element is always shown"],
    [1, "is 1, not an expression, so the element is never shown"],
    ["", 'is the text "" without ${ }, so the element is always shown'],
    ["true", 'is the text "true" without ${ }, so the element is never shown; write "${true}"'],
    ["false", 'is the text "false" without ${ }, so the element is never shown'],
    ["a == 1", 'is the text "a == 1" without ${ }, so the element is never shown; write "${a == 1}"'],
    ["\\${a}", "without ${ }, so the element is never shown"],
    ["if ${a}", "has text around the expression"],
    ["${a} ", "has text around the expression"],
    ["${a}${a}", "has text around the expression"],
    ["${true}", "is a constant"],
    ["${'yes'}", "is a constant"],
    [{ a: 1 }, "is an object, not an expression, so the element is never shown"],
    [[], "is a list, not an expression, so the element is never shown"],
    [["${a}"], "is a list, not an expression"],
  ])("is an error with its line: %j", (when, message) => {
    const findings = found(card([text(), text({ $when: when })]), { a: true });
    expect(findings).toEqual([expect.stringContaining(message)]);
    expect(findings[0]).toMatch(/^13 error bad-condition/);
    // The library does the same as the finding says.
    const content = examined(card([text(), text({ $when: when })]), { a: true }).filled?.content;
    expect(content?.body).toHaveLength(message.includes("always") ? 2 : 1);
  });

  it("is found wherever an element can stand, at the start too", () => {
    const content = card(
      [
        {
          type: "RichTextBlock",
          inlines: [
            { type: "TextRun", text: "a" },
            { $when: true, type: "TextRun", text: "b" },
          ],
        },
        {
          type: "FactSet",
          facts: [
            { title: "a", value: "b" },
            { $when: true, title: "c", value: "d" },
          ],
        },
        { type: "ColumnSet", columns: [{ items: [text()] }, { $when: true, items: [text({ $when: 1 })] }] },
        text({ $data: [{ a: 1 }], $when: "yes" }),
      ],
      { actions: [{ $when: true, type: "Action.Submit", title: "a", data: { action: "b" } }] },
    );
    const found = examined(content, {}).findings;
    expect(found.map(({ code, path }) => `${code} ${path.join(".")}`)).toEqual([
      "bad-condition actions.0.$when",
      "bad-condition body.0.inlines.1.$when",
      "bad-condition body.1.facts.1.$when",
      "bad-condition body.2.columns.1.$when",
      "bad-condition body.2.columns.1.items.0.$when",
      "bad-condition body.3.$when",
    ]);
    expect(() => loadCards(dir)).toThrow("is true, not an expression");
  });
});

describe("a $when that is not true or false with the sample data", () => {
  it.each<[string, JsonValue, string]>([
    ["${v}", "A title", 'comes to the text "A title"'],
    ["${v}", "true", 'comes to the text "true"'],
    ["${v}", "", 'comes to the text ""'],
    ["${v}", 5, "comes to the number 5"],
    ["${v}", 0, "comes to the number 0"],
    ["${v}", null, "comes to null"],
    ["${v}", [1], "comes to a list"],
    ["${v}", { a: 1 }, "comes to an object"],
    ["${length(v)}", "abc", "comes to the number 3"],
    ["${if(v, 'x', 'y')}", true, 'comes to the text "x"'],
    ["${v > 5}", "many", "cannot be evaluated with this data"],
  ])("is a warning with its line: %s of %j", (when, v, message) => {
    const findings = found(card([text(), text({ $when: when })]), { v });
    expect(findings).toEqual([expect.stringContaining(message)]);
    expect(findings[0]).toMatch(/^13 warning bad-condition/);
  });

  it.each<[string, JsonObject]>([
    ["${v}", { v: true }],
    ["${v}", { v: false }],
    ["${v == null}", {}],
    ["${exists(v)}", {}],
    ["${exists(v) && v.a == 1}", {}],
    ["${!exists(v) || v.a == 1}", {}],
    ["${not(empty(v))}", {}],
    ["${if(exists(v), v == 1, false)}", {}],
    ["${coalesce(v, true)}", {}],
    ["${count(where(v, x, x.a > 1)) > 0}", { v: [{ a: 2 }] }],
    ["${$host.theme == 'dark' || v}", { v: true, $host: {} }],
  ])("is nothing where it is one: %s", (when, data) => {
    const findings = found(card([text(), text({ $when: when })]), data);
    expect(findings.filter((one) => !one.includes("$host"))).toEqual([]);
  });

  it.each<[string, string]>([
    ["${titel}", "titel"],
    ["${titel == 'A title'}", "titel"],
    ["${titel != ''}", "titel"],
    ["${!titel}", "titel"],
    ["${not(titel)}", "titel"],
    ["${length(titel) > 3}", "titel"],
    ["${title == 'x' || titel == 'y'}", "titel"],
    ["${exists(title) && titel == 'y'}", "titel"],
    ["${user.nmae == 'x'}", "user.nmae"],
    ["${if(titel == 'A', true, false)}", "titel"],
  ])("names the field that the data does not have: %s", (when, field) => {
    const findings = found(card([text(), text({ $when: when })]), { title: "A title", user: { name: "b" } });
    const meant = field === "titel" ? "title" : "user.name";
    expect(findings).toEqual([
      expect.stringContaining(`the data has no "${field}"; did you mean "${meant}"? Otherwise pass it`),
    ]);
    expect(findings[0]).toMatch(/^13 warning missing-field/);
  });

  it("names it in each item that is repeated once", () => {
    const findings = found(card([text({ $data: "${list}", $when: "${nmae == 'x'}" })], {}), {
      list: [{ name: "x" }, { name: "y" }],
    });
    expect(findings).toEqual([expect.stringContaining('the data has no "nmae"; did you mean "name"?')]);
  });

  it("is not known without sample data", () => {
    expect(found(card([text(), text({ $when: "${v}" })]))).toEqual([]);
  });
});

describe("a $data that is not a list or an object", () => {
  it.each<[JsonValue, string, string]>([
    [
      "items",
      "error",
      'is the text "items" without ${ }, not a list or an object of the data; write "${items}"',
    ],
    ["${items} ", "error", "has text around the expression"],
    [5, "error", "is 5; expected a list or an object"],
    [true, "error", "is true; expected a list or an object"],
    [null, "error", "is null; expected a list or an object"],
    [[], "error", "is an empty list, so the element is never shown"],
    [{ a: "${name}" }, "error", "has an expression within a list or an object"],
    ["${name}", "warning", 'comes to the text "Ada"; expected a list or an object'],
    ["${n}", "warning", "comes to the number 5; expected a list or an object"],
    ["${none}", "warning", "comes to null; expected a list or an object"],
    ["${empty}", "warning", "the list is empty, so the element is not shown"],
    ["${itmes}", "error", 'the data has no "itmes"; did you mean "items"?'],
  ])("is found: %j", (data, severity, message) => {
    const findings = found(card([text(), text({ $data: data })]), {
      name: "Ada",
      n: 5,
      none: null,
      empty: [],
      items: [1],
    });
    expect(findings).toEqual([expect.stringContaining(message)]);
    expect(findings[0]).toMatch(new RegExp(`^13 ${severity}`));
  });

  it("may be null or missing behind a $when", () => {
    const guarded = { $data: "${list}", $when: "${exists(list)}" };
    expect(found(card([text(), text(guarded)]), {})).toEqual([]);
  });

  it("does not repeat the card itself", () => {
    expect(codes({ ...card([text()]), $data: "${list}" }, { list: [{}, {}] })).toEqual(["error bad-repeat"]);
  });
});

describe("an expression that cannot work", () => {
  it.each<[string, string]>([
    ["${toUper(a)}", 'there is no function "toUper", did you mean "toUpper"?'],
    ["${if(false, shout(a), a)}", 'there is no function "shout"'],
    ["${toUpper()}", "toUpper() should have at least 1 children"],
    ["${length(a, 1)}", "this expression cannot be read"],
    ["${a +}", "this expression cannot be read: ${a +}"],
  ])("is an error without sample data too: %s", (expression, message) => {
    for (const sample of [undefined, { a: "x" }])
      for (const element of [text({ text: expression }), text({ $when: expression })])
        expect(found(card([element]), sample)).toEqual([expect.stringContaining(message)]);
  });
});

describe("one problem", () => {
  const bad = text({ weight: "bold" });
  it.each<[string, JsonValue, JsonObject | undefined, string[]]>([
    ["of a literal value", card([bad], { version: "1.5" }), {}, ["error wrong-version", "error wrong-value"]],
    ["beside an expression", card([{ ...bad, text: "${a}" }]), { a: "x" }, ["error wrong-value"]],
    ["in a repeated element", card([{ ...bad, $data: "${l}" }]), { l: [1, 2, 3] }, ["error wrong-value"]],
    [
      "behind an element that is left out",
      card([text({ $when: "${no}" }), bad]),
      { no: false },
      ["error wrong-value"],
    ],
    ["that the data brings", card([text({ weight: "${w}" })]), { w: "bold" }, ["error wrong-value"]],
    [
      "that each item of the data brings",
      card([text({ $data: "${l}", weight: "${w}" })]),
      { l: [{ w: "bold" }, { w: "fat" }] },
      ["error wrong-value"],
    ],
    [
      "of an attachment that was pasted",
      { contentType: "application/vnd.microsoft.card.adaptive", content: card([bad]) },
      {},
      ["error pasted-attachment"],
    ],
    [
      "of a message that was pasted",
      { roomId: "a", attachments: [{ content: card([bad]) }] },
      undefined,
      ["error pasted-attachment"],
    ],
    ["of a list with a card in it", [card([])], undefined, ["error pasted-attachment"]],
    [
      "of a container whose only element is never shown",
      card([{ type: "Container", items: [text({ $when: true })] }]),
      {},
      ["error bad-condition"],
    ],
    [
      "of a card without a text",
      card([{ type: "Image", url: "https://a.example/" }], { fallbackText: "" }),
      {},
      ["warning no-fallback-text"],
    ],
    [
      "of two names in one text",
      card([text({ text: "${a} ${b} ${a}" })]),
      {},
      ["error missing-field", "error missing-field"],
    ],
  ])("is one finding: %s", (_, content, sample, expected) => {
    expect(codes(content, sample)).toEqual(expected);
  });

  it("has the line of the template, in a part the part's own", () => {
    writeFileSync(join(dir, "_part.json"), JSON.stringify([text(), text({ size: "${size}" })], undefined, 1));
    const { findings } = examined(card([{ $include: "_part.json" }]), { size: "huge" });
    expect(findings.map(({ file, line, message }) => [file, line, message])).toEqual([
      [join(dir, "_part.json"), 9, 'is "huge", once it is filled'],
    ]);
    rmSync(join(dir, "_part.json"));
  });
});

describe("an element that comes out empty", () => {
  it.each<[string, JsonObject, string]>([
    [
      "a FactSet",
      { type: "FactSet", facts: [{ $data: "${l}", title: "a", value: "b" }] },
      "warning empty-element",
    ],
    [
      "a ColumnSet",
      { type: "ColumnSet", columns: [{ $data: "${l}", items: [text()] }] },
      "warning empty-element",
    ],
    [
      "an ImageSet",
      { type: "ImageSet", images: [{ $data: "${l}", url: "https://a.example/" }] },
      "warning empty-element",
    ],
    ["a Container", { type: "Container", items: [text({ $data: "${l}" })] }, "warning empty-element"],
    [
      "a Container of conditions",
      { type: "Container", items: [text({ $when: "${no}" })] },
      "warning empty-element",
    ],
    [
      "a RichTextBlock",
      { type: "RichTextBlock", inlines: [{ $data: "${l}", text: "a" }] },
      "warning empty-element",
    ],
    [
      "an ActionSet",
      {
        type: "ActionSet",
        actions: [{ $data: "${l}", type: "Action.OpenUrl", title: "a", url: "https://a.example/" }],
      },
      "warning empty-element",
    ],
    ["a list of the data", { type: "FactSet", facts: "${l}" }, "warning empty-element"],
    [
      "choices",
      { type: "Input.ChoiceSet", id: "a", choices: [{ $data: "${l}", title: "a", value: "b" }] },
      "error empty-element",
    ],
    ["choices in the template", { type: "Input.ChoiceSet", id: "a", choices: [] }, "error empty-element"],
    ["a FactSet in the template", { type: "FactSet", facts: [] }, "warning empty-element"],
  ])("is one finding: %s", (_, element, expected) => {
    expect(codes(card([text(), element]), { l: [], no: false })).toEqual([expected]);
  });
});

describe("an input that cannot work", () => {
  const choices = [
    { title: "Small", value: "s" },
    { title: "Large", value: "l" },
  ];
  const set = (more: JsonObject): JsonObject => ({ type: "Input.ChoiceSet", id: "a", choices, ...more });
  it.each<[JsonObject, string]>([
    [
      set({ value: "0" }),
      'warning unknown-choice: is not among the choices, so it is not chosen: "0"; the choices are "s", "l"',
    ],
    [set({ value: "S" }), 'warning unknown-choice: is not among the choices, so it is not chosen: "S"'],
    [
      set({ value: "s,x", isMultiSelect: true }),
      'warning unknown-choice: is not among the choices, so it is not chosen: "x"',
    ],
    [set({ value: "s, l", isMultiSelect: true }), 'so it is not chosen: " l"'],
    [
      set({ value: "${v}" }),
      'warning unknown-choice: is not among the choices, so it is not chosen: "other"',
    ],
    [
      { type: "Input.Toggle", id: "a", title: "b", value: "yes" },
      'unknown-choice: is not among the choices, so it is not chosen: "yes"',
    ],
    [
      set({ choices: [...choices, { title: "Huge", value: "l" }] }),
      "warning same-choice: is the value of choices[1] too",
    ],
    [set({ choices: [...choices, { title: "None", value: "" }] }), "warning same-choice: is empty"],
    [
      { type: "Input.Toggle", id: "a", title: "b", valueOn: "x", valueOff: "x" },
      "warning same-choice: on and off send the same value",
    ],
    [{ type: "Input.Toggle", id: "a", title: "b", valueOff: "true" }, "warning same-choice: on and off"],
    [{ type: "Input.Number", id: "a", min: 5, max: 1 }, "error bad-limits"],
    [{ type: "Input.Date", id: "a", min: "2026-02-01", max: "2026-01-01" }, "error bad-limits"],
    [{ type: "Input.Time", id: "a", min: "10:00", max: "09:00" }, "error bad-limits"],
    [{ type: "Input.Number", id: "a", max: 1, value: 2 }, 'warning outside-limits: 2 is more than "max"'],
    [{ type: "Input.Date", id: "a", min: "2026-02-01", value: "2026-01-01" }, 'is less than "min"'],
    [{ type: "Input.Text", id: "a", maxLength: 2, value: "abc" }, 'has 3 characters, and "maxLength" is 2'],
    [{ type: "Input.Text", id: "a", regex: "^x", value: "abc" }, 'does not match "regex"'],
    [
      { type: "Input.Text", id: "a", isRequired: true },
      'no-error-text: it is required and has no "label" and no "errorMessage"',
    ],
    [{ type: "Input.Date", id: "a", min: "6/1/2020" }, "warning wrong-value"],
    [{ type: "Input.Date", id: "a", max: "tomorrow" }, "warning wrong-value"],
    [{ type: "Input.Date", id: "a", value: "${v}" }, "warning wrong-value"],
    [{ type: "Input.Time", id: "a", min: "9:00 AM" }, "warning wrong-value"],
    [{ type: "Input.Time", id: "a", value: "9:00" }, "warning wrong-value"],
  ])("is one finding: %j", (input, expected) => {
    expect(found(card([input]), { v: "other" })).toEqual([expect.stringContaining(expected)]);
  });

  it("is nothing where a preset is a choice", () => {
    const content = card([
      set({ value: "s" }),
      set({ id: "b", value: "l,s", isMultiSelect: true }),
      set({ id: "c", value: "" }),
    ]);
    expect(found(content, {})).toEqual([]);
  });
});

describe("a button that reaches no handler", () => {
  const submit = (more: JsonObject): JsonObject => ({ type: "Action.Submit", title: "a", ...more });
  const within = (action: JsonObject): JsonObject =>
    card([text()], {
      actions: [
        {
          type: "Action.ShowCard",
          title: "b",
          card: { type: "AdaptiveCard", body: [text()], actions: [action] },
        },
      ],
    });
  it.each<[string, JsonObject, string]>([
    ["without data", card([text()], { actions: [submit({})] }), "warning no-action-name"],
    ["with empty data", card([text()], { actions: [submit({ data: {} })] }), "warning no-action-name"],
    [
      "with a number as its action",
      card([text()], { actions: [submit({ data: { action: 5 } })] }),
      "warning no-action-name",
    ],
    [
      "with an empty action",
      card([text()], { actions: [submit({ data: { action: " " } })] }),
      "warning no-action-name",
    ],
    ["with a text as data", card([text()], { actions: [submit({ data: "hello" })] }), "error wrong-value"],
    ["with a number as data", card([text()], { actions: [submit({ data: 5 })] }), "error wrong-value"],
    ["with a list as data", card([text()], { actions: [submit({ data: ["a"] })] }), "error wrong-value"],
    [
      "with a text as data that is filled in",
      card([text()], { actions: [submit({ data: "${v}" })] }),
      "error wrong-value",
    ],
    ["in a card that unfolds", within(submit({})), "warning no-action-name"],
    ["in a set of buttons", card([{ type: "ActionSet", actions: [submit({})] }]), "warning no-action-name"],
    [
      "as what is clicked",
      card([{ type: "Container", items: [text()], selectAction: { type: "Action.Submit" } }]),
      "warning no-action-name",
    ],
    [
      "of a later version",
      card([text()], { actions: [{ type: "Action.Execute", title: "a", verb: "b" }] }),
      "error later-type",
    ],
    [
      "to no page",
      card([text()], { actions: [{ type: "Action.OpenUrl", title: "a" }] }),
      "error missing-property",
    ],
    ...[
      "",
      "page.html",
      "/a",
      "example.com:80/a",
      "localhost:3000",
      "javascript:a()",
      " javascript:a()",
      "java\nscript:a()",
      "data:text/html,a",
      "${v}",
    ].map((url): [string, JsonObject, string] => [
      `to ${JSON.stringify(url)}`,
      card([text()], { actions: [{ type: "Action.OpenUrl", title: "a", url }] }),
      "error wrong-value",
    ]),
    [
      "that shows nothing",
      card([text()], { actions: [{ type: "Action.ToggleVisibility", title: "a", targetElements: [] }] }),
      "warning empty-element",
    ],
    [
      "that shows what is not there",
      card([text({ id: "b" })], {
        actions: [{ type: "Action.ToggleVisibility", title: "a", targetElements: ["c"] }],
      }),
      "warning unknown-target",
    ],
    [
      "that is hidden for good",
      card([text(), { type: "ActionSet", isVisible: false, actions: [submit({ data: { action: "a" } })] }]),
      "warning never-shown",
    ],
    [
      "whose data hides an input",
      card([{ type: "Input.Text", id: "action" }], { actions: [submit({ data: { action: "a" } })] }),
      "warning shadowed-input",
    ],
  ])("is one finding: %s", (_, content, expected) => {
    expect(codes(content, { v: "hello" })).toEqual([expected]);
  });
});

it("an element and another one with the same id are a warning, two inputs an error", () => {
  expect(codes(card([text({ id: "a" }), text({ id: "a" })]))).toEqual(["warning duplicate-id"]);
  expect(codes(card([text({ id: "a" }), { type: "Input.Text", id: "a" }]))).toEqual(["warning duplicate-id"]);
  expect(
    codes(
      card([
        { type: "Input.Text", id: "a" },
        { type: "Input.Text", id: "a" },
      ]),
    ),
  ).toEqual(["error duplicate-id"]);
});

describe("a card that is sent", () => {
  const render = (data: JsonObject, times = 1): string[] => {
    writeFileSync(
      join(dir, "a.json"),
      JSON.stringify(
        card([text(), text({ $when: "${title}" }), text({ $data: "${list}", text: "${$data}" })]),
        undefined,
        1,
      ),
    );
    rmSync(join(dir, "a.data.json"), { force: true });
    const cards = loadCards(dir);
    const warnings: string[] = [];
    for (let time = 0; time < times; time++) cards.render("a", data, (warning) => warnings.push(warning));
    return warnings;
  };

  it("is sent without the element, and the warning has its line and no data", () => {
    const warnings = render({ title: "hush", list: ["a"] }, 3);
    expect(warnings).toEqual([
      expect.stringMatching(/a\.json:13: body\[1\]\.\$when: this condition comes to a text/),
    ]);
    expect(warnings.join()).not.toContain("hush");
  });

  it("is sent without a warning when its conditions hold or its lists are empty", () => {
    expect(render({ title: true, list: [] })).toEqual([]);
  });

  it("is sent with a warning when a condition names a field that is missing", () => {
    expect(render({ titel: true, list: [] })).toEqual([expect.stringContaining('the data has no "title"')]);
  });
});
