import { describeError, HandlerError } from "../../contract/errors";
import type { AttemptFailure, FailureCause } from "../../contract/inbox";
import { findAuthorLine } from "../../util/author-line";
import { chainOf, classOf, codeOf, isInstance, readProperty, shorten } from "../../util/thrown-value";

const LONGEST_MESSAGE = 2_000;
const LONGEST_STACK = 4_096;
const LONGEST_CAUSE_MESSAGE = 500;
const LONGEST_CAUSE_STACK = 1_024;
const MOST_CAUSES = 8;

/**
 * Describes why an attempt failed, for the inbox and the log. Never throws, whatever was thrown, and returns about 20 KB
 * at most.
 */
export function describeFailure(thrown: unknown): AttemptFailure {
  // The wrapper says which handler it was; everything else is said by what the handler threw.
  const wrapper = isInstance(thrown, HandlerError) ? thrown : undefined;
  const [error, ...causes] = chainOf(wrapper === undefined ? thrown : wrapper.cause, MOST_CAUSES + 1);
  return {
    code: codeOf(error) ?? wrapper?.code ?? "unknown",
    message: shorten(describeError(thrown), LONGEST_MESSAGE),
    name: classOf(error),
    at: firstAuthorLine([error, ...causes]) ?? wrapper?.writtenAt,
    where: wrapper?.where,
    stack: stackOf(error, LONGEST_MESSAGE, LONGEST_STACK),
    causes: causes.length === 0 ? undefined : causes.map(describeCause),
  };
}

function describeCause(error: unknown): FailureCause {
  return {
    name: classOf(error),
    message: shorten(describeError(error), LONGEST_CAUSE_MESSAGE),
    code: codeOf(error),
    stack: stackOf(error, LONGEST_CAUSE_MESSAGE, LONGEST_CAUSE_STACK),
  };
}

function firstAuthorLine(chain: readonly unknown[]): string | undefined {
  for (const error of chain) {
    const place = findAuthorLine(framesOf(error));
    if (place !== undefined) return `${place.file}:${place.line}`;
  }
  return undefined;
}

/** Class and message, and then the frames: a long message must not push them out. */
function stackOf(error: unknown, longestMessage: number, longest: number): string | undefined {
  const frames = framesOf(error);
  if (frames === "") return undefined;
  return shorten(
    `${classOf(error)}: ${shorten(describeError(error), longestMessage / 2)}\n${frames}`,
    longest,
  );
}

/** The frames of an error's stack, one a line; a message that looks like frames is not among them. */
function framesOf(error: unknown): string {
  const stack = readProperty(error, "stack");
  if (typeof stack !== "string") return "";
  const message = readProperty(error, "message");
  const said = typeof message === "string" && message !== "" ? stack.indexOf(message) : -1;
  const from = said === -1 ? 0 : said + String(message).length;
  const first = stack.indexOf("\n    at ", from);
  return first === -1 ? "" : stack.slice(first + 1, first + 1 + LONGEST_STACK);
}
