// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written

import { formatPath } from "../../src/cards/json-source";
import { prepareTemplate, TemplateError } from "../../src/cards/template";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

/** What a text comes to. */
function text(template: JsonValue, data: JsonObject = {}): unknown {
  const filled = fill({ text: template }, data);
  return typeof filled === "object" && filled !== null && "text" in filled ? filled.text : "nothing";
}

function fill(template: JsonObject, data: JsonObject = {}): JsonValue {
  return prepareTemplate(template)(data).content;
}

interface Wrong {
  readonly missing: readonly { readonly field: string; readonly at: string }[];
  readonly broken: readonly string[];
}

function errorOf(template: JsonObject, data: JsonObject = {}): Wrong {
  try {
    fill(template, data);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return {
      missing: error.missing.map(({ field, path }) => ({ field, at: formatPath(path) })),
      broken: error.broken.map(({ path, problem }) => `${formatPath(path)}: ${problem}`),
    };
  }
  return { missing: [], broken: [] };
}

describe("what is filled in", () => {
  it.each<[string, JsonValue, JsonObject, unknown]>([
    ["a text", "Hello ${name}!", { name: "Ada" }, "Hello Ada!"],
    ["a nested field", "${user.name.first}", { user: { name: { first: "Ada" } } }, "Ada"],
    ["an element of a list", "${items[1].a}", { items: [{ a: 1 }, { a: 2 }] }, 2],
    ["a number, as a number where it stands alone", "${n}", { n: 12.5 }, 12.5],
    ["a number, as it is written, in a text", "${n} EUR", { n: 1234567.5 }, "1234567.5 EUR"],
    ["a boolean", "${yes}", { yes: false }, false],
    ["an object", "${o}", { o: { a: [1] } }, { a: [1] }],
    ["the result of a function", "${toUpper(name)}", { name: "ada" }, "ADA"],
    ["several in one text", "${a}${b} and ${a}", { a: "x", b: "y" }, "xy and x"],
    ["an amount behind a dollar sign", "$${n}", { n: 5 }, "$5"],
    ["an expression with braces in quotes", "${if(true, '}', \"{\")}", {}, "}"],
    ["an empty text", "a${empty}b", { empty: "" }, "ab"],
    ["a text that has no expression", "plain ` text $5 {a}", {}, "plain ` text $5 {a}"],
    ["an escaped expression, as it stands", "\\${name} ${n}", { n: 1 }, "${name} 1"],
  ])("is %s", (_, template, data, expected) => {
    expect(text(template, data)).toEqual(expected);
  });

  it("is never evaluated itself", () => {
    const evil = "${user.secret} ${1+1} `${1}` $when";
    const data = { evil, user: { secret: "hush" }, list: [evil] };
    expect(text("${evil}", data)).toBe(evil);
    expect(text("a ${evil}", data)).toBe(`a ${evil}`);
    expect(fill({ items: [{ $data: "${list}", text: "${$data}" }] }, data)).toEqual({
      items: [{ text: evil }],
    });
    expect(fill({ data: "${o}" }, { o: { a: evil } })).toEqual({ data: { a: evil } });
  });

  it("repeats over a list, with the item, its index and the whole data at hand", () => {
    const template = {
      items: [{ $data: "${people}", text: "${$index}: ${name} of ${$root.total}" }, { text: "end" }],
    };
    expect(fill(template, { people: [{ name: "Ada" }, { name: "Bob" }], total: 2 })).toEqual({
      items: [{ text: "0: Ada of 2" }, { text: "1: Bob of 2" }, { text: "end" }],
    });
  });

  it("is different for each filling of one template", () => {
    const template = prepareTemplate({ text: "Hello ${name}" });
    expect(["Ada", "Bob"].map((name) => template({ name }).content)).toEqual([
      { text: "Hello Ada" },
      { text: "Hello Bob" },
    ]);
  });

  it("leaves the data alone", () => {
    const data = Object.freeze({ o: Object.freeze({ a: null, list: Object.freeze([null, 1]) }) });
    expect(fill({ data: "${o}" }, data)).toEqual({ data: { list: [1] } });
  });
});

