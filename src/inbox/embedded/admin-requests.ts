import { describe, EventLeasedError } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { AdminActions } from "./admin-actions";
import { DONE, LEASED, NOT_FOUND } from "./admin-writes";
import type { StoreClient } from "./store-client";
import type { AdminRequest } from "./thread-protocol";

/** How often is looked, in milliseconds. To look costs one number of SQLite's. */
const POLL_EVERY_MS = 1_000;

/** Does what other processes ask of the one that has the file, for example commands. */
export function pollAdminRequests(
  thread: Pick<StoreClient, "call">,
  clock: () => number,
  log: Logger,
  operations: AdminActions,
): { stop(): void } {
  let isStopped = false;
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    return setTimeout(() => void poll(), POLL_EVERY_MS).unref();
  }

  async function poll(): Promise<void> {
    try {
      for (const request of await thread.call("adminRequests", {})) {
        // The process that asked after that was told that it was not done.
        const outcome = request.deadline < clock() ? NOT_FOUND : await carryOut(request);
        await thread.call("answerAdminRequest", { id: request.id, outcome, now: clock() });
      }
    } catch (error) {
      if (isStopped) return;
      log.error("the inbox cannot see what is asked of it; trying again", { error: describe(error) });
    }
    if (!isStopped) timer = schedule();
  }

  async function carryOut({ kind, event, reason }: AdminRequest): Promise<number> {
    try {
      switch (kind) {
        case "replay":
          return (await operations.replay(event)) ?? NOT_FOUND;
        case "retry":
          return (await operations.retry(event)) ? DONE : NOT_FOUND;
        case "discard":
          return (await operations.discard(event, reason)) ? DONE : NOT_FOUND;
        default:
          return kind satisfies never;
      }
    } catch (error) {
      if (error instanceof EventLeasedError) return LEASED;
      throw error;
    }
  }

  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
