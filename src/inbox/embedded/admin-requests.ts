import { describeError, EventLeasedError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import type { AdminActions } from "./admin-actions";
import { DONE, LEASED, NOT_FOUND } from "./admin-writes";
import type { StoreClient } from "./store-client";
import type { AdminRequest } from "./thread-protocol";

/** Time between two polls, in milliseconds. A poll reads one number unless another process has written. */
const POLL_EVERY_MS = 1_000;

/** Polls the requests of other processes, for example of `bellhop inbox`, and carries them out. */
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
        // After the deadline the requesting process has reported a failure.
        const outcome = request.deadline < clock() ? NOT_FOUND : await carryOut(request);
        await thread.call("answerAdminRequest", { id: request.id, outcome, now: clock() });
      }
    } catch (error) {
      if (isStopped) return;
      log.error("the inbox cannot read the requests of other processes. It tries again", {
        error: describeError(error),
      });
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
