import { writeSync } from "node:fs";

/** How long a full pipe is waited for, in milliseconds. */
const LONGEST_WAIT_MS = 500;
const PAUSE_MS = 10;

/** Writes a line to standard output at once, without the main thread. Gives up when the reader does not read. */
export function writeLine(line: string): void {
  let rest = Buffer.from(line);
  const until = performance.now() + LONGEST_WAIT_MS;
  while (rest.length > 0 && performance.now() < until) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
