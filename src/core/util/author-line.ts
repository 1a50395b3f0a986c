import { readFileSync, statSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type SourceLine, sourceLines } from "./call-site";

/** The framework's own files: `dist`, or `src` in tests. */
const FRAMEWORK = dirname(dirname(__dirname)) + sep;
/** A compiled file or its map that is larger is not read, in bytes. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** A line of a file, which is given by its absolute path. */
export type Place = Pick<SourceLine, "file" | "line">;

export function isFrameworkFile(file: string): boolean {
  return file.startsWith(FRAMEWORK);
}

export function isPackageFile(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}

/**
 * Finds the innermost line of a stack that the author of the bots wrote, as it is in the source if the file has a source map.
 * @param stack an error's stack, or its lines that begin with `at`
 * @param isPackage whether a file belongs to a package. @default has `node_modules` in its path
 */
export function findAuthorLine(stack: string, isPackage = isPackageFile): Place | undefined {
  const own = sourceLines(stack).find(({ file }) => !isFrameworkFile(file) && !isPackage(file));
  return own && (inSource(own) ?? { file: own.file, line: own.line });
}

/** Finds the author's line or, if the stack has none, the innermost line of a package. */
export function findNearestLine(stack: string): Place | undefined {
  return findAuthorLine(stack) ?? findAuthorLine(stack, () => false);
}

/** The place in the file that the compiler was given. @returns `undefined` if there is no map, or it cannot be read */
function inSource({ file, line, column }: SourceLine): Place | undefined {
  try {
    const map = mapOf(file);
    if (map === undefined) return undefined;
    const entry = new SourceMap(JSON.parse(map.json)).findEntry(line - 1, column - 1);
    if (!("originalSource" in entry) || typeof entry.originalSource !== "string") return undefined;
    const source = entry.originalSource;
    const path = source.startsWith("file:") ? fileURLToPath(source) : resolve(dirname(map.file), source);
    return { file: path, line: entry.originalLine + 1 };
  } catch {
    return undefined; // the compiled line is better than none
  }
}

function mapOf(file: string): { readonly file: string; readonly json: string } | undefined {
  const url = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(readSmall(file))?.[1];
  if (url === undefined) return undefined;
  const inline = /^data:application\/json;(?:charset=[\w-]+;)?base64,(.*)$/.exec(url)?.[1];
  if (inline !== undefined) return { file, json: Buffer.from(inline, "base64").toString("utf8") };
  const beside = resolve(dirname(file), decodeURIComponent(url));
  return { file: beside, json: readSmall(beside) };
}

function readSmall(file: string): string {
  return statSync(file).size > LARGEST_FILE ? "" : readFileSync(file, "utf8");
}