describe("null", () => {
  it.each<[string, JsonObject, JsonObject, JsonValue]>([
    ["is empty within a text", { text: "Note: ${n}." }, { n: null }, { text: "Note: ." }],
    [
      "is empty where a text is required",
      { type: "TextBlock", text: "${n}" },
      { n: null },
      { type: "TextBlock", text: "" },
    ],
    [
      "is empty in a fact",
      { facts: [{ title: "a", value: "${n}" }] },
      { n: null },
      { facts: [{ title: "a", value: "" }] },
    ],
    [
      "removes any other property",
      { type: "Input.Number", value: "${n}" },
      { n: null },
      { type: "Input.Number" },
    ],
    ["is no list", { items: [{ $data: "${n}", text: "${a}" }] }, { n: null }, { items: [] }],
    [
      "is absent to exists()",
      { items: [{ $when: "${exists(n)}", text: "${n}" }] },
      { n: null },
      { items: [] },
    ],
  ])("%s", (_, template, data, expected) => {
    expect(fill(template, data)).toEqual(expected);
  });
});

describe("a backtick", () => {
  it.each<[string, unknown]>([
    ["`${n}`", "`5`"],
    ["a ` b ${n}", "a ` b 5"],
    ["```\n${n}\n```", "```\n5\n```"],
    ["\\` ${n}", "\\` 5"],
    ["${'`'} ${n}", "` 5"],
  ])("stays what it is in %j", (template, expected) => {
    expect(text(template, { n: 5 })).toBe(expected);
  });
});

describe("what is dropped", () => {
  it("leaves no null behind", () => {
    const template = {
      items: [
        { $when: "${no}", text: "a" },
        null,
        { text: "b", selectAction: { $when: "${no}", type: "x" } },
      ],
      selectAction: { $when: "${no}", type: "x" },
    };
    expect(fill(template, { no: false })).toEqual({ items: [{ text: "b" }] });
  });

  it("is everything when the whole does not apply", () => {
    expect(fill({ $when: "${no}", text: "a" }, { no: false })).toBeNull();
  });
});

describe("a field that is missing", () => {
  it.each<[string, JsonObject, JsonObject, string, string]>([
    ["alone", { text: "${nmae}" }, { name: "x" }, "nmae", "text"],
    ["in a text", { body: [{ text: "Hi ${nmae}" }] }, { name: "x" }, "nmae", "body[0].text"],
    ["nested", { text: "${user.nmae}" }, { user: { name: "x" } }, "user.nmae", "text"],
    ["below one that is missing", { text: "${usr.name}" }, { user: { name: "x" } }, "usr.name", "text"],
    ["below null", { text: "${user.name}" }, { user: null }, "user.name", "text"],
    ["of the whole data", { text: "${$root.nmae}" }, { name: "x" }, "$root.nmae", "text"],
    ["of a list's item", { text: "x ${items[0].b}" }, { items: [{ a: 1 }] }, "items[0].b", "text"],
    ["named by a text", { text: "${user['nmae']}" }, { user: { name: "x" } }, "user['nmae']", "text"],
    ["in a function", { text: "x ${toUpper(nmae)}" }, { name: "x" }, "nmae", "text"],
    ["in a function that wants a number", { text: "${formatNumber(nmae, 2)}" }, {}, "nmae", "text"],
    [
      "in a repeated object",
      { items: [{ $data: "${list}", text: "${b}" }] },
      { list: [{ a: 1 }] },
      "b",
      "items[0].text",
    ],
    [
      "that is the list itself",
      { items: [{ $data: "${lst}", text: "${a}" }] },
      { list: [] },
      "lst",
      "items[0].$data",
    ],
    ["in the branch that is taken", { text: "${if(exists(a), a, b)}" }, {}, "b", "text"],
    ["in a button's data", { data: { id: "${id}" } }, {}, "id", "data.id"],
  ])("is refused: %s", (_, template, data, field, at) => {
    expect(errorOf(template, data)).toEqual({ missing: [{ field, at }], broken: [] });
  });

  it.each<[string, string, JsonObject, string | undefined]>([
    ["with a letter swapped", "${nmae}", { name: 1, game: 2 }, "name"],
    ["with a letter more, in another case", "${userNamee}", { username: 1 }, "username"],
    ["below an object", "${user.nmae}", { user: { name: 1 } }, "user.name"],
    ["like nothing that is there", "${colour}", { name: 1 }, undefined],
  ])("comes with the field that was meant: %s", (_, template, data, meant) => {
    expect(() => fill({ text: template }, data)).toThrow(
      expect.objectContaining({ missing: [expect.objectContaining({ meant })] }),
    );
  });

  it("comes with the field that was meant, of the item or of the whole data", () => {
    const list = { list: [{ name: "Ada" }], total: 1 };
    const template = { items: [{ $data: "${list}", text: "${nmae} ${totla}" }] };
    expect(() => fill(template, list)).toThrow(
      expect.objectContaining({
        missing: [
          expect.objectContaining({ meant: "name" }),
          expect.objectContaining({ meant: "$root.total" }),
        ],
      }),
    );
  });

  it("is refused with all the others", () => {
    const { missing } = errorOf({ body: [{ text: "${a} ${b}" }, { text: "${b}" }] });
    expect(missing).toEqual([
      { field: "a", at: "body[0].text" },
      { field: "b", at: "body[0].text" },
      { field: "b", at: "body[1].text" },
    ]);
  });

  it.each<[string, JsonObject, JsonValue]>([
    ["$when of the same object", { items: [{ $when: "${exists(a)}", text: "${a}" }] }, { items: [] }],
    [
      "$when of an object around it",
      { items: [{ $when: "${exists(a)}", items: [{ text: "${a.b}" }] }] },
      { items: [] },
    ],
    ["$when that names it alone", { items: [{ $when: "${a}", text: "${a}" }] }, { items: [] }],
    ["$when that compares", { items: [{ $when: "${a == 'x'}", text: "${a}" }] }, { items: [] }],
    [
      "$when beside $data",
      { items: [{ $data: "${a}", $when: "${exists(a)}", text: "${b}" }] },
      { items: [] },
    ],
    ["if(exists())", { text: "Note: ${if(exists(a), a, 'none')}" }, { text: "Note: none" }],
    ["if()", { text: "${if(a, a.b, 'none')}" }, { text: "none" }],
    ["coalesce()", { text: "${coalesce(a, 'none')}" }, { text: "none" }],
  ])("may be missing behind %s", (_, template, expected) => {
    expect(fill(template)).toEqual(expected);
  });
});

