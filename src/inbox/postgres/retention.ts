import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { Statements } from "./database";

export interface RetentionRules {
  /** How long a settled event is remembered, in milliseconds, to recognise it when it is delivered again. */
  readonly rememberMs: number;
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
      next = await forget(database, after, clock() - rules.rememberMs, rules.step);
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
  before: number,
  limit: number,
): Promise<string | undefined> {
  const [page] = await database.query<{ last: string | null; seen: number; old: number }>(FORGET, [
    after,
    before,
    limit,
  ]);
  if (page === undefined || page.last === null) return undefined;
  // Ids grow with arrival: beyond a page without anything old, nothing is.
  return page.seen < limit || page.old === 0 ? undefined : page.last;
}

const FORGET = `
  WITH page AS (
    SELECT id, received_at FROM bellhop.events WHERE id > $1 ORDER BY id LIMIT $3
  ), gone AS (
    DELETE FROM bellhop.events USING page
    WHERE events.id = page.id AND page.received_at < $2
      AND NOT EXISTS (SELECT 1 FROM bellhop.waiting WHERE waiting.id = events.id)
      AND NOT EXISTS (SELECT 1 FROM bellhop.dead WHERE dead.id = events.id)
  )
  SELECT max(id) AS last, count(*)::int AS seen, (count(*) FILTER (WHERE received_at < $2))::int AS old FROM page`;
