import type { JsonValue } from "../../core/contract/notice";
import type { StoredRecord } from "../../core/contract/records";
import type { Database } from "./sqlite";
import type { RecordWrite } from "./thread-protocol";

/** The table `records`. */
export interface RecordTable {
  read(key: string, now: number): StoredRecord | undefined;
  /** Call it in a transaction. @returns the keys of records that had changed; if there are any, nothing was written */
  write(changes: readonly RecordWrite[], now: number): readonly string[];
}

export function createRecordTable(db: Database): RecordTable {
  const find = db.prepare<{ value: string; version: number; expires_at: number | null }>(
    "SELECT value, version, expires_at FROM records WHERE key = ?",
  );
  const put = db.prepare(
    "INSERT OR REPLACE INTO records (key, value, version, expires_at) VALUES (?, ?, ?, ?)",
  );
  const remove = db.prepare("DELETE FROM records WHERE key = ?");

  function living(key: string, now: number): { value: string; version: number } | undefined {
    const row = find.get(key);
    return row === undefined || (row.expires_at !== null && row.expires_at <= now) ? undefined : row;
  }

  return {
    read(key, now) {
      const row = living(key, now);
      // Asserted: `write` wrote it.
      return row && { value: JSON.parse(row.value) as JsonValue, version: row.version };
    },
    write(changes, now) {
      const changed = changes.filter(
        ({ key, ifVersion }) => ifVersion !== null && (living(key, now)?.version ?? 0) !== ifVersion,
      );
      if (changed.length > 0) return changed.map(({ key }) => key);
      for (const { key, value, expiresAt } of changes) {
        if (value === null) remove.run(key);
        else put.run(key, value, (living(key, now)?.version ?? 0) + 1, expiresAt);
      }
      return [];
    },
  };
}
