/**
 * The embedded inbox: one SQLite file, which a thread of its own reads and writes.
 *
 * Main thread:
 * - `inbox.ts` connects the parts. `index.ts` opens them, `admin.ts` opens the inbox for an operator.
 * - `backlog.ts` decides which event is next. It holds ids only, in `heap.ts` and `deque.ts`. `backlog-loader.ts` fills it
 *   from the file, `notice-cache.ts` keeps some of the notices in memory.
 * - `lease-queue.ts` holds the waiting `take` calls. `quarantine.ts` leases events that may crash the process one at a time.
 * - `group-commit.ts` collects writes into one transaction.
 * - `admin-actions.ts` replays, retries and discards. `admin-requests.ts` does so for other processes.
 * - `retention.ts` schedules the deletion of old rows, `wake-timer.ts` the retries. `records.ts` reads and writes records.
 * - `store-client.ts` sends requests to the thread, and `exit-guard.ts` lets the process exit only between SQLite calls.
 *
 * Both threads: `thread-protocol.ts` (requests and answers), `event-ids.ts`, `list-filter.ts`, `tuning.ts`.
 *
 * Store thread:
 * - `store-thread.ts` answers the requests. `store.ts` has the statements of the hot path.
 * - `dedup-index.ts` and `fingerprint-table.ts` find duplicates, `record-table.ts` and `sent-table.ts` hold two tables.
 * - `admin-writes.ts`, `queries.ts`, `pruning.ts` have the other statements, `counters.ts` the transactions.
 * - `database-file.ts` locks and opens the file, `schema.ts` migrates it, `private-file.ts` restricts its permissions.
 *   `open-files.ts` detects that it was deleted or replaced, `write-probe.ts` that it cannot be written.
 * - `sqlite.ts` is the driver, `sqlite-errors.ts` explains its errors.
 *
 * Watchdog thread: `record-block.ts`.
 *
 * The states of an event are in `backlog.ts`.
 */

import { InboxError, RecordConflictError } from "../../core/contract/errors";
import {
  type AddOutcome,
  type Inbox,
  type Lease,
  SENT_REMEMBERED_MS,
  type Settlement,
  type SettlementExtras,
} from "../../core/contract/inbox";
import type { Logger } from "../../core/contract/logger";
import type { JsonValue, Notice } from "../../core/contract/notice";
import { clampDelay } from "../../core/util/clamp-delay";
import { compiledFile } from "../../core/util/compiled-file";
import { createAdminActions } from "./admin-actions";
import { pollAdminRequests } from "./admin-requests";
import { type Conversation, createBacklog } from "./backlog";
import { createBacklogLoader } from "./backlog-loader";
import { fingerprintOf } from "./dedup-index";
import { formatId, parseId } from "./event-ids";
import { createGroupCommit } from "./group-commit";
import { createLeaseQueue } from "./lease-queue";
import { toListFilter } from "./list-filter";
import { type CachedEvent, createNoticeCache } from "./notice-cache";
import { createQuarantine } from "./quarantine";
import { createRecords, toWrite } from "./records";
import { startRetention } from "./retention";
import type { StoreClient } from "./store-client";
import type { Tuning } from "./tuning";
import { createWakeTimer } from "./wake-timer";

export interface InboxParts {
  readonly file: string;
  readonly thread: StoreClient;
  readonly log: Logger;
  readonly clock: () => number;
  readonly rememberMs: number;
  readonly rememberCount: number;
  readonly tuning: Tuning;
}

/** Delay before an event is leased again after its settlement was not written, in milliseconds. */
const UNSETTLED_PAUSE_MS = 1_000;
/** Time between two pruning steps, in milliseconds. */
const FORGET_PAUSE_MS = 20;
/** Time for which the trace of a settled event is stored, in milliseconds. */
const TRACE_MS = 24 * 60 * 60 * 1_000;
const EMPTY_JOURNAL: ReadonlyMap<string, JsonValue> = new Map();

