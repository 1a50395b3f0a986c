import { BellhopError, describe } from "../core/errors";

/** Exit codes of all commands. */
export const EXIT = {
  done: 0,
  /** It failed while it ran. */
  failed: 1,
  /** Something must be changed before it can run: the command line, the configuration, a bot. */
  refused: 2,
  /** There is nothing by that id. */
  notFound: 3,
  /** The event is being handled at this moment; the same command works later. */
  busy: 4,
} as const;

/** What was asked for is not there. */
export class NotFoundError extends BellhopError {
  override readonly name = "NotFoundError";

  constructor(message: string) {
    super("not-found", message, { retry: "never" });
  }
}

/** The command line asks for something that makes no sense. */
export class UsageError extends BellhopError {
  override readonly name = "UsageError";

  constructor(message: string) {
    super("usage", message, { retry: "never" });
  }
}

const MUST_BE_CHANGED: ReadonlySet<string> = new Set([
  "config-invalid",
  "load-failed",
  "listen-failed",
  "usage",
]);

/** Says what went wrong, to people or as JSON. @returns the exit code */
export function complain(error: unknown, asJson: boolean): number {
  const code = error instanceof BellhopError ? error.code : "unknown";
  if (asJson) console.error(JSON.stringify({ error: { code, message: describe(error) } }));
  else if (error instanceof BellhopError) console.error(error.message);
  // Of an error that is not ours, where it happened is all there is to go by.
  else console.error(error instanceof Error ? error.stack : describe(error));
  if (code === "not-found") return EXIT.notFound;
  if (code === "event-leased") return EXIT.busy;
  return MUST_BE_CHANGED.has(code) ? EXIT.refused : EXIT.failed;
}

/** One object for a program, or words for a person. */
export function print(value: unknown, words: string, asJson: boolean): void {
  console.log(asJson ? JSON.stringify(value) : words);
}
