import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { Thread } from "./thread";
import type { Discarded, Replayed } from "./wire";

/** How often is looked, in milliseconds. To look costs one number of SQLite's. */
const EVERY_MS = 1_000;

/** Does what other processes, commands say, ask of whoever has the file. */
export function startErrands(
  thread: Pick<Thread, "call">,
  clock: () => number,
  log: Logger,
  onDone: (done: Replayed | Discarded) => void,
): { stop(): void } {
  let isStopped = false;
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    return setTimeout(() => void look(), EVERY_MS).unref();
  }

  async function look(): Promise<void> {
    try {
      for (const done of await thread.call("errands", { now: clock() })) onDone(done);
    } catch (error) {
      if (isStopped) return;
      log.error("the inbox cannot see what is asked of it; trying again", { error: describe(error) });
    }
    if (!isStopped) timer = schedule();
  }

  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
