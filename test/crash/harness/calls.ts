/**
 * Each call to the platform names the event, the run and the step that it was made for, in a header. So the ledger knows
 * which answer belongs to which question when all texts are equal. Neither the program nor the bots read it.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** What a call was made for. */
export interface CallOrigin {
  /** Of the message or click that the event is about. */
  readonly id: string;
  readonly run: string;
  /** The same for the same call in each run: `"one"`. */
  readonly step: string;
}

export const ORIGIN_HEADER = "x-crash-call";

/** Also read by fault-preload.cjs, which has no part in this module's instances. */
const STORAGE = Symbol.for("bellhop.crash.origin");

const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<string> };

/** Makes a call, in the program, with its origin in its header. */
export function withOrigin<T>({ id, run, step }: CallOrigin, call: () => T): T {
  shared[STORAGE] ??= new AsyncLocalStorage();
  return shared[STORAGE].run(JSON.stringify([id, run, step]), call);
}

/** @param header as it came; `undefined` or empty when the call was made outside of a handler */
export function readOrigin(header: unknown): CallOrigin | undefined {
  if (typeof header !== "string" || header === "") return undefined;
  // Asserted: `withOrigin` wrote it.
  const [id, run, step] = JSON.parse(header) as [string, string, string];
  return { id, run, step };
}
