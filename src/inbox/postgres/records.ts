import { RecordConflictError } from "../../core/contract/errors";
import type { JsonValue } from "../../core/contract/notice";
import type { RecordChange, Records, StoredRecord } from "../../core/contract/records";
import type { Database, Statements } from "./database";

/** Creates the records API. @param ask runs a query; rejects once the inbox is closed, and describes errors */
export function createRecords(
  database: Database,
  ask: <T>(doing: string, question: () => Promise<T>) => Promise<T>,
  clock: () => number,
): Records {
  return {
    read: (key) =>
      ask("reading a record", async (): Promise<StoredRecord | undefined> => {
        const [row] = await database.query<{ value: string; version: string }>(READ, [key, clock()]);
        // Asserted: the inbox wrote it.
        return row && { value: JSON.parse(row.value) as JsonValue, version: Number(row.version) };
      }),
    async write(changes) {
      const keys = await ask("writing records", () =>
        database.transact(
          changes.map(({ key }) => lockOf(key)),
          (transaction) => writeRecords(changes, clock(), transaction),
        ),
      );
      if (keys.length > 0) throw new RecordConflictError(keys);
    },
  };
}

/** @returns the name of the lock for a record. No conversation has such a name */
export function lockOf(key: string): string {
  return `record ${key}`;
}

/** Writes records in a transaction with their locks. @returns the keys of records that had changed; if there are any, nothing was written */
export async function writeRecords(
  changes: readonly RecordChange[],
  now: number,
  transaction: Statements,
): Promise<readonly string[]> {
  if (changes.length === 0) return [];
  const rows = await transaction.query<{ key: string; version: string }>(VERSIONS, [
    changes.map(({ key }) => key),
    now,
  ]);
  const versions = new Map(rows.map(({ key, version }) => [key, Number(version)]));
  const changed = changes.filter(
    ({ key, ifVersion }) => ifVersion !== undefined && (versions.get(key) ?? 0) !== ifVersion,
  );
  if (changed.length > 0) return changed.map(({ key }) => key);
  // Of two changes of one record, the later one is written.
  const last = [...new Map(changes.map((change) => [change.key, change])).values()];
  const kept = last.filter(({ value }) => value !== undefined);
  await transaction.query(REMOVE, [last.filter(({ value }) => value === undefined).map(({ key }) => key)]);
  await transaction.query(PUT, [
    kept.map(({ key }) => key),
    // JSON escapes NUL, which PostgreSQL refuses.
    kept.map(({ value }) => JSON.stringify(value)),
    kept.map(({ key }) => (versions.get(key) ?? 0) + 1),
    kept.map(({ expiresAt }) => (expiresAt === undefined ? null : Math.floor(expiresAt))),
  ]);
  return [];
}

const READ = `
  SELECT value, version FROM bellhop.records WHERE key = $1 AND (expires_at IS NULL OR expires_at > $2)`;

const VERSIONS = `
  SELECT key, version FROM bellhop.records
  WHERE key = ANY ($1::text[]) AND (expires_at IS NULL OR expires_at > $2)`;

const REMOVE = "DELETE FROM bellhop.records WHERE key = ANY ($1::text[])";

const PUT = `
  INSERT INTO bellhop.records (key, value, version, expires_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
  ON CONFLICT (key) DO UPDATE
  SET value = excluded.value, version = excluded.version, expires_at = excluded.expires_at`;
