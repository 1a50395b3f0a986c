import { join, sep } from "node:path";

const SRC = `${sep}src${sep}`;

/**
 * The path of a JavaScript file that Node itself loads, in a thread. Code that runs from `src`, for example below jest,
 * gets the file that the last build made in `dist`.
 *
 * @param folder the `__dirname` of the caller
 * @param name `"worker.js"`
 */
export function compiledFile(folder: string, name: string): string {
  const path = join(folder, name);
  const at = path.lastIndexOf(SRC);
  // Compiled code has .js here, also in a folder called src.
  const isSource = __filename.endsWith(".ts") && at !== -1;
  return isSource ? `${path.slice(0, at)}${sep}dist${sep}${path.slice(at + SRC.length)}` : path;
}
