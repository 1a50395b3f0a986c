import type { EventHistory } from "../../contract/platform";
import type { AcceptNotice } from "../receive";

/** What one round brought. */
export interface CatchUpReport {
  /** From when on, in milliseconds since 1970. */
  readonly since: number;
  readonly rooms: number;
  /** What people did there. */
  readonly found: number;
  /** How much of it had not arrived before. */
  readonly added: number;
  /** `false` when there were more rooms than are looked into. */
  readonly isComplete: boolean;
}

/** One look at everything since a moment. */
export class CatchUpRun {
  readonly #missed: EventHistory;
  readonly #since: number;
  readonly #accept: AcceptNotice;
  readonly #signal: AbortSignal;
  readonly #rooms = new Map<string, Promise<{ found: number; added: number }>>();

  constructor(missed: EventHistory, since: number, accept: AcceptNotice, signal: AbortSignal) {
    this.#missed = missed;
    this.#since = since;
    this.#accept = accept;
    this.#signal = signal;
  }

  async run(maxRooms: number): Promise<CatchUpReport> {
    let found = 0;
    let added = 0;
    let rooms = 0;
    let isComplete = true;
    for await (const roomId of this.#missed.rooms(this.#since, this.#signal)) {
      if (rooms === maxRooms) {
        isComplete = false;
        break;
      }
      rooms++;
      // One after the other: replies to people who write now need calls too.
      const brought = await this.#room(roomId);
      found += brought.found;
      added += brought.added;
    }
    return { since: this.#since, rooms, found, added, isComplete };
  }

  /** Resolves when what the room has missed is in the inbox. */
  before(roomId: string): Promise<unknown> {
    return this.#room(roomId);
  }

  #room(roomId: string): Promise<{ found: number; added: number }> {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const looking = this.#look(roomId);
    this.#rooms.set(roomId, looking);
    // The next one who needs it tries anew.
    looking.catch(() => this.#rooms.delete(roomId));
    return looking;
  }

  async #look(roomId: string): Promise<{ found: number; added: number }> {
    const notices = await this.#missed.notices(roomId, this.#since, this.#signal);
    let added = 0;
    for (const notice of notices) {
      this.#signal.throwIfAborted();
      if ((await this.#accept(notice)) === "added") added++;
    }
    return { found: notices.length, added };
  }
}
