import { compiledFile } from "../../core/compiled-file";
import { InboxError, RecordConflictError } from "../../core/errors";
import {
  type AddOutcome,
  type Inbox,
  type Lease,
  SENT_REMEMBERED_MS,
  type Settlement,
  type SettlementExtras,
} from "../../core/inbox";
import type { Logger } from "../../core/logger";
import type { JsonValue, Notice } from "../../core/notice";
import { wholeWait } from "../../core/whole-wait";
import { createOperations } from "./admin-actions";
import { startErrands } from "./admin-requests";
import { type Conversation, createBacklog } from "./backlog";
import { createFeed } from "./backlog-loader";
import { printOf } from "./dedup-index";
import { formatId, parseId } from "./event-ids";
import { createGroups } from "./group-commit";
import { createTakers } from "./lease-queue";
import { toListFilter } from "./list-filter";
import { createPayloads, type Payload } from "./notice-cache";
import { createSuspects } from "./quarantine";
import { createRecords, toWrite } from "./records";
import { startRetention } from "./retention";
import type { Thread } from "./store-client";
import type { Tuning } from "./tuning";
import { createAlarm } from "./wake-timer";

export interface InboxParts {
  readonly file: string;
  readonly thread: Thread;
  readonly log: Logger;
  readonly clock: () => number;
  readonly rememberMs: number;
  readonly rememberCount: number;
  readonly tuning: Tuning;
}

/** How long an event rests whose settlement could not be written, in milliseconds: its handler has done its work. */
const UNSETTLED_PAUSE_MS = 1_000;
/** Between two steps of forgetting, in milliseconds. */
const FORGET_PAUSE_MS = 20;
/** How long the path of a settled event is kept, in milliseconds. */
const TRACE_MS = 24 * 60 * 60 * 1_000;
const NOTHING_NOTED: ReadonlyMap<string, JsonValue> = new Map();

