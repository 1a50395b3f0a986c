import { RecordConflictError } from "../../src/core/contract/errors";
import type { RecordChange, Records, StoredRecord } from "../../src/core/contract/records";

/** Records that no inbox keeps, with the time as an argument. */
export class RecordsInMemory implements Records {
  readonly #records = new Map<string, StoredRecord & { readonly expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Of all that there are. */
  get keys(): readonly string[] {
    return [...this.#records.keys()].filter((key) => this.#living(key) !== undefined);
  }

  async read(key: string): Promise<StoredRecord | undefined> {
    return this.#living(key);
  }

  async write(changes: readonly RecordChange[]): Promise<void> {
    const changed = changes.filter(
      ({ key, ifVersion }) => ifVersion !== undefined && (this.#living(key)?.version ?? 0) !== ifVersion,
    );
    if (changed.length > 0) throw new RecordConflictError(changed.map(({ key }) => key));
    for (const { key, value, expiresAt = Number.POSITIVE_INFINITY } of changes) {
      const version = (this.#living(key)?.version ?? 0) + 1;
      if (value === undefined) this.#records.delete(key);
      else this.#records.set(key, { value: structuredClone(value), version, expiresAt });
    }
  }

  #living(key: string): StoredRecord | undefined {
    const record = this.#records.get(key);
    if (record === undefined || record.expiresAt <= this.#now()) return undefined;
    return { value: record.value, version: record.version };
  }
}
