import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly types?: string } | string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const { exports: entries, dependencies } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
) as Manifest;

const TYPES = Object.entries(entries).flatMap(([name, entry]) =>
  typeof entry === "object" && entry.types !== undefined ? [[name, entry.types] as const] : [],
);

/** Packages whose types a program needs that imports this file, however far down. */
function packagesBehind(file: string, seen = new Set<string>()): ReadonlySet<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, from = ""] of readFileSync(file, "utf8").matchAll(/(?:from |import\()"([^"]+)"/g)) {
    const inner = from.startsWith(".") ? packagesBehind(declarationOf(file, from), seen) : [from];
    for (const name of inner) if (!name.startsWith("node:")) packages.add(name);
  }
  return packages;
}

function declarationOf(file: string, from: string): string {
  const at = join(dirname(file), from.replace(/\.js$/, ""));
  return [`${at}.d.ts`, join(at, "index.d.ts")].find(existsSync) ?? at;
}

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { stdio: "inherit" });
});

it("the package has types", () => {
  expect(TYPES.length).toBeGreaterThan(2);
});

it.each(TYPES)("types of %j need no package that may be left out", (name, file) => {
  // Who imports the matchers of a test runner has it.
  const runner = /^\.\/testing\/(jest|vitest)$/.exec(name)?.[1];
  const installed = [...Object.keys(dependencies), ...(runner === undefined ? [] : [runner])];
  const needed = [...packagesBehind(join(ROOT, file))];
  expect(needed.filter((one) => !installed.includes(one))).toEqual([]);
});
