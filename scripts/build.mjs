// Compiles src to dist and bundles the playground's pages beside it.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", `${root}tsconfig.build.json`], {
  stdio: "inherit",
  cwd: root,
});

const migrations = "inbox/postgres/migrations";
cpSync(`${root}src/${migrations}`, `${root}dist/${migrations}`, { recursive: true });

const page = `${root}src/playground/web`;
if (existsSync(`${page}/main.ts`)) {
  const { build } = await import("esbuild");
  const out = `${root}dist/playground/web`;
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: [`${page}/main.ts`, `${page}/cards.ts`],
    bundle: true,
    minify: true,
    target: "es2022",
    outdir: out,
    // Its package.json names a main file that does not exist; the bundle in dist is what works.
    alias: { adaptivecards: "adaptivecards/dist/adaptivecards.min.js" },
    logLevel: "warning",
  });
  for (const file of ["index.html", "cards.html", "style.css", "cards.css"])
    cpSync(`${page}/${file}`, `${out}/${file}`);
}
