// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareTemplate } from "../../src/cards/template";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";
import { tempDir } from "../inbox/temp-dir";
import { runCommand } from "../program";

// By require: its types are made of another package's sources, which this compiler refuses.
const { Template } = require("adaptivecards-templating") as {
  Template: new (
    template: JsonValue,
  ) => { expand(context: { $root: JsonValue; $host?: JsonValue }): unknown };
};

const people = {
  people: [
    { name: "Ada", age: 36, tags: ["a", "b"] },
    { name: "Grace", age: 85, tags: [] },
  ],
};

const PAIRS: readonly (readonly [string, JsonObject, JsonObject, JsonValue?])[] = [
  ["a text", { a: "Hello ${name}!" }, { name: "Ada" }],
  ["a number alone", { a: "${n}" }, { n: 12.5 }],
  ["a number in a text", { a: "${n} EUR" }, { n: 1234567.5 }],
  ["a large number", { a: "${n} ${m}" }, { n: 1e21, m: 1e-7 }],
  ["a truth value", { a: "${yes}", b: "${!yes}" }, { yes: false }],
  ["an object", { a: "${o}" }, { o: { b: [1, { c: null }] } }],
  ["a list", { a: "${l}" }, { l: [1, "two", null] }],
  ["null alone", { a: "${n}" }, { n: null }],
  ["nested fields", { a: { b: [{ c: "${o.p[1].q}" }] } }, { o: { p: [0, { q: "deep" }] } }],
  ["a field by a text", { a: "${o['a b']}" }, { o: { "a b": 1 } }],
  ["several in one text", { a: "${x}${y} and ${x}" }, { x: "1", y: 2 }],
  ["$data over a list", { items: [{ $data: "${people}", t: "${name} ${age}" }] }, people],
  ["$data that is an object", { o: { $data: "${people[0]}", t: "${name}" } }, people],
  ["$data that is written out", { items: [{ $data: [{ n: 1 }, { n: 2 }], t: "${n}" }] }, {}],
  ["$index", { items: [{ $data: "${people}", t: "${$index}: ${name}" }] }, people],
  [
    "$root in a list",
    { items: [{ $data: "${people}", t: "${$root.title} ${name}" }] },
    { ...people, title: "Dr" },
  ],
  ["$data as a value", { items: [{ $data: "${people[0].tags}", t: "${$data}" }] }, people],
  [
    "lists within lists",
    { items: [{ $data: "${people}", tags: [{ $data: "${tags}", t: "${$data}" }] }] },
    people,
  ],
  ["an empty list", { items: [{ $data: "${none}", t: "a" }, { t: "b" }] }, { none: [] }],
  ["$when that holds", { items: [{ $when: "${n > 1}", t: "a" }] }, { n: 2 }],
  ["$when that does not", { items: [{ $when: "${n > 1}", t: "a" }, { t: "b" }] }, { n: 1 }],
  ["$when in a list", { items: [{ $data: "${people}", $when: "${age < 40}", t: "${name}" }] }, people],
  [
    "$when as a truth value",
    {
      items: [
        { $when: "${yes}", t: "a" },
        { $when: "${no}", t: "b" },
      ],
    },
    { yes: true, no: false },
  ],
  ["if()", { a: "${if(n == 1, 'one', 'many')}" }, { n: 2 }],
  [
    "text functions",
    { a: "${toUpper(s)} ${length(s)} ${substring(s, 1, 2)} ${replace(s, 'a', 'o')}" },
    { s: "banana" },
  ],
  ["list functions", { a: "${count(l)} ${join(l, ', ')} ${first(l)} ${last(l)}" }, { l: ["a", "b"] }],
  ["number functions", { a: "${n + 1} ${n * 2} ${formatNumber(n, 2, 'en-US')} ${round(n)}" }, { n: 1234.5 }],
  ["date functions", { a: "${formatDateTime(d, 'yyyy-MM-dd')}" }, { d: "2026-01-31T10:00:00Z" }],
  ["logic", { a: "${and(x, not(y))} ${or(y, x)} ${x == y} ${exists(z)}" }, { x: true, y: false }],
  ["json()", { a: "${json(s)}" }, { s: '{"b":1}' }],
  ["an escaped expression", { a: "\\${name} ${name}" }, { name: "Ada" }],
  ["dollar signs and braces", { a: "$5 {b} $${n}" }, { n: 5 }],
  ["expressions in data", { a: "${evil}", b: "x ${evil}" }, { evil: "${1+1} `x` $when" }],
  ["quotes and line breaks in data", { a: "<${s}>" }, { s: '"it\'s"\n\\ü😀' }],
  ["quotes in an expression", { a: "${concat('a', \"b\")}" }, {}],
  ["$host", { a: "${$host.theme}", b: "${name}" }, { name: "Ada" }, { theme: "dark" }],
  ["no expression at all", { a: "plain ` text", n: 1, t: true, z: null, l: [] }, { a: 1 }],
];

/** What is sent has nothing in the place of what was dropped; the library leaves null there. */
const LEFT_OVERS = new Set(["null alone", "an object", "a list", "no expression at all"]);

function own([, template, data, host]: (typeof PAIRS)[number]): unknown {
  const expanded: unknown = new Template(template).expand(
    host === undefined ? { $root: data } : { $root: data, $host: host },
  );
  return JSON.parse(JSON.stringify(expanded));
}

describe("what `bellhop cards expand` prints is what the library makes of it", () => {
  let folder: string;
  beforeAll(() => {
    folder = tempDir();
  });

  it.each(PAIRS.map((pair, index) => [pair[0], index, pair] as const))("%s", async (_, index, pair) => {
    const [, template, data, host] = pair;
    const write = (name: string, content: JsonValue): string => {
      writeFileSync(join(folder, `${index}.${name}.json`), JSON.stringify(content));
      return `${index}.${name}.json`;
    };
    const files = [write("template", template), write("data", data)];
    const flags = host === undefined ? [] : ["--host", write("host", host)];
    const { stdout } = await runCommand(["cards", "expand", ...files, ...flags, "--json"], {}, folder);
    expect(JSON.parse(stdout)).toEqual(own(pair));
  });
});

describe("what is sent is what the library makes of it", () => {
  it.each(PAIRS.filter(([name]) => !LEFT_OVERS.has(name)).map((pair) => [pair[0], pair] as const))(
    "%s",
    (_, pair) => {
      const [, template, data, host] = pair;
      expect(prepareTemplate(template)(data, host).content).toEqual(own(pair));
    },
  );
});
