import type { JsonValue } from "./notice";

/** Small values by key, in the same store as the events: sessions, questions that wait for their answer, what may happen once. */
export interface Records {
  /** @returns `undefined` when there is none, or it has expired */
  read(key: string): Promise<StoredRecord | undefined>;
  /**
   * Makes all changes or none; once it resolves, they survive a crash.
   * @throws RecordConflictError when a record is not at the version that a change names; then nothing was changed
   */
  write(changes: readonly RecordChange[]): Promise<void>;
}

export interface StoredRecord {
  readonly value: JsonValue;
  /** 1 for the first; grows with each change. A record that expired or was removed begins again. */
  readonly version: number;
}

export interface RecordChange {
  /** Up to 512 characters. */
  readonly key: string;
  /** Absent: the record is removed. Survives JSON. */
  readonly value?: JsonValue | undefined;
  /** The version it must have now; 0: it must not exist. Absent: whatever is there is replaced. */
  readonly ifVersion?: number | undefined;
  /** Milliseconds since 1970; absent: never. */
  readonly expiresAt?: number | undefined;
}
