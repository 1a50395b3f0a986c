import { RecordConflictError, StateTooLargeError } from "../contract/errors";
import type { JsonValue } from "../contract/notice";
import type { RecordChange, Records } from "../contract/records";

/** Where a state is kept. */
export interface RecordSlot {
  /** Of a record. */
  readonly key: string;
  /** When it is removed, in milliseconds since 1970; asked at each change. */
  expiresAt(): number;
}

/** What becomes of a state; `undefined` stands for nothing that is kept. */
export type StateChange = (now: JsonValue | undefined) => JsonValue | undefined;

/** A call that changes a state: made once over all attempts at its event. */
export interface StateCall {
  /** Whether an earlier attempt has made it. */
  isMade(): boolean;
  /**
   * Changes records and notes that the call is made, or does nothing of it.
   * @throws RecordConflictError when a record is not at the version that a change names
   */
  make(changes: readonly RecordChange[]): Promise<void>;
}

const MOST_BYTES = 32_768;

/** @throws StateTooLargeError */
function checkSize(value: JsonValue | undefined): void {
  const bytes = value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
  if (bytes > MOST_BYTES) throw new StateTooLargeError(bytes, MOST_BYTES);
}

/** Reads and changes states. */
export class StateStore {
  readonly #records: Pick<Records, "read">;

  constructor(records: Pick<Records, "read">) {
    this.#records = records;
  }

  /** @returns `undefined` when nothing is kept */
  async read({ key }: RecordSlot): Promise<JsonValue | undefined> {
    return (await this.#records.read(key))?.value;
  }

  /** @returns what is kept now */
  async update(
    { key, expiresAt }: RecordSlot,
    call: StateCall,
    change: StateChange,
  ): Promise<JsonValue | undefined> {
    for (;;) {
      const { version = 0, value: now } = (await this.#records.read(key)) ?? {};
      if (call.isMade()) return now;
      const next = change(now);
      checkSize(next);
      const isNothing = next === undefined && version === 0;
      try {
        await call.make(isNothing ? [] : [{ key, value: next, ifVersion: version, expiresAt: expiresAt() }]);
        return next;
      } catch (error) {
        // Another event was faster: the change is made to what it left.
        if (!(error instanceof RecordConflictError)) throw error;
      }
    }
  }
}
