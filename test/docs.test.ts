import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { type Desk, openDesk } from "./e2e/playground-fixture";

const root = join(__dirname, "..");
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...markdownBelow("docs")];

describe("the documentation", () => {
  it("examples compile", () => {
    const examples = pages.flatMap((page) => examplesIn(page));
    expect(examples.length).toBeGreaterThan(4);
    // Inside the repository, because TypeScript must find "bellhop" and node_modules as for a bot in bots/.
    const folder = mkdtempSync(join(root, "test/.examples-"));
    try {
      const files = examples.map(({ code, page, line }) => {
        const file = join(folder, `${page.replace(/\W/g, "-")}-${line}.mts`);
        writeFileSync(file, code);
        return file;
      });
      expect(faultsOf(files)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("links lead to files, folders and headings that exist", () => {
    const dead = pages.flatMap((page) =>
      linksIn(page)
        .filter((link) => !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(dead).toEqual([]);
  });
});

describe("the first bot in the README", () => {
  let desk: Desk;
  const folder = mkdtempSync(join(root, "test/.readme-bot-"));

  beforeAll(async () => {
    const [example] = examplesIn("README.md");
    writeFileSync(join(folder, "echo.ts"), example?.code ?? "");
    desk = await openDesk(folder, { cards: join(root, "cards") });
  });
  afterAll(async () => {
    await desk.close();
    rmSync(folder, { recursive: true });
  });

  it("the bot says hello, sends its card and welcomes the person who submits it", async () => {
    await desk.playground.says("Ada", "hello");
    expect((await desk.playground.nextMessageFrom("bot")).text).toContain("Hello!");
    await desk.playground.says("Ada", "card");
    const card = await desk.playground.nextMessageFrom("bot");
    expect(card.attachments).toHaveLength(1);
    await desk.playground.presses("Ada", card.id, "Send", { name: "Ada" });
    expect((await desk.playground.nextMessageFrom("bot")).text).toBe("Welcome, Ada.");
  });
});

it("tests in the documentation pass", async () => {
  const tests = pages.flatMap(examplesIn).filter(({ code }) => code.includes("bellhop/testing/jest"));
  expect(tests.map(({ page }) => page)).toEqual(expect.arrayContaining(["README.md", "docs/testing.md"]));
  const folder = mkdtempSync(join(root, "test/exported-docs-"));
  try {
    const files = tests.map(({ code, page, line }) => {
      const file = join(folder, `${page.replace(/\W/g, "-")}-${line}.test.ts`);
      writeFileSync(file, code);
      return file;
    });
    const jest = [join(root, "node_modules/jest/bin/jest.js"), "--runTestsByPath", ...files];
    const { stderr } = await promisify(execFile)(process.execPath, jest, { cwd: root });
    expect(stderr).toMatch(new RegExp(`Test Suites: ${files.length} passed, ${files.length} total`));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

interface Example {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

function examplesIn(page: string): Example[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length,
    code: match[1] ?? "",
  }));
}

/** The links of a page to files of this repository. */
function linksIn(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1] ?? "");
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? page : join(page, "..", path);
  if (heading !== undefined) return existsSync(join(root, target)) && anchorsIn(target).includes(heading);
  return existsSync(join(root, target));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsIn(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/^```.*?^```$/gms, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function faultsOf(files: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(files, options);
  return files.flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(
        ({ messageText }) => `${relative(root, file)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      ),
  );
}

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file));
}
