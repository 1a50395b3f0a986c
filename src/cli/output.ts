import { BellhopError } from "../core/contract/errors";

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

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  const code = error instanceof BellhopError ? error.code : "unknown";
  if (code === "not-found") return EXIT.notFound;
  if (code === "event-leased") return EXIT.busy;
  return MUST_BE_CHANGED.has(code) ? EXIT.refused : EXIT.failed;
}
