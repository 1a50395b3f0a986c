import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import { pause } from "../../core/pause";
import type { Statements } from "./database";

export interface RetentionOptions {
  /** How long a settled event is remembered, in milliseconds, to recognise it when it is delivered again. */
  readonly rememberMs: number;
  /** How many settled events are remembered at most; the oldest go first. */
  readonly rememberCount: number;
  /** How long the path of a settled event is kept, in milliseconds. */
  readonly traceMs: number;
  /** How long it is remembered which messages belong to calls, in milliseconds. */
  readonly sentMs: number;
  /** Time between two rounds, in milliseconds. */
  readonly everyMs: number;
  /** Events looked at in one step: a statement that others hardly notice. */
  readonly step: number;
}

/** Between two steps of a round, in milliseconds. */
const STEP_PAUSE_MS = 20;

/** Forgets what was settled long ago, in small steps; several processes may do so side by side. */
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
      await pause(rules.everyMs, signal);
      try {
        await prune(clock());
      } catch (error) {
        if (signal.aborted) return;
        log.warn("the inbox cannot forget old events; trying again", { error: describe(error) });
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

  /** Repeats a step until one does not find as much as it may take. */
  async function repeat(pruneSome: () => Promise<readonly unknown[]>): Promise<void> {
    let pruned: readonly unknown[];
    do {
      pruned = await pruneSome();
      await pause(STEP_PAUSE_MS, signal);
    } while (pruned.length === rules.step && !signal.aborted);
  }

  /** Goes on where the step before ended, also beyond what is old and has to stay. */
  async function page(step: (after: string) => Promise<readonly Page[]>): Promise<void> {
    let after: string | null = "0";
    while (after !== null && !signal.aborted) {
      const [looked]: readonly Page[] = await step(after);
      // Ids grow with arrival: beyond a page without anything old, nothing is.
      after = looked === undefined || looked.seen < rules.step || looked.old === 0 ? null : looked.last;
      await pause(STEP_PAUSE_MS, signal);
    }
  }

  void pruneRepeatedly();
  return { stop: () => stopping.abort() };
}

/** What a step has looked at. */
interface Page {
  /** The last id, as digits; `null` when there was nothing. */
  readonly last: string | null;
  readonly seen: number;
  /** How many of them were old enough, also those that have to stay. */
  readonly old: number;
}

// Said again of the row itself: the one found may have been written anew while its lock was waited for.
const PRUNE_RECORDS = `
  DELETE FROM bellhop.records
  WHERE expires_at <= $1
    AND key IN (SELECT key FROM bellhop.records WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
  RETURNING 1`;

const PRUNE_SENT = `
  DELETE FROM bellhop.sent
  WHERE fingerprint IN (SELECT fingerprint FROM bellhop.sent WHERE at < $1 ORDER BY at LIMIT $2) RETURNING 1`;

// What waits or is dead keeps its own. Those of the last event that are beyond the page come with the next round.
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

// Too many is told by the id that stands so far from the newest: no later one has to go.
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
