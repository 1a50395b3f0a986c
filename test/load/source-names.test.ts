import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSourceNames } from "../../src/load/source-names";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bellhop-sources-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("the sources of a folder's bots", () => {
  it("name cards and steps that are constants, with file and line", () => {
    writeFileSync(
      join(dir, "a.ts"),
      'ctx.reply(ctx.card("one", {}));\n\nctx.ask(\'two\', "Which?");\nctx.card(name);\n',
    );
    writeFileSync(join(dir, "_lib.js"), 'exports.show = (ctx) => ctx.card( "three");\n');
    expect(readSourceNames(dir).names).toEqual([
      { kind: "card", name: "three", at: `${join(dir, "_lib.js")}:1` },
      { kind: "card", name: "one", at: `${join(dir, "a.ts")}:1` },
      { kind: "step", name: "two", at: `${join(dir, "a.ts")}:3` },
    ]);
  });

  it("are read without comments, tests and declarations", () => {
    writeFileSync(join(dir, "a.ts"), '// ctx.card("no")\n/** ctx.card("no")\n * ctx.card("no")\n */\n');
    writeFileSync(join(dir, "a.test.ts"), 'ctx.card("no");\n');
    writeFileSync(join(dir, "a.d.ts"), 'ctx.card("no");\n');
    expect(readSourceNames(dir).names).toEqual([]);
  });

  it("count each text in quotation marks", () => {
    writeFileSync(join(dir, "a.ts"), 'bot.action("save", f);\nsubmit("Save", { action: "save" });\n');
    const { quoted } = readSourceNames(dir);
    expect([quoted.get("save"), quoted.get("Save"), quoted.get("other")]).toEqual([2, 1, undefined]);
  });
});
