import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";

const CORE = dirname(__dirname) + sep;

/** A line of a source file. */
export interface SourceLine {
  /** Absolute. */
  readonly file: string;
  /** Counted from 1, as the column is. */
  readonly line: number;
  readonly column: number;
}

/** The source lines that a stack passes through, innermost first; those of Node itself are left out. */
export function sourceLines(stack: string): SourceLine[] {
  return stack.split("\n").flatMap((frame) => sourceLineOf(frame) ?? []);
}

/** Where a path begins: behind `at`, or in brackets behind the name of a function. */
const BEGINNING = /^ {1,16}at (?:async )?(?=file:\/\/|\/|[A-Za-z]:[\\/])|\((?=file:\/\/|\/|[A-Za-z]:[\\/])/;
/** The line and the column at the end of a frame. */
const END = /:(\d{1,9}):(\d{1,9})\)?$/;
/** More than the end of a frame has. */
const LONGEST_END = 24;

// A stack holds the error's message, which may be any text: begin and end are found separately, each in linear time.
function sourceLineOf(frame: string): SourceLine | undefined {
  const beginning = BEGINNING.exec(frame);
  const end = END.exec(frame.slice(-LONGEST_END));
  if (beginning === null || end === null) return undefined;
  const path = frame.slice(beginning.index + beginning[0].length, frame.length - end[0].length);
  if (path === "") return undefined;
  const file = path.startsWith("file:") ? toPath(path) : path;
  return { file, line: Number(end[1]), column: Number(end[2]) };
}

/** A stack is text that anyone may have written: an address that cannot be a path stays as it is. */
function toPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** Where the code outside the framework's core stands that is calling us: `/app/bots/echo.ts:12`; empty when the stack does not say. */
export function callSite(): string {
  const caller = sourceLines(new Error().stack ?? "").find(({ file }) => !file.startsWith(CORE));
  return caller === undefined ? "" : `${caller.file}:${caller.line}`;
}
