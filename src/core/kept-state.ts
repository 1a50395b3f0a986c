import { createHash } from "node:crypto";
import { RecordConflictError, StateTooLargeError } from "./errors";
import type { JsonValue } from "./notice";
import type { Records } from "./records";

/** What is remembered from one event to the next: by a card, or of people and rooms. */
export interface KeptState<T> {
  /** @returns what was kept last; the initial value before that, and when it has been forgotten */
  read(): Promise<T>;
  /**
   * Changes it; of changes at the same instant, also on several machines, none is lost. Kept at once, and made once
   * however often the handler is run again.
   * @param change is given what is kept now; may be called more than once. What it returns survives JSON, up to 32 KiB of it
   * @returns what is kept now
   * @throws StateTooLargeError, InboxError
   */
  update(change: (now: T) => T): Promise<T>;
  /** Removes it. */
  forget(): Promise<void>;
}

/** Where a state is kept. */
export interface StatePlace {
  /** Of a record. */
  readonly key: string;
  /** When it is removed, in milliseconds since 1970; asked at each change. */
  expiresAt(): number;
}

/** What becomes of a state; `undefined` stands for nothing that is kept. */
export type StateChange = (now: JsonValue | undefined) => JsonValue | undefined;

const MOST_BYTES = 32_768;
/** Changes that are remembered, so as not to be made again: those of the events that may still be on their way. */
const MOST_REMEMBERED = 64;

/** Reads and changes states. */
export class StateStore {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** @returns `undefined` when nothing is kept */
  async read({ key }: StatePlace): Promise<JsonValue | undefined> {
    return (await this.#find(key)).state;
  }

  /**
   * @param by event and place in its run: the same in every attempt, and of no other change
   * @returns what is kept now
   */
  async update(
    { key, expiresAt }: StatePlace,
    by: readonly string[],
    change: StateChange,
  ): Promise<JsonValue | undefined> {
    const mine = digest(by);
    for (;;) {
      const { version, state, made } = await this.#find(key);
      if (made.includes(mine)) return state;
      const next = change(state);
      const bytes = next === undefined ? 0 : Buffer.byteLength(JSON.stringify(next));
      if (bytes > MOST_BYTES) throw new StateTooLargeError(bytes, MOST_BYTES);
      const remembered = { made: [...made, mine].slice(-MOST_REMEMBERED) };
      const value = next === undefined ? remembered : { state: next, ...remembered };
      try {
        await this.#records.write([{ key, value, ifVersion: version, expiresAt: expiresAt() }]);
        return next;
      } catch (error) {
        // Somebody else was faster: the change is made to what they left.
        if (!(error instanceof RecordConflictError)) throw error;
      }
    }
  }

  async #find(key: string): Promise<Found> {
    const record = await this.#records.read(key);
    // Nobody else writes there.
    const { state, made = [] } = (record?.value ?? {}) as Partial<Pick<Found, "state" | "made">>;
    return { version: record?.version ?? 0, state, made };
  }
}

interface Found {
  readonly version: number;
  readonly state: JsonValue | undefined;
  readonly made: readonly string[];
}

function digest(of: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("base64url").slice(0, 12);
}
