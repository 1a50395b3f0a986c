import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { LoadError } from "../../src/core/contract/load-error";
import type { BuiltBot } from "../../src/core/handle/routes";
import * as forBots from "../../src/for-bots";
import { loadBots } from "../../src/load/bots";
import { FOREIGN_FRAMEWORK, NEIGHBOURS, WAYS_TO_IMPORT } from "./ways-to-import";

const ROOT = resolve(__dirname, "../..");
const FRAMEWORK = { ...forBots, marker: "running" };
const MINIMAL = `import { defineBot } from "bellhop";\nexport default defineBot(() => {});\n`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own below `parent`, in it the files by relative path. */
function folder(files: Readonly<Record<string, string>>, parent: string = tmpdir()): string {
  mkdirSync(parent, { recursive: true });
  const top = mkdtempSync(join(parent, "bellhop bots-"));
  folders.push(top);
  const dir = join(top, "bots");
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

async function faultsOf(files: Readonly<Record<string, string>>) {
  const dir = folder(files);
  const error: unknown = await loadBots(dir, FRAMEWORK).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LoadError);
  if (!(error instanceof LoadError)) return [];
  return error.faults.map(
    ({ file, line, message }) => [`${relative(dir, file)}:${line ?? ""}`, message] as const,
  );
}

async function names(files: Readonly<Record<string, string>>): Promise<string[]> {
  return (await loadBots(folder(files), FRAMEWORK)).map((bot) => bot.name);
}

async function markers(bots: readonly BuiltBot[]): Promise<Record<string, unknown>> {
  const entries = bots.map(async ({ name, routes: [route] }) => {
    // These handlers use neither context nor next.
    return [name, await Reflect.apply(route?.handler ?? (() => "no handler"), undefined, [])] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe("which files are bots", () => {
  it("is every module directly in the folder, sorted by file name", async () => {
    const found = await names({
      "zoo.ts": MINIMAL,
      "Alpha.mjs": MINIMAL,
      "two words.mts": MINIMAL,
      "with.dots.js": MINIMAL,
      "old.cjs": `module.exports = require("bellhop").defineBot(() => {});`,
      "older.cts": `module.exports = require("bellhop").defineBot(() => {});`,
    });
    expect(found).toEqual(["Alpha", "old", "older", "two words", "with.dots", "zoo"]);
  });

  it("is none of tests, declarations, hidden files, folders, what begins with _ and what is no module", async () => {
    const broken = "this is not read";
    const found = await names({
      "echo.ts": MINIMAL,
      "echo.test.ts": broken,
      "echo.test.mjs": broken,
      "types.d.ts": broken,
      "types.d.mts": broken,
      "_shared.ts": broken,
      ".hidden.ts": broken,
      "notes.md": broken,
      "data.json": broken,
      "view.tsx": broken,
      "folder.ts/index.ts": broken,
    });
    expect(found).toEqual(["echo"]);
  });

  it("follows links", async () => {
    const dir = folder({ "..data/echo.txt": MINIMAL });
    symlinkSync("..data/echo.txt", join(dir, "echo.ts"));
    expect((await loadBots(dir, FRAMEWORK)).map((bot) => bot.name)).toEqual(["echo"]);
  });
});

describe("what bellhop is in a bot", () => {
  const files = { ...WAYS_TO_IMPORT, ...NEIGHBOURS };
  // A file with two endings is two bots here: it is the ending that matters.
  const ways = Object.keys(WAYS_TO_IMPORT);
  const renamed = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      ways.includes(name) ? name.replace(/\.(\w+)$/, "-$1.$1") : name,
      text,
    ]),
  );
  const expected = Object.fromEntries(ways.map((name) => [name.replace(/\.(\w+)$/, "-$1"), "running"]));

  const places = [
    ["outside the project", {}, tmpdir()],
    ["outside, in a package of modules", { "../package.json": `{ "type": "module" }` }, tmpdir()],
    ["outside, in a package of CommonJS", { "../package.json": `{ "type": "commonjs" }` }, tmpdir()],
    ["outside, with another copy beside it", FOREIGN_FRAMEWORK, tmpdir()],
    [
      "outside, with another copy beside it, in a package of modules",
      { ...FOREIGN_FRAMEWORK, "../package.json": `{ "type": "module" }` },
      tmpdir(),
    ],
    ["inside the project", {}, join(ROOT, "data")],
    ["inside the project, with another copy beside it", FOREIGN_FRAMEWORK, join(ROOT, "data")],
  ] as const;

  describe.each(places)("%s", (_, more, parent) => {
    it("is the running framework, under jest", async () => {
      Reflect.deleteProperty(globalThis, "timesRun");
      const dir = folder({ ...renamed, ...more, "module-once-mjs.mjs": once("jest") }, parent);
      expect(await markers(await loadBots(dir, FRAMEWORK))).toEqual(expected);
    });

    it("is the running framework, in a process of its own", () => {
      const dir = folder({ ...renamed, ...more }, parent);
      const output = inProcessOfItsOwn(`
        const { loadBots } = require("./dist/load/bots.js");
        const framework = { ...require("./dist/for-bots.js"), marker: "running" };
        loadBots(${JSON.stringify(dir)}, framework).then(async (bots) => {
          const entries = bots.map(async (bot) => [bot.name, await bot.routes[0].handler()]);
          console.log(JSON.stringify(Object.fromEntries(await Promise.all(entries))));
        });`);
      expect(JSON.parse(output)).toEqual(expected);
    });
  });
});

