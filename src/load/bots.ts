import { type Dirent, existsSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { isBotDefinition } from "../core/contract/bot";
import { describeError } from "../core/contract/errors";
import { LoadError, type LoadFault, shownPath } from "../core/contract/load-error";
import { buildBot } from "../core/handle/build-bot";
import { findConflicts } from "../core/handle/route-conflicts";
import type { BuiltBot } from "../core/handle/routes";
import { blame, findLine } from "./locate-error";
import { createModuleLoader, type ImportFile } from "./module-loader";

/**
 * Loads the bots of a folder: the modules directly in it whose default export is what `defineBot()` returns, sorted by
 * file name. The file's name is the bot's. Tests (`*.test.*`), declarations (`*.d.ts`) and names that begin with `_` or
 * `.` are left alone; a bot may import them, its other neighbours and its own packages.
 * @param dir absolute
 * @param framework what `bellhop` is in these modules, however they import it
 * @throws LoadError that lists every fault in every file
 */
export async function loadBots(dir: string, framework: object): Promise<readonly BuiltBot[]> {
  const files = listBots(dir);
  const faults: LoadFault[] = findNamesakes(files);
  const importFile = createModuleLoader(dir, { bellhop: framework });
  const bots: BuiltBot[] = [];

  for (const file of files) {
    const bot = await loadBot(dir, file, importFile);
    if ("routes" in bot) bots.push(bot);
    else faults.push(...bot);
  }
  faults.push(...findConflicts(bots).map(({ message, at }) => ({ ...place(at), message })));
  if (faults.length > 0) throw new LoadError(faults);
  return bots;
}

function listBots(dir: string): string[] {
  const files = readFolder(dir)
    .filter((entry) => isBotName(entry.name) && isFile(dir, entry))
    .map((entry) => join(dir, entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
  if (files.length > 0) return files;
  throw new LoadError([
    {
      file: dir,
      message:
        "there is no bot in this folder; a bot is a file such as echo.ts whose default export is what defineBot() returns",
    },
  ]);
}

function readFolder(dir: string): Dirent[] {
  const refuse = (problem: string) =>
    new LoadError([{ file: dir, message: `${problem}; BOTS_DIR says where the bots are` }]);
  if (!existsSync(dir)) throw refuse("there is no such folder");
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    throw refuse(`the folder cannot be read (${describeError(error)})`);
  }
}

function isBotName(name: string): boolean {
  return /^[^_.].*\.[cm]?[jt]s$/.test(name) && !/\.(?:test|d)\.[cm]?[jt]s$/.test(name);
}

// A folder that is mounted from a cluster's configuration is made of links.
function isFile(dir: string, entry: Dirent): boolean {
  return entry.isFile() || (entry.isSymbolicLink() && statSync(join(dir, entry.name)).isFile());
}

function findNamesakes(files: readonly string[]): LoadFault[] {
  const byName = new Map<string, string>();
  return files.flatMap((file) => {
    const name = nameOf(file);
    const other = byName.get(name);
    byName.set(name, other ?? file);
    return other === undefined
      ? []
      : [{ file, message: `${shownPath(other)} is called "${name}" too; rename one of them` }];
  });
}

function nameOf(file: string): string {
  return basename(file, extname(file));
}

async function loadBot(
  dir: string,
  file: string,
  importFile: ImportFile,
): Promise<BuiltBot | readonly LoadFault[]> {
  try {
    const exported = await importFile(file);
    const definition = defaultOf(exported);
    if (isBotDefinition(definition)) return buildBot(nameOf(file), definition);
    const message = `${describeExport(exported, definition)}; expected what defineBot() returns`;
    return [{ file, line: findLine(file, isExport), message }];
  } catch (error) {
    const all: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    return all.map((one) => blame(dir, file, one));
  }
}

function defaultOf(exported: unknown): unknown {
  const hasDefault = typeof exported === "object" && exported !== null && "default" in exported;
  return hasDefault ? exported.default : exported;
}

function isExport(line: string): boolean {
  return /^\s*(?:export\s+default\b|module\.exports\s*=|exports\.default\s*=)/.test(line);
}

function describeExport(exported: unknown, definition: unknown): string {
  if (typeof definition !== "object" || definition === null)
    return `the default export is ${definition === null ? "null" : `of type ${typeof definition}`}`;
  const keys = Object.keys(definition).map((key) => `"${key}"`);
  // A CommonJS module exports one thing, which is then its default.
  const isDefault = exported !== definition || !Object.hasOwn(definition, "__esModule");
  if (!isDefault || keys.length === 0)
    return `there is no default export${keys.length === 0 ? "" : `, only ${keys.join(", ")}`}`;
  return `the default export is an object with keys ${keys.join(", ")}`;
}

/** Takes `/app/bots/echo.ts:12` apart. */
function place(at: string): { file: string; line?: number } {
  const match = /^(.*):(\d+)$/.exec(at);
  return match?.[1] ? { file: match[1], line: Number(match[2]) } : { file: at };
}