/** Puts the parts together: what is written goes through `groups`, what waits is in `backlog`, who waits in `takers`. */
export function createInbox(parts: InboxParts): Inbox {
  const { file, thread, log, clock, tuning } = parts;
  let over: InboxError | undefined;
  let closing: Promise<void> | undefined;

  const backlog = createBacklog();
  const payloads = createPayloads({
    count: tuning.maxNotices,
    bytes: tuning.maxNoticeBytes,
    aheadCount: 512,
    aheadBytes: 1024 * 1024,
  });
  const alarm = createAlarm(clock, serve, tuning.lookEveryMs);
  const suspects = createSuspects();
  /** Events of the process before that have been settled for another attempt: what came of them is known. */
  const understood = new Set<number>();
  /** Its file was deleted or replaced. An event that is handed out could not be settled, and would run again and again. */
  let isFileChanged = false;
  const recoveredTo = thread.opened.wasKilled ? thread.opened.lastId : 0;
  const isRecovered = (id: number): boolean => id <= recoveredTo && !understood.has(id);
  /** How many of them there are still. As long as there is one, the process before has not ended well. */
  let inDoubt = thread.opened.wasKilled ? thread.opened.waiting : 0;
  const takers = createTakers({
    backlog,
    payloads,
    thread,
    toLease,
    onMissing,
    isRecovered,
    suspects,
    isPaused: () => isFileChanged,
  });
  const groups = createGroups(thread, (failure) => {
    noteFile(failure);
    feed.read();
    serve();
  });
  const feed = createFeed(
    { thread, backlog, log, clock, steady: alarm.now, onMore: serve },
    { events: tuning.maxEvents, page: tuning.page, restartSpreadMs: tuning.restartSpreadMs },
  );
  const retention = startRetention(
    thread,
    {
      rememberMs: parts.rememberMs,
      rememberCount: parts.rememberCount,
      traceMs: TRACE_MS,
      sentMs: SENT_REMEMBERED_MS,
      everyMs: tuning.forgetEveryMs,
      step: tuning.forgetStep,
      pauseMs: FORGET_PAUSE_MS,
    },
    clock,
    log,
  );
  const operations = createOperations({
    ...{ thread, backlog, feed },
    understood: (id) => void (id <= recoveredTo && understood.add(id)),
    forgotten(id) {
      payloads.pull(id);
      if (isRecovered(id)) inDoubt--;
    },
    onMore: serve,
  });
  const errands = startErrands(thread, clock, log, operations);
  thread.onDeath((error) => {
    log.error("the inbox's thread ended; nothing can be accepted", { error: error.message });
    end(error);
  });
  feed.read();

  /** Wakes whoever is due and hands out what is ready. */
  function serve(): void {
    alarm.set(backlog.wake(alarm.now()));
    takers.serve();
  }

  function noteFile(failure: unknown): void {
    isFileChanged = failure instanceof InboxError && failure.code === "inbox-file-changed";
  }

  async function check(): Promise<void> {
    try {
      await thread.call("check", {});
      noteFile(undefined);
      serve();
    } catch (error) {
      noteFile(error);
      throw error;
    }
  }

  function end(error: InboxError): void {
    over ??= error;
    feed.stop();
    retention.stop();
    errands.stop();
    alarm.stop();
    takers.refuse(error);
  }

  function add(notice: Notice): Promise<AddOutcome> {
    if (over !== undefined) return Promise.reject(over);
    return new Promise((resolve, reject) => {
      const json = JSON.stringify(notice);
      const receivedAt = clock();
      groups.add(
        { notice, json, receivedAt },
        (id) => {
          if (id === 0) return resolve("duplicate");
          if (feed.added(id, notice.conversation))
            payloads.keep(id, { notice, size: json.length, receivedAt });
          resolve("added");
        },
        reject,
      );
    });
  }

  function toLease(conversation: Conversation, payload: Payload): Lease {
    const id = conversation.head;
    // Kept here at once: what was done is known to the next attempt in this process, also when the disk is full.
    let { journal } = payload;
    let isOver = false;
    const mayNotWrite = (): boolean => over !== undefined || isOver;
    const remember = (place: string, entry: JsonValue): void => {
      journal ??= new Map();
      journal.set(place, entry);
    };
    return {
      id: formatId(id),
      notice: payload.notice,
      attempt: conversation.attempts + 1,
      crashCount: payload.crashCount ?? 0,
      blocked: payload.blocked,
      // The clock may have been set back meanwhile.
      failingForMs: payload.failingSince && Math.max(0, clock() - payload.failingSince),
      isAside: payload.isAside,
      receivedAt: payload.receivedAt,
      journal: journal === undefined ? NOTHING_NOTED : new Map(journal),
      note(place, entry, posted) {
        if (mayNotWrite()) return Promise.reject(over ?? alreadySettled(file, id));
        remember(place, entry);
        const print = posted === undefined ? undefined : printOf(posted);
        const note = { id, place, entry: JSON.stringify(entry), print, at: clock() };
        return new Promise((resolve, reject) => groups.note(note, resolve, reject));
      },
      async claim(place, candidates, since) {
        if (mayNotWrite()) throw over ?? alreadySettled(file, id);
        const prints = candidates.map(({ message }) => printOf(message));
        const entries = candidates.map(({ entry }) => JSON.stringify(entry));
        journal ??= new Map();
        return new Promise<number | undefined>((resolve, reject) => {
          const onKept = (index: number): void => {
            const claimed = candidates[index];
            if (claimed !== undefined) remember(place, claimed.entry);
            resolve(claimed && index);
          };
          groups.claim({ id, place, prints, entries, since, at: clock() }, onKept, reject);
        });
      },
      async change(records, place, entry) {
        if (mayNotWrite()) throw over ?? alreadySettled(file, id);
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
          groups.change(change, onKept, reject);
        });
      },
      // The file is locked for as long as this process lives, so no other process can have the event.
      isHeld: () => !mayNotWrite(),
      async renew() {
        if (mayNotWrite()) throw over ?? alreadySettled(file, id);
      },
      async settle(settlement, extras = {}) {
        if (mayNotWrite()) throw over ?? alreadySettled(file, id);
        isOver = true;
        try {
          await settle(conversation, { ...payload, journal }, settlement, extras);
        } catch (error) {
          isOver = !(error instanceof RecordConflictError);
          throw error;
        }
      },
    };
  }

  function settle(
    conversation: Conversation,
    payload: Payload,
    settlement: Settlement,
    { trace, records = [] }: SettlementExtras,
  ): Promise<void> {
    const id = conversation.head;
    const attempts = conversation.attempts + 1;
    const isMoving = settlement.kind === "retry" && settlement.aside === true && payload.isAside !== true;
    const movesTo = isMoving ? asideKey(conversation.name, id) : undefined;
    const ending = {
      id,
      attempts,
      settlement,
      at: clock(),
      trace: trace && JSON.stringify(trace),
      records: records.map(toWrite),
      isJournaled: payload.journal !== undefined,
      movesTo,
    };
    return new Promise((resolve, reject) => {
      groups.settle(ending, {
        kept() {
          letOthersIn(conversation);
          const known = { ...payload, crashCount: 0 };
          if (isRecovered(id)) inDoubt--;
          if (id <= recoveredTo) understood.add(id);
          switch (settlement.kind) {
            case "retry":
              comeBack(
                conversation,
                {
                  ...known,
                  failingSince: payload.failingSince ?? ending.at,
                  isAside: isMoving || payload.isAside,
                },
                attempts,
                wholeWait(settlement.afterMs),
                movesTo,
              );
              break;
            case "released":
              comeBack(conversation, known, conversation.attempts, 0);
              break;
            case "dead":
              if (settlement.holds === true) backlog.hold(conversation);
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
          letOthersIn(conversation);
          comeBack(conversation, payload, conversation.attempts, UNSETTLED_PAUSE_MS);
          reject(error);
        },
      });
    });
  }

  /** Suspects that waited for this one to be settled. */
  function letOthersIn(conversation: Conversation): void {
    for (const freed of suspects.settled(conversation)) backlog.release(freed);
  }

  function comeBack(
    conversation: Conversation,
    payload: Payload,
    attempts: number,
    afterMs: number,
    movesTo?: string,
  ): void {
    const wakeAt = alarm.now() + afterMs;
    payloads.keep(conversation.head, payload);
    if (movesTo === undefined) backlog.sleep(conversation, attempts, wakeAt);
    else backlog.sleepAside(conversation, movesTo, attempts, wakeAt);
  }

  function onMissing(conversation: Conversation): void {
    log.error("an event is not in the inbox's file any more: was the file changed by hand?", {
      id: formatId(conversation.head),
      conversation: conversation.name,
    });
    backlog.finish(conversation);
  }

  async function close(): Promise<void> {
    end(new InboxError("inbox-closed", `inbox "${file}" is closed; nothing can be added or taken any more`));
    await groups.drained();
    await thread.close(backlog.leased === 0 && inDoubt <= 0);
  }

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    if (over !== undefined) throw over;
    return question();
  }

  return {
    add,
    take: takers.take,
    blockRecorder: { module: compiledFile(__dirname, "record-block.js"), data: file },
    counts: () => ask(() => thread.call("counts", {})),
    check: () => ask(check),
    list: (filter = {}) => ask(() => thread.call("list", { filter: toListFilter(filter) })),
    show: (text) =>
      ask(async () => {
        const id = parseId(text);
        return id === undefined ? undefined : thread.call("show", { id });
      }),
    replay: (text) =>
      ask(async () => {
        const id = parseId(text);
        const newId = id === undefined ? undefined : await operations.replay(id);
        return newId === undefined ? undefined : formatId(newId);
      }),
    retry: (text) =>
      ask(async () => {
        const id = parseId(text);
        return id !== undefined && operations.retry(id);
      }),
    discard: (text, reason) =>
      ask(async () => {
        const id = parseId(text);
        return id !== undefined && operations.discard(id, reason);
      }),
    records: createRecords(thread, ask, clock),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function alreadySettled(file: string, id: number): InboxError {
  return new InboxError(
    "inbox-failed",
    `inbox "${file}": event ${formatId(id)} has been settled already; a lease is settled once`,
  );
}

/** The conversation that an event has to itself once it has lost its place. */
function asideKey(conversation: string, id: number): string {
  return `${conversation} aside ${formatId(id)}`;
}
