import { BellhopError, isError } from "../../core/contract/errors";
import { shownPath } from "../../core/contract/load-error";
import type { Logger } from "../../core/contract/logger";
import { describeFailure } from "../../core/handle/failures/describe-failure";
import { type ErrorDetail, failureFields } from "../../core/handle/failures/failure-text";
import { findNearestLine, isFrameworkFile, isPackageFile } from "../../core/util/author-line";
import { sourceLines } from "../../core/util/call-site";

/**
 * Keeps the program alive when a bot throws outside of its handlers, in a timer or an event emitter, or forgets a promise:
 * one bot's mistake must not end the answers of all. An error that Bellhop's own code throws there ends the process with
 * exit code 1, because its state may be wrong; what was accepted is handled after the next start.
 */
export function surviveStrayErrors(log: Logger, detail: ErrorDetail): void {
  // Such an error may quote what a person wrote, as that of a handler may.
  const fieldsOf = (error: unknown) => ({
    ...failureFields(describeFailure(error), detail, true),
    at: lineOf(error),
  });
  process.on("unhandledRejection", (error) => {
    log.error(
      "a promise was rejected and nobody looks at it: is an await missing in a bot?",
      fieldsOf(error),
    );
  });
  process.on("uncaughtException", (error) => {
    if (!isFrameworkBug(error)) {
      log.error(
        "code outside of handlers threw, for example a timer of a bot; the program goes on",
        fieldsOf(error),
      );
      return;
    }
    log.error("Bellhop itself threw outside of handlers; the process ends, and accepted events are kept", {
      error,
    });
    process.exit(1);
  });
}

/** Whether only the framework's code is on the stack. An error of ours that a bot's call got is the bot's. */
export function isFrameworkBug(thrown: unknown): boolean {
  if (!isError(thrown) || thrown instanceof BellhopError) return false;
  const files = sourceLines(thrown.stack ?? "").map(({ file }) => file);
  return files.some(isFrameworkFile) && files.every((file) => isFrameworkFile(file) || isPackageFile(file));
}

/** The line of the developer's code that threw: `bots/echo.ts:12`. */
function lineOf(thrown: unknown): string | undefined {
  const place = findNearestLine(isError(thrown) ? (thrown.stack ?? "") : "");
  return place && `${shownPath(place.file)}:${place.line}`;
}
