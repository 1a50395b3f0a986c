// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { readCardFile } from "../../src/cards/card-file";
import { loadCards } from "../../src/cards/load";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

let outside: string;
let dir: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "bellhop-parts-"));
  dir = join(outside, "cards");
  mkdirSync(dir);
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

function write(name: string, content: JsonValue): void {
  mkdirSync(dirname(join(dir, name)), { recursive: true });
  writeFileSync(join(dir, name), JSON.stringify(content, null, 2));
}

function writeCard(...body: JsonValue[]): void {
  write("a.json", { type: "AdaptiveCard", version: "1.3", body });
}

function bodyOf(data: JsonObject = {}): JsonValue | undefined {
  return loadCards(dir).render("a", data).content.body;
}

/** Place and fault of each, places as `file:line path`. */
function faults(): string[] {
  return readCardFile(join(dir, "a.json"), dir).findings.map(
    ({ file, line, path, message }) => `${relative(dir, file)}:${line} ${path.join("/")} ${message}`,
  );
}

const text = (words: string): JsonObject => ({ type: "TextBlock", text: words });

describe("a part", () => {
  it("stands where it is asked for, also within other parts, by paths from where they are", () => {
    write("parts/_box.json", { type: "Container", items: [{ $include: "_words.json" }] });
    write("parts/_words.json", text("Hello ${name}"));
    writeCard({ $include: "parts/_box.json" }, text("end"));
    expect(bodyOf({ name: "Ada" })).toEqual([{ type: "Container", items: [text("Hello Ada")] }, text("end")]);
  });

  it("gives all its items where it is a list in a list", () => {
    write("_header.json", [text("one"), text("two")]);
    writeCard({ $include: "_header.json" }, text("three"), { $include: "_header.json" });
    expect(bodyOf()).toEqual(["one", "two", "three", "one", "two"].map(text));
  });

  it("is repeated, left out and changed by what stands beside it", () => {
    write("_row.json", { type: "TextBlock", text: "${name}", wrap: true });
    writeCard(
      { $include: "_row.json", $data: "${people}", wrap: false },
      { $include: "_row.json", $when: "${exists(name)}" },
    );
    expect(bodyOf({ people: [{ name: "Ada" }, { name: "Bob" }] })).toEqual([
      { ...text("Ada"), wrap: false },
      { ...text("Bob"), wrap: false },
    ]);
  });

  it("is no card of its own when its name begins with _, or it is in a folder", () => {
    write("_row.json", text("a"));
    write("parts/row.json", text("a"));
    writeCard({ $include: "parts/row.json" });
    expect(loadCards(dir).names).toEqual(["a"]);
  });

  it("has its faults where they are written", () => {
    write("_list.json", [text("fine"), { type: "Container", items: [{ type: "Table" }] }]);
    writeCard({ $include: "_list.json" }, { type: "X" }, { $include: "_object.json", colour: 1 });
    write("_object.json", { type: "TextBlock" });
    expect(faults()).toEqual([
      expect.stringMatching(/^_list\.json:9 1\/items\/0 "Table" came in/),
      expect.stringMatching(/^a\.json:8 body\/1 "X" is no element/),
      expect.stringMatching(/^_object\.json:1 {2}this TextBlock has no "text"/),
      expect.stringMatching(/^a\.json:13 body\/2\/colour TextBlock has no such property/),
    ]);
  });

  it("is named when the data lacks what it shows", () => {
    write("_words.json", [text("${nmae}")]);
    writeCard(text("a"), { $include: "_words.json" });
    expect(() => bodyOf({ name: "Ada" })).toThrow(/which \[0\]\.text in .*_words\.json shows/);
  });
});

describe("a part that cannot be had", () => {
  it.each<[string, JsonValue, RegExp]>([
    ["is not there", "_heade.json", /there is no file "_heade\.json"/],
    ["is outside the folder", "../secret.json", /"\.\.\/secret\.json" is outside the folder/],
    ["is outside by a detour", "parts/../../secret.json", /is outside the folder/],
    ["is named from the top", "/etc/passwd", /"\/etc\/passwd" is outside the folder/],
    ["is outside behind a link", "link.json", /"link\.json" leads outside the folder/],
    ["is the folder itself", ".", /is outside the folder/],
    ["is no text", 5, /is 5/],
    ["depends on data", "${name}.json", /is "\$\{name\}\.json"/],
    ["is no JSON", "_broken.json", /_broken\.json:1: column 1: expected a value/],
    [
      "includes what includes it",
      "_round.json",
      /_round\.json includes _trip\.json includes _round\.json, and so on/,
    ],
    ["includes the card", "_back.json", /a\.json includes _back\.json includes a\.json/],
  ])("is a fault: it %s", (_, name, message) => {
    writeFileSync(join(outside, "secret.json"), JSON.stringify(text("secret")));
    symlinkSync(join(outside, "secret.json"), join(dir, "link.json"));
    write("_header.json", text("a"));
    write("_round.json", { type: "Container", items: [{ $include: "_trip.json" }] });
    write("_trip.json", { type: "Container", items: [{ $include: "_round.json" }] });
    write("_back.json", [{ $include: "a.json" }]);
    writeFileSync(join(dir, "_broken.json"), "?");
    writeCard({ $include: name });
    expect(faults()).toEqual([expect.stringMatching(message)]);
  });

  it("comes with the file that was meant", () => {
    write("_header.json", text("a"));
    writeCard({ $include: "_heade.json" });
    expect(readCardFile(join(dir, "a.json"), dir).findings).toEqual([
      expect.objectContaining({
        code: "bad-include",
        remedy: expect.stringContaining('did you mean "_header.json"?'),
      }),
    ]);
  });

  it("is a fault when something is to be added to what is no object", () => {
    write("_list.json", [text("a")]);
    writeCard({ $include: "_list.json", $when: "${a}" });
    expect(faults()).toEqual([expect.stringContaining('"$when" cannot be added to a list')]);
  });

  it("is a fault when parts double each other without end", () => {
    for (let level = 0; level < 12; level++) {
      const next = level === 11 ? text("a") : { $include: `_${level + 1}.json` };
      write(`_${level}.json`, [next, next]);
    }
    writeCard({ $include: "_0.json" });
    expect(faults()).toContainEqual(expect.stringContaining("there are more than 100 parts"));
  });
});
