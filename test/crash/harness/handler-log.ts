/** Runs in the program: the bots note in the ledger what their handlers do. */
import type { Context } from "bellhop";
import { withOrigin } from "./calls";
import { append, type Entry } from "./ledger";

let runs = 0;

/** Makes a call that posts or changes something, as a step of the exercise, and notes that it was confirmed. */
export type Do = <T>(step: string, call: () => Promise<T>) => Promise<T>;

/** A handler that keeps the ledger. Without one, for example in other tests, it only runs. */
export function logged<C extends Context>(
  handler: (ctx: C, act: Do) => Promise<unknown>,
): (ctx: C) => Promise<void> {
  return async (ctx) => {
    const run = `${process.pid}.${++runs}`;
    const id = idOf(ctx.event.notice.key);
    note({ is: "begun", id, pid: process.pid, run, attempt: ctx.attempt });
    try {
      await handler(ctx, async (step, call) => {
        note({ is: "calling", run, step });
        const result = await withOrigin({ id, run, step }, call);
        note({ is: "confirmed", run, step });
        return result;
      });
    } catch (error) {
      note({ is: "failed", run });
      throw error;
    }
    note({ is: "ended", run });
  };
}

/** What an event is about, from `webex/default/messages|created|<id>`. */
export function idOf(key: string): string {
  return key.slice(key.lastIndexOf("|") + 1);
}

function note(entry: Entry): void {
  if (process.env.CRASH_LEDGER !== undefined) append(process.env.CRASH_LEDGER, entry);
}
