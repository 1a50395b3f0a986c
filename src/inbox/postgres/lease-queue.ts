import { describeError } from "../../core/contract/errors";
import type { Lease } from "../../core/contract/inbox";
import type { Logger } from "../../core/contract/logger";
import type { Leases } from "./leases";

/** The waiting `take` calls, and the polling for them. */
export interface LeaseQueue {
  take(max: number, signal: AbortSignal): Promise<readonly Lease[]>;
  /** Polls because an event is or becomes ready. @param afterMs delay, in milliseconds. @default 0 */
  wake(afterMs?: number): void;
  /** Rejects all waiting and later calls. Resolves when no poll is running. */
  close(reason: Error): Promise<void>;
}

export interface LeaseQueueOptions {
  /** Time between two polls after an event was found, in milliseconds. */
  readonly busyMs: number;
  /** Longest time between two polls, in milliseconds. */
  readonly idleMs: number;
}

interface LeaseRequest {
  readonly max: number;
  isCancelled: boolean;
  resolve(leases: readonly Lease[]): void;
  reject(error: unknown): void;
}

/**
 * Creates the queue. While calls wait, it polls for events of other processes, at intervals that double while it finds
 * none. It polls at once after `wake`.
 */
export function createLeaseQueue(
  leases: Pick<Leases, "take" | "giveBack">,
  rules: LeaseQueueOptions,
  log: Logger,
): LeaseQueue {
  const waiting = new Set<LeaseRequest>();
  let polling: Promise<void> | undefined;
  let pollAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = rules.busyMs;
  let closedWith: Error | undefined;
  let isAway = false;

  function poll(): void {
    clearTimeout(timer);
    timer = undefined;
    pollAgain = polling !== undefined;
    if (pollAgain || waiting.size === 0 || closedWith !== undefined) return;
    polling = pollOnce().finally(() => {
      polling = undefined;
      if (pollAgain) poll();
      else if (waiting.size > 0 && closedWith === undefined) timer ??= setTimeout(poll, pauseMs);
    });
  }

  /** Never rejects: calls wait until the database can be reached. */
  async function pollOnce(): Promise<void> {
    const requests = [...waiting];
    const wanted = requests.reduce((sum, { max }) => sum + max, 0);
    try {
      const found = await leases.take(wanted);
      pauseMs = found.length > 0 ? rules.busyMs : Math.min(pauseMs * 2, rules.idleMs);
      pollAgain ||= found.length === wanted;
      isAway = false;
      await distribute(found, requests);
    } catch (error) {
      pauseMs = rules.idleMs;
      if (!isAway) log.warn("the inbox cannot be read. It is repeated", { error: describeError(error) });
      isAway = true;
    }
    for (const request of requests) {
      if (request.isCancelled && waiting.delete(request)) request.resolve([]);
    }
  }

  async function distribute(found: readonly Lease[], requests: readonly LeaseRequest[]): Promise<void> {
    let at = 0;
    for (const request of requests) {
      if (at === found.length) return;
      // Rejected during the poll.
      if (!waiting.delete(request)) continue;
      request.resolve(found.slice(at, at + request.max));
      at = Math.min(found.length, at + request.max);
    }
    await leases.giveBack(found.slice(at));
  }

  return {
    take(max, signal) {
      if (closedWith !== undefined) return Promise.reject(closedWith);
      if (signal.aborted) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          request.isCancelled = true;
          // During a poll, `pollOnce` resolves the call, so that its events are returned.
          if (polling === undefined && waiting.delete(request)) request.resolve([]);
        };
        const request: LeaseRequest = {
          max,
          isCancelled: false,
          resolve: (found) => {
            signal.removeEventListener("abort", onAbort);
            resolve(found);
          },
          reject: (error) => {
            signal.removeEventListener("abort", onAbort);
            reject(error);
          },
        };
        signal.addEventListener("abort", onAbort);
        waiting.add(request);
        poll();
      });
    },
    wake(afterMs = 0) {
      pauseMs = rules.busyMs;
      if (afterMs === 0) poll();
      // After `idleMs` a poll runs in any case.
      else if (afterMs < rules.idleMs && closedWith === undefined) setTimeout(poll, afterMs);
    },
    async close(reason) {
      closedWith = reason;
      clearTimeout(timer);
      for (const request of waiting) request.reject(reason);
      waiting.clear();
      await polling;
    },
  };
}
