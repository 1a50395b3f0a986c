import { LeaseLostError } from "../../core/contract/errors";
import { sleep } from "../../core/util/sleep";
import type { Database } from "./database";
import { formatId } from "./event-ids";
import { isAway, toInboxError } from "./postgres-errors";
import type { TakenTurn, TurnQueue } from "./turn-queue";

/** An instant by two clocks: the steady one stops while the machine sleeps, the wall clock can be set. */
export interface Instant {
  readonly steady: number;
  readonly wall: number;
}

export function instantNow(): Instant {
  return { steady: performance.now(), wall: Date.now() };
}

export interface TurnLeaseParts {
  readonly database: Database;
  readonly turnQueue: TurnQueue;
  /** Time after its last renewal in which a turn is certainly held, in milliseconds. */
  readonly certainMs: number;
  /** Time for which a renewal is repeated while the database cannot be reached, in milliseconds. */
  readonly renewForMs: number;
  /** Aborted when the inbox is closed. */
  readonly closing: AbortSignal;
}

/** Time between two attempts while the database cannot be reached, in milliseconds. */
const AWAY_PAUSE_MS = 250;

/**
 * A turn that this process has taken, with the time of its last renewal. Another process can take the turn only if it was
 * not renewed for the whole lease, so a process with a younger renewal still holds it.
 */
export class TurnLease {
  readonly turn: TakenTurn;
  readonly #event: string;
  readonly #parts: TurnLeaseParts;
  #renewed: Instant;
  #isLost = false;

  /** @param taken an instant before the query that took the turn */
  constructor(turn: TakenTurn, event: string, taken: Instant, parts: TurnLeaseParts) {
    this.turn = turn;
    this.#event = event;
    this.#renewed = taken;
    this.#parts = parts;
  }

  isCertain(): boolean {
    if (this.#isLost) return false;
    const now = instantNow();
    const { certainMs } = this.#parts;
    return now.steady - this.#renewed.steady < certainMs && now.wall - this.#renewed.wall < certainMs;
  }

  /** Records a renewal. @param asked an instant before its query */
  renewed(asked: Instant): void {
    this.#renewed = asked;
  }

  /** Records that another process may hold the turn. */
  lost(): void {
    this.#isLost = true;
  }

  /** @throws LeaseLostError, InboxError */
  async renew(): Promise<void> {
    const { database, turnQueue, renewForMs, closing } = this.#parts;
    const until = performance.now() + renewForMs;
    while (!this.isCertain()) {
      closing.throwIfAborted();
      if (this.#isLost) throw new LeaseLostError(formatId(this.#event));
      const asked = instantNow();
      try {
        if ((await turnQueue.touch([this.turn], database)).size === 1) this.renewed(asked);
        else this.lost();
      } catch (error) {
        if (!isAway(error) || performance.now() > until) throw toInboxError("renewing a lease", error);
        await sleep(AWAY_PAUSE_MS, closing);
      }
    }
  }
}