describe("modules", () => {
  it("are run once, and share what they both import", async () => {
    const counting = (name: string) =>
      `import { count } from "./_count";\nimport { defineBot } from "bellhop";\nexport default defineBot((bot) => bot.hears("${name}", () => count.next++));\n`;
    const dir = folder({
      "_count.ts": "export const count = { next: 1 };",
      "a.ts": counting("a"),
      "b.ts": counting("b"),
    });
    expect(await markers(await loadBots(dir, FRAMEWORK))).toEqual({ a: 1, b: 2 });
  });

  it("say in which file and line a handler was written, and where it threw", async () => {
    const dir = folder({
      "late.ts": `import { defineBot } from "bellhop";\n\ninterface Gone {\n  a: string;\n}\n\nexport default defineBot((bot) => {\n  bot.hears("x", () => {\n    throw new Error("now");\n  });\n});\n`,
    });
    const [route] = (await loadBots(dir, FRAMEWORK))[0]?.routes ?? [];
    expect(route?.at).toBe(`${join(dir, "late.ts")}:8`);
    const error: unknown = await markers(await loadBots(dir, FRAMEWORK)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ stack: expect.stringContaining(`${join(dir, "late.ts")}:9:`) });
  });

  it("leave it to others how stacks are written", async () => {
    const before = Error.prepareStackTrace;
    await loadBots(folder({ "echo.ts": MINIMAL }), FRAMEWORK);
    expect(Error.prepareStackTrace).toBe(before);
  });

  it.each([
    ["CommonJS", "index.js", "exports.word = 'here';"],
    ["ES", "index.mjs", "export const word = 'here';"],
  ])("import packages also where import() does not work, as in jest: %s", async (_kind, main, source) => {
    const dir = folder({
      "a.ts": `import { word } from "of-somebody";\nimport { defineBot } from "bellhop";\nexport default defineBot((bot) => bot.hears("a", () => word));`,
      "node_modules/of-somebody/package.json": JSON.stringify({ name: "of-somebody", main }),
      [`node_modules/of-somebody/${main}`]: source,
    });
    expect(await markers(await loadBots(dir, FRAMEWORK))).toEqual({ a: "here" });
  });

  it("leave nothing in the folder that was not there", async () => {
    const dir = folder({ "echo.ts": MINIMAL, "old.mjs": MINIMAL });
    await loadBots(dir, FRAMEWORK);
    expect(readdirSync(join(dir, ".."), { recursive: true }).sort()).toEqual([
      "bots",
      "bots/echo.ts",
      "bots/old.mjs",
    ]);
  });
});

