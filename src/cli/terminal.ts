import { BellhopError, describeError } from "../core/contract/errors";
import type { Logger } from "../core/contract/logger";
import { createLogger } from "../logging";
import { EXIT, exitCodeOf } from "./output";

/** One of a command's output streams. */
export interface Output {
  write(text: string): unknown;
  /** Width in characters, where it is a terminal. */
  readonly columns?: number | undefined;
}

/** The environment and the output streams of a command: those of the process, or those of a test. */
export class Terminal {
  /** Set by a command that ran to its end and found something wrong. */
  exitCode: number = EXIT.done;

  /** A command adds the variables of `.env` to it. */
  readonly env: Record<string, string | undefined>;
  readonly #stdout: Output;
  readonly #stderr: Output;

  constructor(env: Record<string, string | undefined>, stdout: Output, stderr: Output) {
    this.env = env;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** Width of a table, in characters. */
  get columns(): number {
    return this.#stdout.columns ?? 200;
  }

  writeLine(text: string): void {
    this.#stdout.write(`${text}\n`);
  }

  writeErrorLine(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  /** Writes one JSON object for a program, or words for a person. */
  print(value: unknown, words: string, asJson: boolean): void {
    this.writeLine(asJson ? JSON.stringify(value) : words);
  }

  /** Writes an error for a person or as JSON. @returns the exit code */
  fail(error: unknown, asJson: boolean): number {
    const code = error instanceof BellhopError ? error.code : "unknown";
    if (asJson) this.writeErrorLine(JSON.stringify({ error: { code, message: describeError(error) } }));
    else if (error instanceof BellhopError) this.writeErrorLine(error.message);
    // The stack is the only hint to the place of an error that is not ours.
    else this.writeErrorLine(error instanceof Error && error.stack ? error.stack : describeError(error));
    return exitCodeOf(error);
  }

  /** A logger for warnings. It writes to standard error, so that it does not mix with the lines that a program reads. */
  createLogger(json: boolean): Logger {
    return createLogger({ level: "warn", format: json ? "json" : "pretty", destination: this.#stderr });
  }
}
