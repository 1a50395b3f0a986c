import { Session } from "node:inspector";

/**
 * Evaluated on top of whatever the main thread runs: V8 interrupts loops, calls and regular expressions for it. The stack
 * then has the frames below, and the functions that wait for them. Restores what a source-map package may have set.
 */
const READ_STACK = `(() => {
  const { Error } = globalThis;
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = undefined;
  Error.stackTraceLimit = 200;
  try {
    return new Error("blocked").stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
})()`;

/** Frames of READ_STACK itself. */
const OWN_FRAME = /^ *at (?:<anonymous>|eval \(.*\)|<anonymous> \(.*\)):\d+:\d+$/;

/** Asks V8 about the main thread, from another one. */
export interface StackReader {
  /** @returns the frames, one a line; `undefined` when the main thread runs native code and does not answer in time */
  read(withinMs: number): Promise<string | undefined>;
  close(): void;
}

/** Needs no open port and no debugger. */
export function createStackReader(): StackReader {
  const session = new Session();
  session.connectToMainThread();

  return {
    read: (withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), withinMs);
        session.post(
          "Runtime.evaluate",
          { expression: READ_STACK, returnByValue: true, silent: true },
          (error, answer) => {
            clearTimeout(timer);
            const value: unknown = error === null ? answer?.result.value : undefined;
            resolve(typeof value === "string" ? framesOf(value) : undefined);
          },
        );
      }),
    close: () => session.disconnect(),
  };
}

/** The frames without the message and without what read them. */
function framesOf(stack: string): string {
  return stack
    .split("\n")
    .slice(1)
    .filter((line) => !OWN_FRAME.test(line))
    .join("\n");
}
