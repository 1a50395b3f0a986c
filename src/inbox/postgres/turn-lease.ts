import { LeaseLostError } from "../../core/errors";
import { pause } from "../../core/pause";
import type { Database } from "./database";
import { formatId } from "./event-ids";
import { isAway, toInboxError } from "./postgres-errors";
import type { TakenTurn, TurnQueue } from "./turn-queue";

/** An instant by two clocks: one of them stands still while the machine is suspended, the other one can be set. */
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
  /** How long after its last renewal a turn is certainly held, in milliseconds. */
  readonly certainMs: number;
  /** How long a renewal is tried while the database is away, in milliseconds. */
  readonly renewForMs: number;
  /** Aborted when the inbox is closed. */
  readonly closing: AbortSignal;
}

/** Between two tries while the database is away, in milliseconds. */
const AWAY_PAUSE_MS = 250;

/**
 * A turn that this process has taken, and when it was renewed last. PostgreSQL gives the turn to another process when it
 * has not been renewed for the whole lease, so a process that knows of a younger renewal still has it.
 */
export class TurnLease {
  readonly turn: TakenTurn;
  readonly #event: string;
  readonly #parts: TurnLeaseParts;
  #renewed: Instant;
  #isLost = false;

  /** @param taken an instant before the turn was asked for */
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

  /** The database has renewed it. @param asked an instant before it was asked to */
  renewed(asked: Instant): void {
    this.#renewed = asked;
  }

  /** The database says that another process may have it. */
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
        await pause(AWAY_PAUSE_MS, closing);
      }
    }
  }
}
