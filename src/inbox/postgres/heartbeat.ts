import { describeError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import type { Database } from "./database";
import type { TurnQueue } from "./turn-queue";

export interface HeartbeatParts {
  readonly turnQueue: TurnQueue;
  readonly database: Database;
  readonly log: Logger;
  /** Renews the turns that this process holds. */
  readonly renew: () => Promise<void>;
  /** Time after which a turn that was not renewed is leased again, in milliseconds. */
  readonly leaseMs: number;
}

/** Time between two attempts while the database cannot be reached, in milliseconds. */
const AWAY_PAUSE_MS = 250;

/** Renews the turns of this process, and recovers those of dead processes. */
export function startHeartbeat({ turnQueue, database, log, renew, leaseMs: heartbeatMs }: HeartbeatParts): {
  stop(): void;
} {
  let isStopped = false;
  let reachableSince = performance.now();
  let isAway = false;
  let timer = setTimeout(round, heartbeatMs / 4);

  async function round(): Promise<void> {
    try {
      await renew();
      if (isAway) {
        // Without taken turns, `renew` sends no query.
        await database.query("SELECT 1");
        log.info("the database can be reached again");
        reachableSince = performance.now();
        isAway = false;
      }
      // No process could renew during the outage, so each gets the full time again.
      if (performance.now() - reachableSince > heartbeatMs && !isStopped) await turnQueue.recover();
    } catch (error) {
      if (isStopped) return;
      if (!isAway) log.warn("leases cannot be renewed. It is repeated", { error: describeError(error) });
      isAway = true;
    }
    if (!isStopped) timer = setTimeout(round, isAway ? AWAY_PAUSE_MS : heartbeatMs / 4);
  }

  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
