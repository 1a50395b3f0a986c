import type { AttemptFailure } from "../../contract/inbox";
import type { LogFields } from "../../contract/logger";

/**
 * How much of a failure a log line says.
 * - `full`: the message and the stack, too. Either may quote what a person wrote, or a token.
 * - `brief`: class, code and place.
 */
export type ErrorDetail = "full" | "brief";

/** Class, message and place in one line: `TypeError: x is not a function, at /app/bots/pay.ts:12`. */
export function failureLine({ name, message, at }: AttemptFailure): string {
  const said = name === undefined ? message : `${name}: ${message}`;
  return at === undefined ? said : `${said}, at ${at}`;
}

/** The stack, and those of the causes below it. Empty if nothing has a stack. */
export function failureStack({ stack, causes = [] }: AttemptFailure): string {
  const below = causes.map((cause) => `caused by ${cause.stack ?? `${cause.name}: ${cause.message}`}`);
  return [...(stack === undefined ? [] : [stack]), ...below].join("\n");
}

/** A failure in a log line. @param withStack only with the detail `full` */
export function failureFields(failure: AttemptFailure, detail: ErrorDetail, withStack = false): LogFields {
  const { name = "unknown", code, at, where, message } = failure;
  if (detail === "brief") return { error: name, code, at, where };
  const stack = withStack ? failureStack(failure) : "";
  return { error: stack === "" ? `${name}: ${message}` : { name, message, stack }, code, at, where };
}
