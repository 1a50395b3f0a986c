import { describe } from "../../core/errors";
import type { Lease } from "../../core/inbox";
import type { Logger } from "../../core/logger";
import type { Leases } from "./leases";

/** Those who wait for something to do, and the looking for it. */
export interface Takers {
  take(max: number, signal: AbortSignal): Promise<readonly Lease[]>;
  /** Looks at once, or in so many milliseconds: there is something to do. @param afterMs @default 0 */
  wake(afterMs?: number): void;
  /** Refuses those who wait; resolves when nothing is being looked for. */
  close(reason: Error): Promise<void>;
}

export interface TakerRules {
  /** Between two looks after something was found, in milliseconds. */
  readonly busyMs: number;
  /** The longest time between two looks, in milliseconds. */
  readonly idleMs: number;
}

interface Taker {
  readonly max: number;
  isGone: boolean;
  resolve(leases: readonly Lease[]): void;
  reject(error: unknown): void;
}

/**
 * Looks for work while somebody waits for it: at once when this process knows of some, otherwise after a pause that
 * doubles while there is none, for what other processes have added or left.
 */
export function createTakers(
  leases: Pick<Leases, "take" | "giveBack">,
  rules: TakerRules,
  log: Logger,
): Takers {
  const waiting = new Set<Taker>();
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = rules.busyMs;
  let over: Error | undefined;
  let isAway = false;

  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    lookAgain = looking !== undefined;
    if (lookAgain || waiting.size === 0 || over !== undefined) return;
    looking = lookOnce().finally(() => {
      looking = undefined;
      if (lookAgain) look();
      else if (waiting.size > 0 && over === undefined) timer ??= setTimeout(look, pauseMs);
    });
  }

  /** Never rejects: takers wait until the database is back. */
  async function lookOnce(): Promise<void> {
    const takers = [...waiting];
    const wanted = takers.reduce((sum, { max }) => sum + max, 0);
    try {
      const found = await leases.take(wanted);
      pauseMs = found.length > 0 ? rules.busyMs : Math.min(pauseMs * 2, rules.idleMs);
      lookAgain ||= found.length === wanted;
      isAway = false;
      await handOut(found, takers);
    } catch (error) {
      pauseMs = rules.idleMs;
      if (!isAway) log.warn("the inbox cannot be read; trying again", { error: describe(error) });
      isAway = true;
    }
    for (const taker of takers) {
      if (taker.isGone && waiting.delete(taker)) taker.resolve([]);
    }
  }

  async function handOut(found: readonly Lease[], takers: readonly Taker[]): Promise<void> {
    let at = 0;
    for (const taker of takers) {
      if (at === found.length) return;
      // Refused in the meantime.
      if (!waiting.delete(taker)) continue;
      taker.resolve(found.slice(at, at + taker.max));
      at = Math.min(found.length, at + taker.max);
    }
    await leases.giveBack(found.slice(at));
  }

  return {
    take(max, signal) {
      if (over !== undefined) return Promise.reject(over);
      if (signal.aborted) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          taker.isGone = true;
          // What is being fetched for it is not left to lie about.
          if (looking === undefined && waiting.delete(taker)) taker.resolve([]);
        };
        const taker: Taker = {
          max,
          isGone: false,
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
        waiting.add(taker);
        look();
      });
    },
    wake(afterMs = 0) {
      pauseMs = rules.busyMs;
      if (afterMs === 0) look();
      // Beyond that, somebody looks anyway.
      else if (afterMs < rules.idleMs && over === undefined) setTimeout(look, afterMs);
    },
    async close(reason) {
      over = reason;
      clearTimeout(timer);
      for (const taker of waiting) taker.reject(reason);
      waiting.clear();
      await looking;
    },
  };
}
