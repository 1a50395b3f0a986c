// Compiles src to dist and bundles the playground's pages beside it. Does only what changed since the last build.
// `--js` leaves out the declarations, which need the type checker: what tests and `npm start` run is built in seconds.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({ options: { js: { type: "boolean", default: false } } });
const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const src = join(root, "src");
const dist = join(root, "dist");
const page = join(src, "playground", "web");
const manifest = join(dist, ".build.json");

// A change of any of these builds everything anew.
const tools = ["scripts/build.mjs", "tsconfig.json", "tsconfig.build.json", "package-lock.json"];
const sources = filesIn(src).filter((file) => /\.m?ts$/.test(file) && !file.startsWith(page + sep));
const pageFiles = filesIn(page);
const migrations = filesIn(src).filter((file) => file.endsWith(".sql"));

const before = readManifest();
const now = {
  tools: digestOf(tools.map((file) => join(root, file))),
  files: Object.fromEntries([...sources, ...migrations].map((file) => [nameOf(file), digestOf([file])])),
  page: digestOf(pageFiles),
  declarations: before.declarations,
};
if (before.tools !== now.tools) {
  rmSync(dist, { recursive: true, force: true });
  now.declarations = undefined;
}

const changed = [...sources, ...migrations].filter(
  (file) => before.tools !== now.tools || before.files[nameOf(file)] !== now.files[nameOf(file)],
);
for (const name of Object.keys(before.files)) {
  if (name in now.files) continue;
  for (const output of outputsOf(name)) rmSync(join(dist, output), { force: true });
}
if (changed.length > 0) await compile(changed);
if (before.tools !== now.tools || before.page !== now.page) await bundlePages();
const inputs = JSON.stringify([now.tools, now.files]);
if (!options.js && now.declarations !== hash(inputs)) {
  declare();
  now.declarations = hash(inputs);
}
const written = `${JSON.stringify(now, undefined, 1)}\n`;
if (!existsSync(manifest) || readFileSync(manifest, "utf8") !== written) write(manifest, written);

/** Writes the JavaScript and source map of each file, as `tsc` does; `npm run types` checks the types. */
async function compile(files) {
  const { default: ts } = await import("typescript");
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options: compilerOptions, errors } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, noEmit: false, sourceMap: true },
    root,
  );
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, formatHost(ts)));
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const output = join(dist, relative(src, file));
    if (file.endsWith(".sql")) {
      write(output, text);
      continue;
    }
    const result = ts.transpileModule(text, { compilerOptions, fileName: file, reportDiagnostics: true });
    if (result.diagnostics?.length) throw new Error(ts.formatDiagnostics(result.diagnostics, formatHost(ts)));
    const script = output.replace(/ts$/, "js");
    write(script, result.outputText);
    if (result.sourceMapText === undefined) continue;
    const map = JSON.parse(result.sourceMapText);
    map.sources = [relative(dirname(output), file).split(sep).join("/")];
    write(`${script}.map`, JSON.stringify(map));
  }
}

/** Writes the declarations of every file, or ends with the compiler's errors. */
function declare() {
  const tsc = require.resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--emitDeclarationOnly"], {
    stdio: "inherit",
    cwd: root,
  });
}

async function bundlePages() {
  const { build } = await import("esbuild");
  const out = join(dist, "playground", "web");
  rmSync(out, { recursive: true, force: true });
  await build({
    entryPoints: [join(page, "main.ts"), join(page, "cards.ts")],
    bundle: true,
    minify: true,
    target: "es2022",
    outdir: out,
    // Its package.json names a main file that does not exist; the bundle in dist is what works.
    alias: { adaptivecards: "adaptivecards/dist/adaptivecards.min.js" },
    logLevel: "warning",
  });
  for (const file of pageFiles.filter((one) => /\.(html|css)$/.test(one)))
    write(join(out, relative(page, file)), readFileSync(file));
}

/** The files that are written for a file of src. */
function outputsOf(name) {
  if (name.endsWith(".sql")) return [name];
  const script = name.replace(/ts$/, "js");
  return [script, `${script}.map`, name.replace(/(m?)ts$/, "d.$1ts")];
}

/** Puts the file in place at once, so that a program that starts meanwhile reads the old one or the new one. */
function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

function readManifest() {
  try {
    return { files: {}, ...JSON.parse(readFileSync(manifest, "utf8")) };
  } catch {
    return { files: {} };
  }
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function nameOf(file) {
  return relative(src, file).split(sep).join("/");
}

function digestOf(files) {
  return hash(files.map((file) => `${relative(root, file)}\n${readFileSync(file, "utf8")}`).join("\n"));
}

function hash(text) {
  return createHash("sha256").update(text).digest("hex");
}

function formatHost(ts) {
  return {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => ts.sys.newLine,
  };
}
