// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue } from "../../src/core/contract/notice";
import { tempDir } from "../inbox/temp-dir";
import { type CommandResult, runCommand } from "../program";

let folder: string;
beforeEach(() => {
  folder = tempDir();
  mkdirSync(join(folder, "cards"));
});

function write(name: string, content: JsonValue | string): void {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
}

function cards(...args: string[]): Promise<CommandResult> {
  return runCommand(["cards", ...args], {}, folder);
}

const text = (words: JsonValue): JsonValue => ({ type: "TextBlock", text: words });
const card = (...body: JsonValue[]): JsonValue => ({ type: "AdaptiveCard", version: "1.3", body });

describe("check", () => {
  it("is content with cards that Webex draws", async () => {
    write("cards/a.json", card(text("${name}")));
    write("cards/a.data.json", { name: "Ada" });
    expect(await cards("check")).toEqual({ code: 0, stdout: "1 card: 0 errors, 0 warnings\n", stderr: "" });
  });

  it("tells what is lost as text, when asked", async () => {
    write("cards/a.json", card(text("Hello"), { type: "Image", url: "https://example.com/a.png" }));
    expect(await cards("check")).toMatchObject({ code: 0, stdout: "1 card: 0 errors, 0 warnings\n" });
    const { code, stdout } = await cards("check", "--text");
    expect(code).toBe(0);
    expect(stdout).toContain("as text, the image is left out");
  });

  it("tells all that is wrong with all cards, also of what the sample data comes to", async () => {
    write("cards/a.json", card(text("${name}"), { type: "Table" }));
    write("cards/b.json", card(text("${name}"), { type: "TextBlock", text: "a", size: "${size}" }));
    write("cards/b.data.json", { nmae: "Ada", size: "huge" });
    write("cards/c.data.json", {});
    const { code, stdout } = await cards("check");
    expect([code, stdout.split("\n")]).toEqual([
      1,
      [
        'cards/a.json:9: error: body[1]: "Table" came in with 1.5, Webex draws 1.3; use a ColumnSet for each row',
        expect.stringContaining(
          'cards/b.json:7: error: body[0].text: the data has no "name"; did you mean "nmae"?',
        ),
        expect.stringContaining("cards/c.data.json: error: there is no card of this name"),
        "2 cards: 3 errors, 0 warnings",
        "",
      ],
    ]);
  });

  it("tells what sample data brings into a card, with the line of the template", async () => {
    write("cards/a.json", card({ $data: "${list}", type: "Input.Text", id: "same" }, text("a")));
    write("cards/a.data.json", { list: [1, 2] });
    const { code, stdout } = await cards("check");
    expect(code).toBe(1);
    expect(stdout).toContain(
      'cards/a.json:5: error: body[1]: the id "same" is taken by the input at body[0], once it is filled',
    );
  });

  it("prints a finding a line for programs, and 0 when there are only warnings", async () => {
    write("cards/a.json", card({ type: "ColumnSet", height: "auto", columns: [{ items: [text("a")] }] }));
    const { code, stdout } = await cards("check", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      file: "cards/a.json",
      line: 7,
      path: "body[0].height",
      severity: "warning",
      code: "not-drawn",
      message: "Webex does not promise to heed it in ColumnSet",
      remedy: expect.stringContaining("minHeight"),
    });
  });

  it("looks at the files that are named, at data with its card, and at folders", async () => {
    mkdirSync(join(folder, "more"));
    write("cards/a.json", card(text("a")));
    write("more/b.json", card({ $include: "_part.json" }));
    write("more/_part.json", text("${b}"));
    write("more/b.data.json", { b: 1 });
    expect((await cards("check", "cards/a.json", "more/b.data.json")).stdout).toContain("2 cards: 0 errors");
    expect((await cards("check", "more", "more/b.json")).stdout).toContain("1 card: 0 errors");
  });

  it.each([
    [["cards/none.json"], 3, 'there is no file "cards/none.json"'],
    [["cards/a.txt"], 2, '"cards/a.txt" is no card'],
    [["--jsn"], 2, "unknown option"],
  ])("refuses %j", async (args, code, message) => {
    write("cards/a.txt", "");
    const result = await cards("check", ...args);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  it("says when there is no folder of cards", async () => {
    const result = await runCommand(["cards", "check"], { CARDS_DIR: "none" }, folder);
    expect([result.code, result.stderr]).toEqual([3, expect.stringContaining("CARDS_DIR says")]);
  });
});

describe("expand", () => {
  it("prints what the library makes of it, and what we find beside that", async () => {
    write("a.json", card(text("${name} ${nmae}"), text("${n}"), { type: "Table", $when: "${no}" }));
    write("a.data.json", { name: "Ada", n: 5, no: false });
    const { code, stdout, stderr } = await cards("expand", "a.json", "a.data.json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(card(text("Ada ${nmae}"), text(5)));
    expect(stderr).toContain('a.json:13: error: body[2]: "Table" came in with 1.5');
    await expect(cards("expand", "a.json", "a.data.json", "--json")).resolves.toMatchObject({
      stdout: `${JSON.stringify(card(text("Ada ${nmae}"), text(5)))}\n`,
      stderr: expect.stringContaining('"code":"later-type"'),
    });
  });

  it("has $host, parts and defaults", async () => {
    write("a.json", card({ $include: "_part.json" }, text("${greeting}")));
    write("_part.json", text("${$host.name} ${name}"));
    write("a.data.json", { $defaults: { greeting: "hello" } });
    write("data.json", { name: "Ada" });
    write("host.json", { name: "Webex" });
    for (const strict of [[], ["--strict"]]) {
      const { stdout, stderr } = await cards(
        "expand",
        "a.json",
        "data.json",
        "--host",
        "host.json",
        ...strict,
      );
      expect([JSON.parse(stdout), stderr]).toEqual([card(text("Webex Ada"), text("hello")), ""]);
    }
  });

  it("prints what would be sent when strict", async () => {
    write("data.json", { n: 5 });
    write("a.json", { type: "AdaptiveCard", version: "1.3", fallbackText: "a", body: [text("${n}")] });
    const { code, stdout } = await cards("expand", "a.json", "data.json", "--strict");
    expect([code, JSON.parse(stdout)]).toEqual([0, card(text("5"))]);
  });

  it("prints nothing when strict and it would not be sent", async () => {
    write("a.json", card(text("${nmae}")));
    write("data.json", { name: "Ada" });
    const { code, stdout, stderr } = await cards("expand", "a.json", "data.json", "--strict");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('body[0].text: the data has no "nmae"; did you mean "name"?');
  });

  it.each<[string, string, string, number, RegExp]>([
    ["a template that is not there", "none.json", "{}", 3, /there is no file "none\.json"/],
    ["a template that is no JSON", '{ "a": }', "{}", 1, /template\.json:1: column 8: expected a value/],
    ["data that is no JSON", "{}", "?", 1, /data\.json:1: column 1: expected a value/],
    [
      "an expression that cannot be read",
      '{ "a": "${b +}" }',
      "{}",
      1,
      /cannot be expanded, the templating library says/,
    ],
    [
      "what the library fails at",
      '{ "a": "x ${b}" }',
      '{ "b": null }',
      1,
      /cannot be expanded, the templating library/,
    ],
    [
      "a part that is not there",
      '{ "$include": "b.json" }',
      "{}",
      1,
      /template\.json cannot be expanded: \$include: there is no file "b\.json"/,
    ],
  ])("cannot expand %s", async (_, template, data, code, message) => {
    write("template.json", template);
    write("data.json", data);
    const result = await cards(
      "expand",
      template.endsWith(".json") ? template : "template.json",
      "data.json",
    );
    expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
  });
});
