import { readFileSync } from "node:fs";
import { isError } from "../core/contract/errors";
import type { LoadFault } from "../core/contract/load-error";
import { findAuthorLine } from "../core/util/author-line";
import { isOurs } from "./module-loader";

/** Says what went wrong while a module was imported, and at which line of whose source. */
export function blame(dir: string, file: string, thrown: unknown): LoadFault {
  const { message, stack, requireStack } = read(thrown);
  return (
    syntaxFault(message) ??
    missingModule(message, requireStack[0] ?? file) ?? {
      ...(findAuthorLine(stack, (path) => !isOurs(dir, path)) ?? { file }),
      message: isArgumentError(thrown) ? message : `throws while it is loaded: ${firstLine(message)}`,
    }
  );
}

/** Whether a call of the framework was refused. Its message says all. */
function isArgumentError(thrown: unknown): boolean {
  return isError(thrown) && Reflect.get(thrown, "code") === "argument-invalid";
}

interface Thrown {
  readonly message: string;
  readonly stack: string;
  readonly requireStack: readonly string[];
}

// Not by instanceof: a module may have been run in another realm, as it is below jest.
function read(thrown: unknown): Thrown {
  if (typeof thrown !== "object" || thrown === null)
    return {
      message: typeof thrown === "string" ? thrown : `a ${typeof thrown}`,
      stack: "",
      requireStack: [],
    };
  const stack: unknown = Reflect.get(thrown, "stack");
  const requireStack: unknown = Reflect.get(thrown, "requireStack");
  return {
    message: String(Reflect.get(thrown, "message") ?? "an object"),
    stack: typeof stack === "string" ? stack : "",
    requireStack: Array.isArray(requireStack) ? requireStack.map(String) : [],
  };
}

// As the compiler in jiti words it: the problem, then path, line and column on a line of their own.
function syntaxFault(message: string): LoadFault | undefined {
  const lastLine = message.lastIndexOf("\n");
  const problem = /^\w+: (.*)$/s.exec(message.slice(0, Math.max(0, lastLine)))?.[1]?.trimEnd();
  const [place = "", line] = /:(\d+):\d+$/.exec(message) ?? [];
  const file = message.slice(lastLine + 1, -place.length).trimStart();
  if (!problem || line === undefined || file === "") return undefined;
  return { file, line: Number(line), message: `is not well-formed: ${problem}` };
}

function missingModule(message: string, importer: string): LoadFault | undefined {
  const specifier = /^Cannot find module '([^']+)'/.exec(message)?.[1];
  if (specifier === undefined) return undefined;
  const remedy = /^[./]/.test(specifier) ? "is the path right?" : "is it installed?";
  return {
    file: importer,
    line: findLine(importer, (text) => text.includes(`"${specifier}"`) || text.includes(`'${specifier}'`)),
    message: `imports "${specifier}", which cannot be found: ${remedy}`,
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** The first line of a file of which `isMeant` holds, counted from 1. */
export function findLine(file: string, isMeant: (text: string) => boolean): number | undefined {
  const index = readFileSync(file, "utf8").split("\n").findIndex(isMeant);
  return index === -1 ? undefined : index + 1;
}
