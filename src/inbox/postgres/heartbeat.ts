import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { Database } from "./database";
import type { TurnQueue } from "./turn-queue";

export interface HeartbeatParts {
  readonly turnQueue: TurnQueue;
  readonly database: Database;
  readonly log: Logger;
  /** Renews what this process holds at the moment. */
  readonly renew: () => Promise<void>;
  /** After which a turn that was not renewed is handed out again, in milliseconds. */
  readonly leaseMs: number;
}

/** Between two tries while the database is away, in milliseconds. */
const AWAY_PAUSE_MS = 250;

/** Renews the turns of this process, and returns those of processes that have died. */
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
        // Without anything held, nothing has been asked yet.
        await database.query("SELECT 1");
        log.info("the database is back");
        reachableSince = performance.now();
        isAway = false;
      }
      // Nobody could renew while the database was away: all get as long again before they count as dead.
      if (performance.now() - reachableSince > heartbeatMs && !isStopped) await turnQueue.recover();
    } catch (error) {
      if (isStopped) return;
      if (!isAway) log.warn("leases cannot be renewed; trying again", { error: describe(error) });
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
