import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";

const CORE = dirname(__filename) + sep;

/** A line of somebody's source. */
export interface SourceLine {
  /** Absolute. */
  readonly file: string;
  /** Counted from 1, as the column is. */
  readonly line: number;
  readonly column: number;
}

/** The source lines that a stack passes through, innermost first; those of Node itself are left out. */
export function sourceLines(stack: string): SourceLine[] {
  return stack.split("\n").flatMap((frame) => {
    const match = /(?:^\s+at (?:async )?|\()((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).+):(\d+):(\d+)\)?$/.exec(
      frame,
    );
    if (!match?.[1]) return [];
    const file = match[1].startsWith("file:") ? toPath(match[1]) : match[1];
    return [{ file, line: Number(match[2]), column: Number(match[3]) }];
  });
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