describe("an expression that makes no sense", () => {
  it.each<[string, JsonObject, string]>([
    ["unreadable", { body: [{ text: "${a +}" }] }, "body[0].text: this expression cannot be read"],
    [
      "unreadable, in a $when",
      { body: [{ $when: "${a ==}" }] },
      "body[0].$when: this expression cannot be read",
    ],
    [
      "with an unknown function",
      { text: "x ${shout(a)}" },
      "text: this expression cannot be evaluated: shout(a)",
    ],
    ["out of range", { text: "${a[5]}" }, "text: this expression cannot be evaluated: a[5]"],
  ])("is refused with its place: %s", (_, template, problem) => {
    const { missing, broken } = errorOf(template, { a: ["hush"] });
    expect(missing).toEqual([]);
    expect(broken).toEqual([expect.stringContaining(problem)]);
    expect(broken.join()).not.toContain("hush");
  });

  it("does not spoil the next filling", () => {
    const template = prepareTemplate({ text: "${a[0]}" });
    expect(() => template({})).toThrow(TemplateError);
    expect(template({ a: [1] }).content).toEqual({ text: 1 });
  });
});

describe("isMatch in a template", () => {
  const matches = (pattern: string, text: string) =>
    prepareTemplate({ says: `\${isMatch(text, '${pattern}')}` })({ text }).content;

  it("says whether the text matches", () => {
    expect(matches("^a+$", "aa")).toEqual({ says: true });
    expect(matches("(?i)^A+$", "aa")).toEqual({ says: true });
    expect(matches("^a+$", "b")).toEqual({ says: false });
    expect(matches("^a*$", "")).toEqual({ says: true });
  });

  it("cannot be evaluated when it runs out of time", () => {
    expect(() => matches("^(a+)+$", `${"a".repeat(60)}!`)).toThrow(
      "says this expression cannot be evaluated: isMatch(text, '^(a+)+$')",
    );
  });

  it("cannot be read when the pattern cannot be read", () => {
    expect(() => matches("(a", "a")).toThrow("says this expression cannot be read");
  });
});
