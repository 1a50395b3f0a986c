import { ApiError, BellhopError, NetworkError, UnknownOutcomeError } from "./errors";
import { reached } from "./fault-points";
import type { Lease } from "./inbox";
import type { JsonValue } from "./notice";
import type { SentMessage } from "./platform";
import type { CallOutcome } from "./trace";

/**
 * How often a reply is sent of which nobody can tell whether it arrived: the connection broke before the answer, and
 * the platform does not let the bot read its own messages there. In any other case it is once.
 */
export type ReplyGuarantee = "at-least-once" | "at-most-once";

/** One call that changes something at the platform. */
export type OutgoingCall =
  | {
      /** A second time makes no difference, as with editing and deleting. */
      readonly kind: "repeatable";
      readonly act: () => Promise<undefined>;
    }
  | {
      readonly kind: "post";
      readonly act: () => Promise<SentMessage>;
      /**
       * Messages of the bot that look like this one, posted since then, oldest first.
       * @returns `undefined` where the bot may not read its own messages
       */
      readonly find: (since: number) => Promise<readonly SentMessage[] | undefined>;
    };

/** What a call came to, and how. */
export interface Outcome {
  /** What was posted; absent for calls that post nothing. */
  readonly sent: SentMessage | undefined;
  readonly how: CallOutcome;
}

/** As it is kept. `unknown`: it was begun at `at`, and how it ended was never noted. `undone`: begun and refused. */
type Entry =
  | { readonly kind: "done"; readonly sent?: SentMessage | undefined }
  | { readonly kind: "unknown"; readonly at: number }
  | { readonly kind: "undone" };

/** The platform's clock and ours may differ by this much, in milliseconds. */
const CLOCK_SLACK_MS = 2 * 60_000;

/**
 * What an event's handlers have done, over all attempts. Every call has a place in the run; a handler that is run
 * again is given the results of the calls that were confirmed, and only makes the others.
 *
 * That a call was begun is not noted beforehand, which would cost every reply a sync of the disk. After an attempt
 * that was cut off, whatever is not noted as done may have been done, and is looked for at the platform.
 */
export class Journal {
  readonly #lease: JournalLease;
  readonly #guarantee: ReplyGuarantee;
  /** Ids of posted messages that belong to a place: none is the answer of two. */
  readonly #claimed: Set<string>;
  /** Looks at the platform one at a time, so that two places do not find the same message. */
  #searching: Promise<unknown> = Promise.resolve();
  /** Posts under way, and since when. */
  readonly #underWay = new Map<string, number>();
  /** The latest note is on disk, and with it those before. */
  #noted: Promise<void> = Promise.resolve();
  #hasEnded = false;

  constructor(lease: JournalLease, guarantee: ReplyGuarantee) {
    this.#lease = lease;
    this.#guarantee = guarantee;
    this.#claimed = new Set();
    for (const entry of lease.journal.values() as Iterable<Entry>) // nobody else writes there
      if (entry.kind === "done" && entry.sent !== undefined) this.#claimed.add(entry.sent.id);
  }

  /**
   * Makes a call, unless an attempt before has made it.
   * @param place the same in every attempt, and of no other call
   * @throws whatever the call throws; UnknownOutcomeError; InboxError when it could not be noted beforehand
   */
  async once(place: string, call: OutgoingCall): Promise<Outcome> {
    const before = this.#entry(place);
    if (before?.kind === "done") return { sent: before.sent, how: "remembered" };
    if (call.kind === "repeatable") {
      // It may change or remove a message that would then not be found by what it said when it was posted.
      await this.#noted;
      await this.#act(call.act);
      this.#note(place, { kind: "done" });
      return { sent: undefined, how: "sent" };
    }
    const doubtful = this.#doubtfulSince(before);
    if (doubtful !== undefined) {
      const found = await this.#search(call.find, doubtful);
      if (found === "unreadable" && this.#guarantee === "at-most-once") throw new UnknownOutcomeError(place);
      if (typeof found === "object") return { sent: this.#done(place, found), how: "found" };
    }
    const at = Date.now();
    if (this.#guarantee === "at-most-once") {
      await this.#lease.note(place, { kind: "unknown", at });
      reached("journal.unknown-noted");
    }
    this.#underWay.set(place, doubtful ?? at);
    try {
      return { sent: this.#done(place, await this.#act(call.act)), how: "sent" };
    } catch (error) {
      if (mayBeDone(error)) this.#note(place, { kind: "unknown", at: doubtful ?? at });
      else if (this.#guarantee === "at-most-once") this.#note(place, { kind: "undone" });
      throw error;
    } finally {
      this.#underWay.delete(place);
    }
  }

  /** The attempt is over, perhaps in the middle of a call. To be called before the lease is settled. */
  end(): void {
    for (const [place, at] of this.#underWay) this.#note(place, { kind: "unknown", at });
    this.#hasEnded = true;
  }

  /** Whether an earlier attempt came past this place. */
  hasPassed(place: string): boolean {
    return this.#entry(place)?.kind === "done";
  }

  /** The attempts that follow need not come here again. */
  pass(place: string): void {
    this.#note(place, { kind: "done" });
  }

  async #act<T>(act: () => Promise<T>): Promise<T> {
    reached("call.begun");
    const result = await act();
    reached("call.answered");
    return result;
  }

  #entry(place: string): Entry | undefined {
    // Asserted: nobody else writes to an event's journal.
    return this.#lease.journal.get(place) as Entry | undefined;
  }

  /** Since when the call may have been made without our knowing. */
  #doubtfulSince(before: Entry | undefined): number | undefined {
    if (before?.kind === "unknown") return before.at;
    if (before?.kind === "undone" || this.#lease.interruptions === 0) return undefined;
    // At most once, every call was noted before it was begun.
    return this.#guarantee === "at-most-once" ? undefined : this.#lease.receivedAt;
  }

  #search(
    find: (since: number) => Promise<readonly SentMessage[] | undefined>,
    since: number,
  ): Promise<SentMessage | "absent" | "unreadable"> {
    const search = this.#searching.then(async () => {
      const candidates = await find(since - CLOCK_SLACK_MS);
      if (candidates === undefined) return "unreadable";
      const found = candidates.find(({ id }) => !this.#claimed.has(id));
      if (found !== undefined) this.#claimed.add(found.id);
      return found ?? "absent";
    });
    this.#searching = search.catch(() => undefined);
    return search;
  }

  #done(place: string, sent: SentMessage): SentMessage {
    this.#claimed.add(sent.id);
    this.#note(place, { kind: "done", sent: toJson(sent) });
    return sent;
  }

  /**
   * No post waits for the disk: what comes after it, another note or the settlement, is written after it. If it cannot
   * be written, neither can they.
   */
  #note(place: string, entry: Entry & JsonValue): void {
    if (this.#hasEnded) return;
    this.#noted = this.#lease.note(place, entry).then(() => reached("journal.noted"), nothing);
  }
}

/** What a journal needs of its event's lease. */
export type JournalLease = Pick<Lease, "journal" | "note" | "interruptions" | "receivedAt">;

/** What `undefined` says, JSON says by absence. */
function toJson({ id, roomId, threadId }: SentMessage): SentMessage & JsonValue {
  return threadId === undefined ? { id, roomId } : { id, roomId, threadId };
}

/** Whether the platform may have done what was asked, although it did not say so. */
export function mayBeDone(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  if (error instanceof NetworkError) return error.maybeDone;
  return error instanceof UnknownOutcomeError || !(error instanceof BellhopError);
}

function nothing(): void {}
