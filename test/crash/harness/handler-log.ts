/** Runs in the program: the bots note in the ledger what their handlers do. */
import type { Context } from "bellhop";
import { append, type Entry } from "./ledger";

let runs = 0;

/** To be called after each call that the platform confirmed. */
export type Confirm = (step: string) => void;

/** A handler that keeps the ledger. Without one, in other tests say, it only runs. */
export function logged<C extends Context>(
  handler: (ctx: C, confirm: Confirm) => Promise<unknown>,
): (ctx: C) => Promise<void> {
  return async (ctx) => {
    const run = `${process.pid}.${++runs}`;
    note({ is: "begun", id: idOf(ctx.event.notice.key), pid: process.pid, run, attempt: ctx.attempt });
    try {
      await handler(ctx, (step) => note({ is: "confirmed", run, step }));
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
