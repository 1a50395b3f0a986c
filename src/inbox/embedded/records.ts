import { RecordConflictError } from "../../core/contract/errors";
import type { RecordChange, Records } from "../../core/contract/records";
import type { StoreClient } from "./store-client";
import type { RecordWrite } from "./thread-protocol";

/** Creates the records API. @param ask rejects once the inbox is closed */
export function createRecords(
  thread: Pick<StoreClient, "call">,
  ask: <T>(question: () => Promise<T>) => Promise<T>,
  clock: () => number,
): Records {
  return {
    read: (key) => ask(() => thread.call("readRecord", { key, now: clock() })),
    write: (changes) =>
      ask(async () => {
        const keys = await thread.call("writeRecords", { changes: changes.map(toWrite), now: clock() });
        if (keys.length > 0) throw new RecordConflictError(keys);
      }),
  };
}

/** Converts a change for the table. */
export function toWrite({ key, value, ifVersion, expiresAt }: RecordChange): RecordWrite {
  return {
    key,
    value: value === undefined ? null : JSON.stringify(value),
    ifVersion: ifVersion ?? null,
    expiresAt: expiresAt === undefined ? null : Math.floor(expiresAt),
  };
}
