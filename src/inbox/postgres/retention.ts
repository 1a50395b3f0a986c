import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { Statements } from "./database";

export interface RetentionRules {
  /** How long a settled event is remembered, in milliseconds, to recognise it when it is delivered again. */
  readonly rememberMs: number;
  /** How many settled events are remembered at most; the oldest go first. */
  readonly rememberCount: number;
  /** How long the path of a settled event is kept, in milliseconds. */
  readonly traceMs: number;
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
  rules: RetentionRules,
  clock: () => number,
  log: Logger,
): { stop(): void } {
  let isStopped = false;
  let timer = setTimeout(() => step("0"), rules.everyMs);

  async function step(after: string): Promise<void> {
    let next: string | undefined;
    try {
      next = await forget(database, after, clock(), rules);
    } catch (error) {
      if (isStopped) return;
      log.warn("the inbox cannot forget old events; trying again", { error: describe(error) });
    }
    if (isStopped) return;
    timer = setTimeout(() => step(next ?? "0"), next === undefined ? rules.everyMs : STEP_PAUSE_MS);
  }

  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** @returns where the next step goes on; `undefined` when nothing older is left */
async function forget(
  database: Statements,
  after: string,
  now: number,
  { rememberMs, rememberCount, traceMs, step }: RetentionRules,
): Promise<string | undefined> {
  const traces = await database.query(FORGET_TRACES, [now - traceMs, step]);
  const records = await database.query(FORGET_RECORDS, [now, step]);
  const [page] = await database.query<Page>(FORGET, [after, now - rememberMs, step, rememberCount]);
  if (traces.length === step || records.length === step) return after;
  if (page === undefined || page.last === null) return undefined;
  // Ids grow with arrival: beyond a page without anything old, nothing is.
  return page.seen < step || page.old === 0 ? undefined : page.last;
}

interface Page {
  readonly last: string | null;
  readonly seen: number;
  readonly old: number;
}

// The oldest are looked at, not all: what waits or is dead keeps its own.
const FORGET_TRACES = `
  DELETE FROM bellhop.traces USING (SELECT event, at FROM bellhop.traces ORDER BY event, at LIMIT $2) AS oldest
  WHERE traces.event = oldest.event AND traces.at = oldest.at AND traces.at < $1
    AND NOT EXISTS (SELECT 1 FROM bellhop.waiting WHERE waiting.id = traces.event)
    AND NOT EXISTS (SELECT 1 FROM bellhop.dead WHERE dead.id = traces.event)
  RETURNING 1`;

const FORGET_RECORDS = `
  DELETE FROM bellhop.records WHERE key IN
    (SELECT key FROM bellhop.records WHERE expires_at <= $1 LIMIT $2)
  RETURNING 1`;

// Too many is told by the id that stands so far from the newest: no later one has to go.
const FORGET = `
  WITH newest AS (
    SELECT coalesce((SELECT id FROM bellhop.events ORDER BY id DESC OFFSET $4 LIMIT 1), 0) AS surplus
  ), page AS (
    SELECT id, received_at < $2 OR id <= surplus AS is_old FROM bellhop.events, newest
    WHERE id > $1 ORDER BY id LIMIT $3
  ), gone AS (
    DELETE FROM bellhop.events USING page
    WHERE events.id = page.id AND page.is_old
      AND NOT EXISTS (SELECT 1 FROM bellhop.waiting WHERE waiting.id = events.id)
      AND NOT EXISTS (SELECT 1 FROM bellhop.dead WHERE dead.id = events.id)
  )
  SELECT max(id) AS last, count(*)::int AS seen, (count(*) FILTER (WHERE is_old))::int AS old FROM page`;