/** Connects the parts of the inbox. @param parts the open store and the settings */
export function createInbox(parts: InboxParts): Inbox {
  const { file, thread, log, clock, tuning } = parts;
  let closedWith: InboxError | undefined;
  let closing: Promise<void> | undefined;

  const backlog = createBacklog();
  const cache = createNoticeCache({
    count: tuning.maxNotices,
    bytes: tuning.maxNoticeBytes,
    aheadCount: 512,
    aheadBytes: 1024 * 1024,
  });
  const timer = createWakeTimer(clock, dispatchReady, tuning.checkClockEveryMs);
  const quarantine = createQuarantine();
  /** Events from before the crash that were settled since, so that their crash count no longer rises. */
  const settledSinceCrash = new Set<number>();
  /** The file was deleted or replaced. A leased event could not be settled and would run repeatedly. */
  let isFileChanged = false;
  const recoveredTo = thread.opened.wasKilled ? thread.opened.lastId : 0;
  const isRecovered = (id: number): boolean => id <= recoveredTo && !settledSinceCrash.has(id);
  /** Number of unsettled events from before the crash. Until it is 0, the file must not be marked as closed cleanly. */
  let unsettledSinceCrash = thread.opened.wasKilled ? thread.opened.waiting : 0;
  const queue = createLeaseQueue({
    backlog,
    cache: cache,
    thread,
    toLease,
    onMissing,
    isRecovered,
    quarantine: quarantine,
    isPaused: () => isFileChanged,
  });
  const commits = createGroupCommit(thread, (failure) => {
    updateFileState(failure);
    loader.read();
    dispatchReady();
  });
  const loader = createBacklogLoader(
    { thread, backlog, log, clock, steady: timer.now, onMore: dispatchReady },
    { events: tuning.maxEvents, page: tuning.page, restartSpreadMs: tuning.restartSpreadMs },
  );
  const retention = startRetention(
    thread,
    {
      rememberMs: parts.rememberMs,
      rememberCount: parts.rememberCount,
      traceMs: TRACE_MS,
      sentMs: SENT_REMEMBERED_MS,
      everyMs: tuning.pruneEveryMs,
      step: tuning.pruneStep,
      pauseMs: FORGET_PAUSE_MS,
    },
    clock,
    log,
  );
  const actions = createAdminActions({
    ...{ thread, backlog, loader: loader },
    onReplayed: (id) => void (id <= recoveredTo && settledSinceCrash.add(id)),
    onDiscarded(id) {
      cache.take(id);
      if (isRecovered(id)) unsettledSinceCrash--;
    },
    onMore: dispatchReady,
  });
  const requests = pollAdminRequests(thread, clock, log, actions);
  thread.onDeath((error) => {
    log.error("the thread of the inbox ended; no event can be stored", { error: error.message });
    end(error);
  });
  loader.read();

  /** Releases the events whose retry is due and fills the waiting `take` calls. */
  function dispatchReady(): void {
    timer.set(backlog.releaseDue(timer.now()));
    queue.dispatchReady();
  }

  function updateFileState(failure: unknown): void {
    isFileChanged = failure instanceof InboxError && failure.code === "inbox-file-changed";
  }

  async function check(): Promise<void> {
    try {
      await thread.call("check", {});
      updateFileState(undefined);
      dispatchReady();
    } catch (error) {
      updateFileState(error);
      throw error;
    }
  }

  function end(error: InboxError): void {
    closedWith ??= error;
    loader.stop();
    retention.stop();
    requests.stop();
    timer.stop();
    queue.refuse(error);
  }

  function add(notice: Notice): Promise<AddOutcome> {
    if (closedWith !== undefined) return Promise.reject(closedWith);
    return new Promise((resolve, reject) => {
      const json = JSON.stringify(notice);
      const receivedAt = clock();
      commits.add(
        { notice, json, receivedAt },
        (id) => {
          if (id === 0) return resolve("duplicate");
          if (loader.added(id, notice.conversation)) cache.add(id, { notice, size: json.length, receivedAt });
          resolve("added");
        },
        reject,
      );
    });
  }

  function toLease(conversation: Conversation, event: CachedEvent): Lease {
    const id = conversation.head;
    // Changed in memory first: the next attempt in this process knows the entries even if the disk is full.
    let { journal } = event;
    let isOver = false;
    const mayNotWrite = (): boolean => closedWith !== undefined || isOver;
    const remember = (place: string, entry: JsonValue): void => {
      journal ??= new Map();
      journal.set(place, entry);
    };
    return {
      id: formatId(id),
      notice: event.notice,
      attempt: conversation.attempts + 1,
      crashCount: event.crashCount ?? 0,
      blocked: event.blocked,
      // The clock may have been set back.
      failingForMs: event.failingSince && Math.max(0, clock() - event.failingSince),
      isAside: event.isAside,
      receivedAt: event.receivedAt,
      journal: journal === undefined ? EMPTY_JOURNAL : new Map(journal),
      note(place, entry, posted) {
        if (mayNotWrite()) return Promise.reject(closedWith ?? alreadySettled(file, id));
        remember(place, entry);
        const fingerprint = posted === undefined ? undefined : fingerprintOf(posted);
        const note = { id, place, entry: JSON.stringify(entry), fingerprint, at: clock() };
        return new Promise((resolve, reject) => commits.note(note, resolve, reject));
      },
      async claim(place, candidates, since) {
        if (mayNotWrite()) throw closedWith ?? alreadySettled(file, id);
        const fingerprints = candidates.map(({ message }) => fingerprintOf(message));
        const entries = candidates.map(({ entry }) => JSON.stringify(entry));
        journal ??= new Map();
        return new Promise<number | undefined>((resolve, reject) => {
          const onKept = (index: number): void => {
            const claimed = candidates[index];
            if (claimed !== undefined) remember(place, claimed.entry);
            resolve(claimed && index);
          };
          commits.claim({ id, place, fingerprints, entries, since, at: clock() }, onKept, reject);
        });
      },
      async change(records, place, entry) {
        if (mayNotWrite()) throw closedWith ?? alreadySettled(file, id);
        const change = {
          id,
          place,
          entry: JSON.stringify(entry),
          records: records.map(toWrite),
          at: clock(),
        };
        journal ??= new Map();
        return new Promise<void>((resolve, reject) => {
          const onKept = (conflicts: readonly string[]): void => {
            if (conflicts.length === 0) remember(place, entry);
            if (conflicts.length === 0) resolve();
            else reject(new RecordConflictError(conflicts));
          };
          commits.change(change, onKept, reject);
        });
      },
      // This process holds the lock on the file until it ends, so no other process can lease the event.
      isHeld: () => !mayNotWrite(),
      async renew() {
        if (mayNotWrite()) throw closedWith ?? alreadySettled(file, id);
      },
      async settle(settlement, extras = {}) {
        if (mayNotWrite()) throw closedWith ?? alreadySettled(file, id);
        isOver = true;
        try {
          await settle(conversation, { ...event, journal }, settlement, extras);
        } catch (error) {
          isOver = !(error instanceof RecordConflictError);
          throw error;
        }
      },
    };
  }

  function settle(
    conversation: Conversation,
    event: CachedEvent,
    settlement: Settlement,
    { trace, records = [] }: SettlementExtras,
  ): Promise<void> {
    const id = conversation.head;
    const attempts = conversation.attempts + 1;
    const isMoving = settlement.kind === "retry" && settlement.aside === true && event.isAside !== true;
    const movesTo = isMoving ? asideKey(conversation.name, id) : undefined;
    const ending = {
      id,
      attempts,
      settlement,
      at: clock(),
      trace: trace && JSON.stringify(trace),
      records: records.map(toWrite),
      isJournaled: event.journal !== undefined,
      movesTo,
    };
    return new Promise((resolve, reject) => {
      commits.settle(ending, {
        kept() {
          releaseQuarantined(conversation);
          const known = { ...event, crashCount: 0 };
          if (isRecovered(id)) unsettledSinceCrash--;
          if (id <= recoveredTo) settledSinceCrash.add(id);
          switch (settlement.kind) {
            case "retry":
              requeue(
                conversation,
                {
                  ...known,
                  failingSince: event.failingSince ?? ending.at,
                  isAside: isMoving || event.isAside,
                },
                attempts,
                clampDelay(settlement.afterMs),
                movesTo,
              );
              break;
            case "released":
              requeue(conversation, known, conversation.attempts, 0);
              break;
            case "dead":
              if (settlement.holds === true) backlog.blockConversation(conversation);
              else backlog.finish(conversation);
              break;
            case "handled":
            case "dropped":
              backlog.finish(conversation);
              break;
            default:
              settlement satisfies never;
          }
          resolve();
        },
        conflict: (keys) => reject(new RecordConflictError(keys)),
        failed(error) {
          releaseQuarantined(conversation);
          requeue(conversation, event, conversation.attempts, UNSETTLED_PAUSE_MS);
          reject(error);
        },
      });
    });
  }

  /** Makes the events ready that waited for this one in quarantine. */
  function releaseQuarantined(conversation: Conversation): void {
    for (const freed of quarantine.release(conversation)) backlog.release(freed);
  }

  function requeue(
    conversation: Conversation,
    event: CachedEvent,
    attempts: number,
    afterMs: number,
    movesTo?: string,
  ): void {
    const wakeAt = timer.now() + afterMs;
    cache.add(conversation.head, event);
    if (movesTo === undefined) backlog.scheduleRetry(conversation, attempts, wakeAt);
    else backlog.scheduleRetryAside(conversation, movesTo, attempts, wakeAt);
  }

  function onMissing(conversation: Conversation): void {
    log.error("an event is missing from the inbox file. Check whether the file was changed by hand", {
      id: formatId(conversation.head),
      conversation: conversation.name,
    });
    backlog.finish(conversation);
  }

  async function close(): Promise<void> {
    end(new InboxError("inbox-closed", `inbox "${file}" is closed. No event can be added or leased`));
    await commits.drained();
    await thread.close(backlog.leased === 0 && unsettledSinceCrash <= 0);
  }

  async function ifOpen<T>(question: () => Promise<T>): Promise<T> {
    if (closedWith !== undefined) throw closedWith;
    return question();
  }

  return {
    add,
    take: queue.take,
    blockRecorder: { module: compiledFile(__dirname, "record-block.js"), data: file },
    counts: () => ifOpen(() => thread.call("counts", {})),
    check: () => ifOpen(check),
    list: (filter = {}) => ifOpen(() => thread.call("list", { filter: toListFilter(filter) })),
    show: (text) =>
      ifOpen(async () => {
        const id = parseId(text);
        return id === undefined ? undefined : thread.call("show", { id });
      }),
    replay: (text) =>
      ifOpen(async () => {
        const id = parseId(text);
        const newId = id === undefined ? undefined : await actions.replay(id);
        return newId === undefined ? undefined : formatId(newId);
      }),
    retry: (text) =>
      ifOpen(async () => {
        const id = parseId(text);
        return id !== undefined && actions.retry(id);
      }),
    discard: (text, reason) =>
      ifOpen(async () => {
        const id = parseId(text);
        return id !== undefined && actions.discard(id, reason);
      }),
    records: createRecords(thread, ifOpen, clock),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function alreadySettled(file: string, id: number): InboxError {
  return new InboxError(
    "inbox-failed",
    `inbox "${file}": event ${formatId(id)} was already settled. Settle each lease once`,
  );
}

/** Name of the separate conversation that an event moves to when it loses its place. */
function asideKey(conversation: string, id: number): string {
  return `${conversation} aside ${formatId(id)}`;
}
