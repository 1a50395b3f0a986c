import { createContext, Script } from "node:vm";

/** Characters that an author's expression reads: the beginning of the text. */
export const READ_CHARACTERS = 8_000;
/** Time that one expression has for one text, in milliseconds. */
export const EXPRESSION_LIMIT_MS = 50;
/** Time that all expressions together have for one text, in milliseconds; the one that uses it up may take its own limit more. */
export const TEXT_LIMIT_MS = 200;

/** The result of running expressions up to the first that matches or cannot be finished. */
export type SearchResult =
  | { readonly kind: "match"; readonly index: number; readonly match: RegExpExecArray }
  /** `skipped`: it did not run, because the expressions before it used up the time of the text. */
  | { readonly kind: "out-of-time" | "skipped"; readonly index: number };

/** What the code that runs below the time limit works on. */
interface Job {
  readonly expressions: readonly RegExp[];
  readonly text: string;
  readonly end: number;
  /** Index of the expression that runs. */
  at: number;
  match: RegExpExecArray | null;
}

/** Work is synchronous, so there is one job at a time. */
let job: Job | undefined;
let runJob: ((limitMs: number) => void) | undefined;

/** The time that is left for expressions. Texts that share it have one limit together. */
export interface TimeLeft {
  ms: number;
}

/** The time that all expressions together have for one text, or for the texts that share it. */
export function fullTime(): TimeLeft {
  return { ms: TEXT_LIMIT_MS };
}

/** A text on which expressions of authors run with a limit. An expression with catastrophic backtracking cannot block the process. */
export class BoundedText {
  readonly #text: string;
  readonly #left: TimeLeft;

  /** @param left shared with other texts @default 200 ms for this text */
  constructor(text: string, left: TimeLeft = fullTime()) {
    this.#text = text.slice(0, READ_CHARACTERS);
    this.#left = left;
  }

  /**
   * Runs the expressions from index `first` until one matches, all in one call. `lastIndex` is not heeded.
   * @param end index after the last expression
   * @returns `undefined` if no expression matches
   */
  search(expressions: readonly RegExp[], first = 0, end = expressions.length): SearchResult | undefined {
    for (let at = first; at < end; ) {
      if (this.#left.ms <= 0) return { kind: "skipped", index: at };
      const todo: Job = { expressions, text: this.#text, end, at, match: null };
      const isFinished = this.#run(todo);
      if (todo.match !== null) return { kind: "match", index: todo.at, match: todo.match };
      if (isFinished) return undefined;
      // One that shared the call with others runs again, with all the time for itself.
      if (todo.at === at) return { kind: "out-of-time", index: at };
      at = todo.at;
    }
    return undefined;
  }

  /** @returns whether the job came to its end */
  #run(todo: Job): boolean {
    const began = process.cpuUsage();
    job = todo;
    try {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        if (isInTime()) return true;
        // The limit is measured by the clock. A process that did not get the processor meanwhile tries again.
        if (usedMs(began) >= EXPRESSION_LIMIT_MS / 2) return false;
      }
      return false;
    } finally {
      job = undefined;
      this.#left.ms -= usedMs(began);
    }
  }
}

const MOST_TRIES = 3;

/** @returns `false` for an expression that takes too long, or that needs more memory than the engine allows */
function isInTime(): boolean {
  runJob ??= createRunner();
  try {
    runJob(EXPRESSION_LIMIT_MS);
    return true;
  } catch {
    // The job calls nothing but `exec`, which throws for these two reasons alone.
    return false;
  }
}

/** The script's own realm has nothing in it: expressions and matches stay those of this one. */
function createRunner(): (limitMs: number) => void {
  const context = createContext({ run: () => job && searchJob(job) });
  const script = new Script("run()");
  return (timeout) => script.runInContext(context, { timeout });
}

function searchJob(todo: Job): void {
  for (; todo.at < todo.end; todo.at++) {
    const expression = todo.expressions[todo.at];
    if (expression === undefined) return;
    expression.lastIndex = 0;
    todo.match = expression.exec(todo.text);
    if (todo.match !== null) return;
  }
}

/** Milliseconds of processor time since `began`. */
function usedMs(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}
