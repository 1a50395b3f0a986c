import type { Records } from "../contract/records";
import type { RecordKeys } from "./record-keys";

/** The records of one account, with their keys and the clock. */
export interface AccountStore {
  /** Name of the platform, for errors. */
  readonly platform: string;
  readonly records: Records;
  readonly keys: RecordKeys;
  /** Milliseconds since 1970. */
  now(): number;
}
