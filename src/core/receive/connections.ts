import { describeError } from "../contract/errors";
import type { Logger } from "../contract/logger";
import type { Metrics } from "../contract/metrics";
import type { Platform, ReceiveContext } from "../contract/platform";
import { OUTCOMES } from "./receive";

export interface ConnectionsParts {
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "delivery" | "connected">;
}

/** The connections over which platforms receive by themselves. */
export interface Connections {
  /**
   * Has a platform receive until `signal` is aborted. Resolves when it is connected; at once for one that has no
   * connection of its own.
   * @throws whatever ended the connection before it was there for the first time
   */
  open(platform: Platform, arrival: ReceiveContext, signal: AbortSignal): Promise<void>;
  /** Whether what happens there can arrive now. Always for platforms that only deliveries come from. */
  isOpen(platform: Platform): boolean;
  areOpen(): boolean;
  /** Resolves when what had arrived is in the inbox. After `signal` was aborted. */
  ended(): Promise<void>;
}

/** Keeps watch over the connections, counts what they bring, and says when one is gone for good. */
export function createConnections({ log, metrics }: ConnectionsParts): Connections {
  const down = new Set<Platform>();
  const running = new Set<Promise<void>>();

  function note(platform: Platform, isConnected: boolean): void {
    if (isConnected) down.delete(platform);
    else down.add(platform);
    metrics.connected(platform.name, platform.account, isConnected);
  }

  function counting(platform: Platform, accept: ReceiveContext["accept"]): ReceiveContext["accept"] {
    return async (notice) => {
      try {
        const outcome = await accept(notice);
        metrics.delivery(platform.name, OUTCOMES[outcome]);
        return outcome;
      } catch (error) {
        metrics.delivery(platform.name, "failed");
        throw error;
      }
    };
  }

  function logEnd({ name, account }: Platform, error: unknown): void {
    log.error("events of this account do not arrive any more, until the program is started again", {
      platform: name,
      account,
      error: describeError(error),
    });
  }

  return {
    open(platform, arrival, signal) {
      if (platform.listen === undefined) return Promise.resolve();
      note(platform, false);
      const listen = platform.listen.bind(platform);
      const accept = counting(platform, arrival.accept);
      let wasOpen = false;
      return new Promise((resolve, reject) => {
        const connected = (isConnected: boolean): void => {
          note(platform, isConnected);
          wasOpen ||= isConnected;
          if (isConnected) resolve();
        };
        const fail = (error: unknown): void => {
          if (signal.aborted) resolve();
          else if (wasOpen) logEnd(platform, error);
          else reject(error);
        };
        const run: Promise<void> = listen({ ...arrival, accept, connected }, signal)
          .then(resolve, fail)
          .then(() => {
            note(platform, false);
            running.delete(run);
          });
        running.add(run);
      });
    },
    isOpen: (platform) => !down.has(platform),
    areOpen: () => down.size === 0,
    ended: async () => void (await Promise.all(running)),
  };
}
