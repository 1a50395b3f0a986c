import { isAbsolute, relative } from "node:path";
import { BellhopError } from "./errors";

/** Something in a file that must be changed before the program can run. */
export interface LoadFault {
  /** Absolute. */
  readonly file: string;
  /** Counted from 1; absent when it is the file as a whole. */
  readonly line?: number | undefined;
  readonly message: string;
}

/** Bots or cards that cannot be used. Its message lists every fault, one a line, with paths as seen from the working directory. */
export class LoadError extends BellhopError {
  override readonly name = "LoadError";
  readonly faults: readonly LoadFault[];

  constructor(faults: readonly LoadFault[]) {
    super("load-failed", faults.map(toLine).join("\n"), { retry: "never" });
    this.faults = faults;
  }
}

function toLine({ file, line, message }: LoadFault): string {
  return `${shownPath(file)}${line === undefined ? "" : `:${line}`}: ${message}`;
}

/** A path as people at this terminal would write it: relative below the working directory, absolute elsewhere. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("../..") || isAbsolute(path) ? file : path;
}
