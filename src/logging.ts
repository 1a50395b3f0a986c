import { styleText } from "node:util";
import { pino, stdTimeFunctions } from "pino";
import { checkOptions, optionNames } from "./core/contract/check-options";
import { isError } from "./core/contract/errors";
import type { LogFields, Logger } from "./core/contract/logger";

/** How a logger of {@link createLogger} writes. */
export interface LoggerOptions {
  /** The least important level that is written; `silent` writes nothing. */
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** `json`: one object a line. `pretty`: time, level, sentence and key=value, in colours where the terminal has them. */
  readonly format: "json" | "pretty";
  /** Takes whole lines. @default standard output, written at once */
  readonly destination?: LogDestination;
}

const OPTIONS = optionNames<LoggerOptions>({ level: true, format: true, destination: true });

/** Where lines go: a stream, or anything with its `write`. */
export interface LogDestination {
  write(line: string): unknown;
}

/**
 * Makes the logger of a running program. Secrets and what people wrote do not reach it, at whatever depth they stand
 * in the fields: values of `token`, `secret`, `authorization`, `text`, `markdown`, `html`, `inputs` and their likes
 * are replaced, and of an error only name, code, message, stack and cause are kept.
 */
export function createLogger(options: LoggerOptions): Logger {
  checkOptions("createLogger", options, OPTIONS);
  const { level, format, destination } = options;
  const output = destination ?? pino.destination({ fd: 1, sync: true });
  const writer = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    format === "json" ? output : { write: (line: string) => output.write(prettify(line)) },
  );
  const write =
    (name: keyof Logger) =>
    (sentence: string, fields?: LogFields): void => {
      if (fields === undefined) writer[name](sentence);
      else if (writer.isLevelEnabled(name)) writer[name](safeFields(fields), sentence);
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

const REDACTED = "[redacted]";
/** Matches whole words of a name in any spelling: `token`, `botToken`, `WEBEX_BOT_TOKEN`, `x-api-token`. */
const SECRET_NAME = /(?:^|_)(?:tokens?|secrets?|authorization|password|cookie|text|markdown|html|inputs)$/;
/** Fields nested deeper are cut off: a log line is no dump. */
const MAX_DEPTH = 6;

/** What a line begins with; fields of these names would make it ambiguous. */
const OWN_KEYS: ReadonlySet<string> = new Set(["level", "time", "msg"]);

function safeFields(fields: LogFields): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields))
    safe[OWN_KEYS.has(key) ? `${key}_` : key] = isSecretName(key) ? REDACTED : safeValue(value, 1);
  return safe;
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return withoutBearer(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return "…";
  if (isError(value)) return safeError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.map((item: unknown) => safeValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretName(key) && item !== undefined ? REDACTED : safeValue(item, depth + 1),
    ]),
  );
}

// An HTTP client's error has the whole request on it, the token included.
function safeError(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    ...("code" in error ? { code: safeValue(error.code, depth + 1) } : {}),
    message: withoutBearer(error.message),
    stack: withoutBearer(error.stack ?? ""),
    ...(error.cause === undefined ? {} : { cause: safeValue(error.cause, depth + 1) }),
  };
}

function isSecretName(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  return SECRET_NAME.test(words);
}

function withoutBearer(text: string): string {
  return text.replace(/\bBearer\s+\S+/gi, `Bearer ${REDACTED}`);
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const COLOURS = { debug: "gray", info: "green", warn: "yellow", error: "red" } as const;

function prettify(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>; // written by pino, just above
  const name = String(level) as keyof typeof COLOURS; // one of Logger's four methods
  const stacks: string[] = [];
  const pairs = Object.entries(fields).map(([key, value]) => {
    if (isLoggedError(value)) {
      stacks.push(value.stack);
      return `${styleText("dim", `${key}=`)}${quote(value.message)}`;
    }
    return `${styleText("dim", `${key}=`)}${quote(value)}`;
  });
  const clock = CLOCK.format(new Date(String(time)));
  const head = `${styleText("dim", clock)} ${styleText(COLOURS[name], name.toUpperCase().padEnd(5))}`;
  const below = stacks.flatMap((stack) =>
    stack.split("\n").map((row) => styleText("dim", `    ${printable(row)}`)),
  );
  return [[head, printable(String(msg ?? "")), ...pairs].join(" "), ...below, ""].join("\n");
}

function isLoggedError(value: unknown): value is { message: string; stack: string } {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value;
}

function quote(value: unknown): string {
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value) && !/["=\\]/.test(value)) return value;
  return printable(JSON.stringify(value));
}

// A terminal obeys control characters; a log line must not be able to move its cursor.
function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
