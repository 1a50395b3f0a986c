import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shownPath } from "../core/contract/load-error";
import type { BotSources, NameInSource } from "../core/handle/unlinked-names";

const CALL = /\.(card|ask)\(\s*(?:"([^"\\]*)"|'([^'\\]*)')/g;
const QUOTED = /"([^"\\]*)"|'([^'\\]*)'/g;
const COMMENT = /^\s*(?:\/\/|\/?\*)/;

/**
 * Reads the names that stand as constants in the sources of a folder's bots. It looks at text line by line, not at syntax:
 * good enough for a warning, not for a refusal.
 * @param dir absolute
 */
export function readSourceNames(dir: string): BotSources {
  const names: NameInSource[] = [];
  const quoted = new Map<string, number>();
  for (const file of sourceFiles(dir)) {
    for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
      if (COMMENT.test(line)) continue;
      names.push(...namesIn(line, `${shownPath(file)}:${index + 1}`));
      for (const [, double, single] of line.matchAll(QUOTED)) {
        const text = double ?? single ?? "";
        quoted.set(text, (quoted.get(text) ?? 0) + 1);
      }
    }
  }
  return { names, quoted };
}

function namesIn(line: string, at: string): NameInSource[] {
  return [...line.matchAll(CALL)].map(([, call, double, single]) => ({
    kind: call === "card" ? "card" : "step",
    name: double ?? single ?? "",
    at,
  }));
}

/** The modules of a folder with what they share, without tests and declarations. */
function sourceFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter(({ name }) => /\.[cm]?[jt]s$/.test(name) && !/\.(?:test|d)\.[cm]?[jt]s$/.test(name))
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ name }) => join(dir, name))
    .sort();
}
