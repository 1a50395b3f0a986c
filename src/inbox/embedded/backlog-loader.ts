import { describe } from "../../core/errors";
import type { Logger } from "../../core/logger";
import type { Backlog, EarlierState, Withdrawal } from "./backlog";
import type { StoreClient } from "./store-client";

/** Brings what waits in the file into the backlog, in the order of arrival. */
export interface BacklogLoader {
  /**
   * An event was written. It goes straight into the backlog, unless older ones have still to be read.
   * @returns whether it is in the backlog now
   */
  added(id: number, conversation: string): boolean;
  /** Reads on, if there is something to read and room for it. */
  read(): void;
  /** Whether the event has not been in the backlog yet. */
  isAhead(id: number): boolean;
  /** Keeps an event out of the backlog. @returns `undefined` if it has been there already */
  skip(id: number): Withdrawal | undefined;
  stop(): void;
}

export interface BacklogLoaderParts {
  readonly thread: Pick<StoreClient, "opened" | "call">;
  readonly backlog: Backlog;
  readonly log: Logger;
  /** The clock by which due times are written. */
  readonly clock: () => number;
  /** The clock by which the backlog sleeps. */
  readonly steady: () => number;
  /** Called after events came in. */
  readonly onMore: () => void;
}

export interface BacklogLoaderLimits {
  /** Events in the backlog; those beyond stay in the file until there is room. */
  readonly events: number;
  /** Events read at once. */
  readonly page: number;
  /** Retries that waited in the file at the start are due within this time, in milliseconds. */
  readonly restartSpreadMs: number;
}

/** How long to wait after the file could not be read, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * At the start, and when more waits than the backlog holds, the feed is behind: it reads page after page, and new
 * events wait in the file until their page comes, so that none overtakes an older one of its conversation.
 */
export function createBacklogLoader(parts: BacklogLoaderParts, limits: BacklogLoaderLimits): BacklogLoader {
  const { thread, backlog, log, clock, steady, onMore } = parts;
  let isBehind = thread.opened.waiting + thread.opened.blocking > 0;
  /** Every event up to this one has been in the backlog. */
  let readTo = 0;
  /** Events that are discarded while the page that has them may be on its way. */
  const skipped = new Set<number>();
  let isReading = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function read(): void {
    if (!isBehind || isReading || isStopped || backlog.size + limits.page > limits.events) return;
    isReading = true;
    readPage().then(read, (error: unknown) => {
      if (isStopped) return;
      log.error("the inbox cannot read what waits; trying again", { error: describe(error), inMs: PAUSE_MS });
      timer = setTimeout(read, PAUSE_MS);
    });
  }

  async function readPage(): Promise<void> {
    try {
      const page = await thread.call("page", { after: readTo, limit: limits.page });
      const before = new Map<number, EarlierState>();
      for (const { id, attempts, dueAt, waitMs } of page.tried)
        before.set(id, { kind: "tried", attempts, wakeAt: steady() + remaining(dueAt, waitMs) });
      for (const id of page.blocking) before.set(id, { kind: "blocking" });
      page.ids.forEach((id, index) => {
        if (!skipped.delete(id)) backlog.push(id, page.conversations[index] ?? "", before.get(id));
      });
      readTo = page.ids.at(-1) ?? readTo;
      // The thread answers in order: whatever was added before this page was read is in it, what comes later is new.
      if (page.ids.length < limits.page) {
        isBehind = false;
        skipped.clear();
      }
    } finally {
      isReading = false;
    }
    onMore();
  }

  /**
   * Whatever made it fail may be repaired with this start, so no retry waits for longer than a few seconds; not all at
   * the same instant, though.
   */
  function remaining(dueAt: number, waitMs: number): number {
    return Math.min(waitMs, Math.max(0, dueAt - clock()), Math.random() * limits.restartSpreadMs);
  }

  return {
    added(id, conversation) {
      if (!isBehind && backlog.size >= limits.events) isBehind = true;
      if (isBehind) return false;
      readTo = id;
      if (skipped.delete(id)) return false;
      backlog.push(id, conversation);
      return true;
    },
    read,
    isAhead: (id) => id > readTo,
    skip(id) {
      if (id <= readTo) return undefined;
      skipped.add(id);
      return { commit() {}, undo: () => void skipped.delete(id) };
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
