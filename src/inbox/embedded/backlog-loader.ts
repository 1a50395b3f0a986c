import { describeError } from "../../core/contract/errors";
import type { Logger } from "../../core/contract/logger";
import type { Backlog, EarlierState, Withdrawal } from "./backlog";
import type { StoreClient } from "./store-client";

/** Loads the unsettled events of the file into the backlog, by arrival. */
export interface BacklogLoader {
  /**
   * Adds an event that was written to the file, unless older events are still to be loaded.
   * @returns whether the event is in the backlog now
   */
  added(id: number, conversation: string): boolean;
  /** Loads the next pages while there are unread events and room. */
  read(): void;
  /** Whether the event is not loaded yet. */
  isAhead(id: number): boolean;
  /** Excludes an event from loading. @returns `undefined` if it was already loaded */
  skip(id: number): Withdrawal | undefined;
  stop(): void;
}

export interface BacklogLoaderParts {
  readonly thread: Pick<StoreClient, "opened" | "call">;
  readonly backlog: Backlog;
  readonly log: Logger;
  /** Clock of the due times in the file. */
  readonly clock: () => number;
  /** Clock of the backlog, which never goes back. */
  readonly steady: () => number;
  /** Called after a page was loaded. */
  readonly onMore: () => void;
}

export interface BacklogLoaderLimits {
  /** Most events in the backlog. Further events stay in the file until there is room. */
  readonly events: number;
  /** Events of a page. */
  readonly page: number;
  /** Retries that are loaded at the start are due within this time, in milliseconds. */
  readonly restartSpreadMs: number;
}

/** Delay after a failed read, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Creates the loader. At the start, and when the backlog is full, it is behind: it reads page after page, and new events
 * wait in the file for their page, so that they keep their order.
 */
export function createBacklogLoader(parts: BacklogLoaderParts, limits: BacklogLoaderLimits): BacklogLoader {
  const { thread, backlog, log, clock, steady, onMore } = parts;
  let isBehind = thread.opened.waiting + thread.opened.blocking > 0;
  /** All events up to this id were loaded. */
  let readTo = 0;
  /** Events that were discarded while their page may be on its way. */
  const skipped = new Set<number>();
  let isReading = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function read(): void {
    if (!isBehind || isReading || isStopped || backlog.size + limits.page > limits.events) return;
    isReading = true;
    readPage().then(read, (error: unknown) => {
      if (isStopped) return;
      log.error("the inbox cannot read its waiting events. It tries again", {
        error: describeError(error),
        inMs: PAUSE_MS,
      });
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
      // The thread answers in order: the page has all events that were written before it was read.
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
   * The start may have fixed the cause of the failures, so each retry is due within a few seconds, at a random time.
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
