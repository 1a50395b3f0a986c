import { describeError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import { sleep } from "../../core/util/sleep";
import type { Statements } from "./database";

export interface RetentionOptions {
  /** Time for which a settled event is stored to detect duplicates, in milliseconds. */
  readonly rememberMs: number;
  /** Largest number of settled events that are stored. The oldest are deleted first. */
  readonly rememberCount: number;
  /** Time for which the trace of a settled event is stored, in milliseconds. */
  readonly traceMs: number;
  /** Time for which sent messages are stored, in milliseconds. */
  readonly sentMs: number;
  /** Time between two runs, in milliseconds. */
  readonly everyMs: number;
  /** Rows that one statement reads. */
  readonly step: number;
}

/** Time between two steps of a run, in milliseconds. */
const STEP_PAUSE_MS = 20;

/** Deletes old events, traces, records and sent messages at intervals, in small steps. Several processes may do so at once. */
export function startRetention(
  database: Statements,
  rules: RetentionOptions,
  clock: () => number,
  log: Logger,
): { stop(): void } {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function pruneRepeatedly(): Promise<void> {
    for (;;) {
      await sleep(rules.everyMs, signal);
      try {
        await prune(clock());
      } catch (error) {
        if (signal.aborted) return;
        log.warn("the inbox cannot delete old events. It tries again", { error: describeError(error) });
      }
      if (signal.aborted) return;
    }
  }

  async function prune(now: number): Promise<void> {
    const { rememberMs, rememberCount, traceMs, sentMs, step } = rules;
    await repeat(() => database.query(PRUNE_RECORDS, [now, step]));
    await repeat(() => database.query(PRUNE_SENT, [now - sentMs, step]));
    await page((after) => database.query(PRUNE_TRACES, [after, now - traceMs, step]));
    const [surplus] = await database.query<{ id: string }>(SURPLUS, [rememberCount]);
    await page((after) => database.query(PRUNE_EVENTS, [after, now - rememberMs, step, surplus?.id ?? "0"]));
  }

  /** Repeats a step until it deletes less than its limit. */
  async function repeat(pruneSome: () => Promise<readonly unknown[]>): Promise<void> {
    let pruned: readonly unknown[];
    do {
      pruned = await pruneSome();
      await sleep(STEP_PAUSE_MS, signal);
    } while (pruned.length === rules.step && !signal.aborted);
  }

  /** Runs steps over the whole table, also over old rows that must stay. */
  async function page(step: (after: string) => Promise<readonly Page[]>): Promise<void> {
    let after: string | null = "0";
    while (after !== null && !signal.aborted) {
      const [looked]: readonly Page[] = await step(after);
      // Ids grow with arrival, so all rows after a page without old rows are young.
      after = looked === undefined || looked.seen < rules.step || looked.old === 0 ? null : looked.last;
      await sleep(STEP_PAUSE_MS, signal);
    }
  }

  void pruneRepeatedly();
  return { stop: () => stopping.abort() };
}

/** The rows that a step read. */
interface Page {
  /** The last id, as digits. `null` if there was no row. */
  readonly last: string | null;
  readonly seen: number;
  /** Number of old rows, also those that must stay. */
  readonly old: number;
}

// Checks the row again, because another transaction may have changed it while this one waited for its lock.
const PRUNE_RECORDS = `
  DELETE FROM bellhop.records
  WHERE expires_at <= $1
    AND key IN (SELECT key FROM bellhop.records WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
  RETURNING 1`;

const PRUNE_SENT = `
  DELETE FROM bellhop.sent
  WHERE fingerprint IN (SELECT fingerprint FROM bellhop.sent WHERE at < $1 ORDER BY at LIMIT $2) RETURNING 1`;

// Unsettled events keep their traces. The next run deletes the rest of the last event.
const PRUNE_TRACES = `
  WITH page AS (
    SELECT event, at, at < $2 AS is_old FROM bellhop.traces WHERE event > $1 ORDER BY event, at LIMIT $3
  ), gone AS (
    DELETE FROM bellhop.traces USING page
    WHERE traces.event = page.event AND traces.at = page.at AND page.is_old
      AND NOT EXISTS (SELECT 1 FROM bellhop.waiting WHERE waiting.id = traces.event)
      AND NOT EXISTS (SELECT 1 FROM bellhop.dead WHERE dead.id = traces.event)
  )
  SELECT max(event) AS last, count(*)::int AS seen, (count(*) FILTER (WHERE is_old))::int AS old FROM page`;

// The newest id that is beyond the limit.
const SURPLUS = "SELECT id FROM bellhop.events ORDER BY id DESC OFFSET $1 LIMIT 1";

const PRUNE_EVENTS = `
  WITH page AS (
    SELECT id, received_at < $2 OR id <= $4 AS is_old FROM bellhop.events WHERE id > $1 ORDER BY id LIMIT $3
  ), gone AS (
    DELETE FROM bellhop.events USING page
    WHERE events.id = page.id AND page.is_old
      AND NOT EXISTS (SELECT 1 FROM bellhop.waiting WHERE waiting.id = events.id)
      AND NOT EXISTS (SELECT 1 FROM bellhop.dead WHERE dead.id = events.id)
  )
  SELECT max(id) AS last, count(*)::int AS seen, (count(*) FILTER (WHERE is_old))::int AS old FROM page`;
