import { InboxError } from "../../core/errors";
import type { AddOutcome, Inbox, Lease, Settlement } from "../../core/inbox";
import type { Logger } from "../../core/logger";
import type { Notice } from "../../core/notice";
import { wholeWait } from "../../core/whole-wait";
import { createAlarm } from "./alarm";
import { type Conversation, createBacklog } from "./backlog";
import { createFeed } from "./feed";
import { createGroups } from "./groups";
import { formatId, parseId } from "./ids";
import { createPayloads, type Payload } from "./payloads";
import { startRetention } from "./retention";
import { createTakers } from "./takers";
import type { Thread } from "./thread";
import type { Tuning } from "./tuning";

export interface InboxParts {
  readonly file: string;
  readonly thread: Thread;
  readonly log: Logger;
  readonly clock: () => number;
  readonly rememberMs: number;
  readonly tuning: Tuning;
}

/** How long an event rests whose settlement could not be written, in milliseconds: its handler has done its work. */
const UNSETTLED_PAUSE_MS = 1_000;
/** Between two steps of forgetting, in milliseconds. */
const FORGET_PAUSE_MS = 20;

/** Puts the parts together: what is written goes through `groups`, what waits is in `backlog`, who waits in `takers`. */
export function createInbox({ file, thread, log, clock, rememberMs, tuning }: InboxParts): Inbox {
  let over: InboxError | undefined;
  let closing: Promise<void> | undefined;

  const backlog = createBacklog();
  const payloads = createPayloads({
    count: tuning.maxNotices,
    bytes: tuning.maxNoticeBytes,
    aheadCount: 512,
    aheadBytes: 1024 * 1024,
  });
  const alarm = createAlarm(clock, serve);
  const takers = createTakers({ backlog, payloads, thread, toLease, onMissing });
  const groups = createGroups(thread, () => {
    feed.read();
    serve();
  });
  const feed = createFeed(
    { thread, backlog, log, clock, steady: alarm.now, onMore: serve },
    { events: tuning.maxEvents, page: tuning.page },
  );
  const retention = startRetention(
    thread,
    {
      rememberMs,
      everyMs: tuning.forgetEveryMs,
      step: tuning.forgetStep,
      pauseMs: FORGET_PAUSE_MS,
    },
    clock,
    log,
  );
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

  function end(error: InboxError): void {
    over ??= error;
    feed.stop();
    retention.stop();
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
    let isOver = false;
    return {
      id: formatId(id),
      notice: payload.notice,
      attempt: conversation.attempts + 1,
      receivedAt: payload.receivedAt,
      settle(settlement) {
        if (over !== undefined) return Promise.reject(over);
        if (isOver) return Promise.reject(alreadySettled(file, id));
        isOver = true;
        return settle(conversation, payload, settlement);
      },
    };
  }

  function settle(conversation: Conversation, payload: Payload, settlement: Settlement): Promise<void> {
    const id = conversation.head;
    const attempts = conversation.attempts + 1;
    return new Promise((resolve, reject) => {
      groups.settle(
        { id, attempts, settlement, at: clock() },
        () => {
          if (settlement.kind === "retry")
            comeBack(conversation, payload, attempts, wholeWait(settlement.afterMs));
          else backlog.finish(conversation);
          resolve();
        },
        (error) => {
          comeBack(conversation, payload, conversation.attempts, UNSETTLED_PAUSE_MS);
          reject(error);
        },
      );
    });
  }

  function comeBack(conversation: Conversation, payload: Payload, attempts: number, afterMs: number): void {
    payloads.keep(conversation.head, payload);
    backlog.sleep(conversation, attempts, alarm.now() + afterMs);
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
    await thread.close();
  }

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    if (over !== undefined) throw over;
    return question();
  }

  return {
    add,
    take: takers.take,
    counts: () => ask(() => thread.call("counts", {})),
    dead: (limit = 100) =>
      ask(async () => {
        const letters = await thread.call("dead", { limit });
        return letters.map(({ id, notice, attempts, code, message, receivedAt, diedAt }) => ({
          id: formatId(id),
          // Asserted: it is what `add` was given, written by ourselves.
          notice: JSON.parse(notice) as Notice,
          attempts,
          error: { code, message },
          receivedAt,
          diedAt,
        }));
      }),
    replay: (text) =>
      ask(async () => {
        const id = parseId(text);
        const revived = id === undefined ? undefined : await thread.call("replay", { id });
        if (revived === undefined) return false;
        feed.added(revived.id, revived.conversation);
        serve();
        return true;
      }),
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