describe("faults", () => {
  it.each([
    [
      "an object instead of a bot",
      `// a\n\nexport default { hello: 1, there: 2 };`,
      [
        "a.ts:3",
        'the default export is an object with keys "hello", "there"; expected what defineBot() returns',
      ],
    ],
    [
      "a function",
      "export default (bot) => {};",
      ["a.ts:1", expect.stringContaining("is of type function; expected what defineBot()")],
    ],
    [
      "no default export",
      `\nexport const hello = 1;`,
      ["a.ts:", 'there is no default export, only "hello"; expected what defineBot() returns'],
    ],
    ["an empty file", "", ["a.ts:", "there is no default export; expected what defineBot() returns"]],
    [
      "a syntax error",
      `const a = 1;\nconst b = = 2;\n`,
      ["a.ts:2", expect.stringMatching(/^is not well-formed: /)],
    ],
    [
      "a module that throws",
      `interface A {\n  a: 1;\n}\n\nthrow new TypeError("no luck");`,
      ["a.ts:5", "throws while it is loaded: no luck"],
    ],
    ["a module that throws no error", `throw "no luck";`, ["a.ts:", "throws while it is loaded: no luck"]],
    [
      "a promise that rejects",
      `\nawait Promise.reject(new Error("no luck"));`,
      ["a.ts:2", "throws while it is loaded: no luck"],
    ],
    [
      "a neighbour that is missing",
      `\nimport "./nothing";`,
      ["a.ts:2", 'imports "./nothing", which cannot be found: is the path right?'],
    ],
    [
      "a package that is missing",
      `\n\nconst x = require('left-out');`,
      ["a.ts:3", 'imports "left-out", which cannot be found: is it installed?'],
    ],
    [
      "a setup that throws",
      `import { defineBot } from "bellhop";\nexport default defineBot((bot) => {\n  bot.command("<all>", () => {});\n});`,
      ["a.ts:3", expect.stringContaining('command "<all>"')],
    ],
  ])("name file and line of %s", async (_, source, fault) => {
    expect(await faultsOf({ "a.ts": source })).toEqual([fault]);
  });

  it("name file and line of each call that is refused", async () => {
    const lines = [
      'import { defineBot } from "bellhop";',
      "export default defineBot((bot) => {",
      '  bot.command("pay <amount:numbr>", () => {});',
      '  bot.on("mesages.created", () => {});',
      '  bot.hears("", () => {});',
      "  bot.serve();",
      "  missing();",
      "});",
    ];
    expect(await faultsOf({ "a.ts": lines.join("\n") })).toEqual([
      ["a.ts:3", expect.stringContaining('command "pay <amount:numbr>": "<amount:numbr>" is no argument')],
      [
        "a.ts:4",
        'on "mesages.created": there is no event "mesages.created". Did you mean "messages.created"?',
      ],
      ["a.ts:5", "hears: the trigger is empty"],
      ["a.ts:6", expect.stringContaining("serve: no account is named")],
      ["a.ts:7", "throws while it is loaded: missing is not defined"],
    ]);
  });

  it.each(["js", "mjs", "cjs"])("name file and line in plain .%s as well", async (ending) => {
    expect(await faultsOf({ [`a.${ending}`]: "\nlet = = 1;" })).toEqual([
      [`a.${ending}:2`, expect.stringContaining("well-formed")],
    ]);
    expect(await faultsOf({ [`b.${ending}`]: `\n\nthrow new Error("no luck");` })).toEqual([
      [`b.${ending}:3`, "throws while it is loaded: no luck"],
    ]);
  });

  it("name the neighbour that is to blame", async () => {
    const faults = await faultsOf({
      "a.ts": `import "./_deep";`,
      "_deep.ts": `\n\nthrow new Error("no luck");`,
    });
    expect(faults).toEqual([["_deep.ts:3", "throws while it is loaded: no luck"]]);
  });

  it("name the neighbour whose import is missing", () => {
    const dir = folder({ "a.ts": `import "./_deep";`, "_deep.ts": `\n\nimport "./nothing";` });
    const output = inProcessOfItsOwn(`
      const { loadBots } = require("./dist/load/bots.js");
      loadBots(${JSON.stringify(dir)}, {}).catch((error) => console.log(JSON.stringify(error.faults)));`);
    expect(JSON.parse(output)).toEqual([
      { file: join(dir, "_deep.ts"), line: 3, message: expect.stringContaining('imports "./nothing"') },
    ]);
  });

  it("name both files of one name", async () => {
    const [fault] = await faultsOf({ "a.js": MINIMAL, "a.ts": MINIMAL });
    expect(fault).toEqual(["a.ts:", expect.stringMatching(/a\.js is called "a" too/)]);
  });

  it("name the line of a handler that is never reached", async () => {
    const source = `import { defineBot } from "bellhop";\nexport default defineBot((bot) => {\n  bot.action("go", () => {});\n});`;
    const [fault] = await faultsOf({ "a.ts": source, "b.ts": source });
    expect(fault).toEqual(["b.ts:3", expect.stringContaining('action "go" of bot "b" is never reached')]);
  });

  it("are all in one message, one a line", async () => {
    const dir = folder({ "a.ts": "export default 1;", "b.ts": MINIMAL, "c.mjs": "let = 1" });
    await expect(loadBots(dir, FRAMEWORK)).rejects.toThrow(
      /^.*a\.ts:1: the default .*\n.*c\.mjs:1: is not well-formed.*$/,
    );
    await expect(loadBots(dir, FRAMEWORK)).rejects.toMatchObject({ code: "load-failed" });
  });

  it("say when there is no bot, or no folder", async () => {
    await expect(loadBots(folder({ "notes.md": "" }), FRAMEWORK)).rejects.toThrow(
      "there is no bot in this folder",
    );
    await expect(loadBots(join(folder({}), "none"), FRAMEWORK)).rejects.toThrow(
      "there is no such folder; BOTS_DIR",
    );
  });
});

/** What a script prints that is run by Node alone, over what was built. */
function inProcessOfItsOwn(script: string): string {
  return execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" });
}

/** A module that can tell that it was run twice, counted apart from those of other places. */
function once(counter: string): string {
  const name = JSON.stringify(`timesRun ${counter} ${folders.length}`);
  return `
    import { defineBot, marker } from "bellhop";
    const timesRun = (globalThis[${name}] = (globalThis[${name}] ?? 0) + 1);
    export default defineBot((bot) => bot.hears(bot.name, () => (timesRun === 1 ? marker : "run twice")));`;
}
