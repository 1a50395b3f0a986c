import { ApiError, BellhopError, NetworkError, UnknownOutcomeError } from "../contract/errors";
import type { Lease } from "../contract/inbox";
import type { JsonValue } from "../contract/notice";
import type { SentMessage } from "../contract/platform";
import type { RecordChange } from "../contract/records";
import type { CallOutcome } from "../contract/trace";
import { failpoint } from "../util/failpoints";
import { type Doubt, type SearchResult, type SearchRules, searchSent, type Whereabouts } from "./sent-search";

/**
 * How often a reply is sent of which nobody can tell whether it arrived: the connection broke before the answer, and
 * the platform does not let the bot read its own messages there. In any other case it is once.
 */
export type ReplyGuarantee = "at-least-once" | "at-most-once";

/** Whether a call may still begin: asked in the event-loop turn in which the request is written. */
export type MayBegin = () => boolean;

/** One call that changes something at the platform. */
export type OutgoingCall =
  | {
      /** A second time makes no difference, as with editing and deleting. */
      readonly kind: "repeatable";
      readonly act: (mayBegin: MayBegin) => Promise<undefined>;
    }
  | {
      readonly kind: "post";
      readonly act: (mayBegin: MayBegin) => Promise<SentMessage>;
      /** Where the message is looked for when the outcome is not known. */
      readonly whereabouts: Whereabouts;
    };

/** What a call came to, and how. */
export interface Outcome {
  /** What was posted; absent for calls that post nothing. Its id is empty when the platform did not say it. */
  readonly sent: SentMessage | undefined;
  readonly how: CallOutcome;
}

/**
 * As it is kept. `unknown`: it was begun at `at`, and how it ended was never noted. `posted`: the platform has granted it,
 * and the id of the message could not be read. `undone`: begun and refused.
 */
type Entry =
  | { readonly kind: "done"; readonly sent?: SentMessage | undefined }
  | { readonly kind: "unknown" | "posted"; readonly at: number }
  | { readonly kind: "undone" };

/** How long a message is looked for at most, in milliseconds. */
const LOOK_FOR_MS = 10_000;

/**
 * What an event's handlers have done, over all attempts. Every call has a place in the run; a handler that is run
 * again is given the results of the calls that were confirmed, and only makes the others.
 *
 * That a call was begun is not noted beforehand, which would cost every reply a sync of the disk. After an attempt
 * that was cut off, whatever is not noted as done may have been done, and is looked for at the platform.
 *
 * A message belongs to one call. The inbox remembers for each message that was confirmed or found that it has a call, so
 * that a search takes no message of another call, however much they look alike.
 *
 * Before each call the process makes sure that it still holds the event: another one that has it makes the call, too.
 */
export class Journal {
  readonly #lease: JournalLease;
  readonly #guarantee: ReplyGuarantee;
  readonly #search: SearchRules;
  /** Searches at the platform one at a time, so that two places do not claim the same message. */
  #searching: Promise<unknown> = Promise.resolve();
  /** Posts under way, and since when. */
  readonly #underWay = new Map<string, number>();
  /** The latest note is on disk, and with it those before. */
  #noted: Promise<void> = Promise.resolve();
  #hasEnded = false;
  /** When the attempt began, by `performance.now()`: what earlier attempts have posted was posted before. */
  readonly #begunAt = performance.now();

  constructor(
    lease: JournalLease,
    guarantee: ReplyGuarantee,
    search: SearchRules = { lookForMs: LOOK_FOR_MS },
  ) {
    this.#lease = lease;
    this.#guarantee = guarantee;
    this.#search = { ...search, lookForMs: Math.min(search.lookForMs, LOOK_FOR_MS) };
  }

  /**
   * Makes a call, unless an attempt before has made it.
   * @param place the same in every attempt, and of no other call
   * @throws whatever the call throws; UnknownOutcomeError; LeaseLostError when the event is no longer held;
   * InboxError when it could not be noted beforehand
   */
  async once(place: string, call: OutgoingCall): Promise<Outcome> {
    const before = this.#entry(place);
    if (before?.kind === "done") return { sent: before.sent, how: "remembered" };
    if (call.kind === "post") return this.#post(place, call, before);
    // It may change or remove a message that would then not be found by what it said when it was posted.
    await this.#noted;
    await this.#act(call.act);
    this.#note(place, { kind: "done" });
    return { sent: undefined, how: "sent" };
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

  /**
   * Changes records, and keeps that the call at this place is made, in one transaction.
   * @throws RecordConflictError when a record is not at the version that a change names; InboxError. Then nothing was changed
   */
  async change(place: string, records: readonly RecordChange[]): Promise<void> {
    await this.#lease.change(records, place, { kind: "done" });
  }

  async #post(
    place: string,
    { act, whereabouts }: Extract<OutgoingCall, { kind: "post" }>,
    before: Entry | undefined,
  ): Promise<Outcome> {
    const doubt = this.#doubtOf(before);
    if (doubt !== undefined) {
      const outcome = await this.#resolve(place, whereabouts, doubt);
      if (outcome !== undefined) return outcome;
    }
    const at = Date.now();
    if (this.#guarantee === "at-most-once") {
      await this.#lease.note(place, { kind: "unknown", at });
      failpoint("journal.unknown-noted");
    }
    const { target, posted } = whereabouts;
    const since = doubt?.since ?? at;
    this.#underWay.set(place, since);
    try {
      const sent = await posted.post(target, () => this.#act(act));
      this.#note(
        place,
        { kind: "done", sent: toJson(sent) },
        sent.id === "" ? undefined : posted.nameOf(sent),
      );
      return { sent, how: "sent" };
    } catch (error) {
      const outcome = wasGranted(error) ? await this.#findGranted(place, whereabouts, since) : undefined;
      if (outcome !== undefined) return outcome;
      if (mayBeDone(error)) this.#note(place, { kind: "unknown", at: since });
      else if (this.#guarantee === "at-most-once") this.#note(place, { kind: "undone" });
      throw error;
    } finally {
      this.#underWay.delete(place);
    }
  }

  /** Looks for a message that the platform has granted and whose answer could not be read. */
  async #findGranted(place: string, whereabouts: Whereabouts, since: number): Promise<Outcome | undefined> {
    this.#note(place, { kind: "posted", at: since });
    return this.#resolve(place, whereabouts, { since, isPosted: true, doubtedAt: performance.now() });
  }

  /**
   * Finds out what became of a post.
   * @returns `undefined` when it is to be made
   * @throws UnknownOutcomeError
   */
  async #resolve(place: string, whereabouts: Whereabouts, doubt: Doubt): Promise<Outcome | undefined> {
    const found = await this.#find(place, whereabouts, doubt);
    if (typeof found === "object") return { sent: found, how: "found" };
    if (doubt.isPosted) {
      const { target } = whereabouts;
      // The message is posted, but its id is unknown: it can be neither edited nor deleted.
      const sent = { id: "", roomId: "", ...("roomId" in target ? target : {}) };
      this.#note(place, { kind: "done", sent: toJson(sent) });
      return { sent, how: "found" };
    }
    if (found === "unknown" && this.#guarantee === "at-most-once") throw new UnknownOutcomeError(place);
    return undefined;
  }

  /** @throws LeaseLostError before it is made */
  async #act<T>(act: (mayBegin: MayBegin) => Promise<T>): Promise<T> {
    if (!this.#lease.isHeld()) await this.#lease.renew();
    failpoint("call.begun");
    const result = await act(() => this.#lease.isHeld());
    failpoint("call.answered");
    return result;
  }

  #entry(place: string): Entry | undefined {
    // Asserted: nobody else writes to an event's journal.
    return this.#lease.journal.get(place) as Entry | undefined;
  }

  /** Since when the call may have been made without our knowing. */
  #doubtOf(before: Entry | undefined): Doubt | undefined {
    if (before?.kind === "unknown" || before?.kind === "posted")
      return { since: before.at, isPosted: before.kind === "posted", doubtedAt: this.#begunAt };
    if (before?.kind === "undone" || this.#lease.crashCount === 0) return undefined;
    // At most once, every call was noted before it was begun.
    if (this.#guarantee === "at-most-once") return undefined;
    return { since: this.#lease.receivedAt, isPosted: false, doubtedAt: this.#begunAt };
  }

  #find(place: string, whereabouts: Whereabouts, doubt: Doubt): Promise<SearchResult> {
    const entryFor = (sent: SentMessage): JsonValue => ({ kind: "done", sent: toJson(sent) });
    const search = this.#searching.then(() =>
      searchSent(this.#lease, place, whereabouts, doubt, entryFor, this.#search),
    );
    this.#searching = search.catch(() => undefined);
    return search;
  }

  /**
   * No post waits for the disk: what comes after it, another note or the settlement, is written after it. If it cannot
   * be written, neither can they.
   */
  #note(place: string, entry: Entry & JsonValue, posted?: string): void {
    if (this.#hasEnded) return;
    this.#noted = this.#lease.note(place, entry, posted).then(() => failpoint("journal.noted"), nothing);
  }
}

/** What a journal needs of its event's lease. */
export type JournalLease = Pick<
  Lease,
  "journal" | "note" | "claim" | "change" | "isHeld" | "renew" | "crashCount" | "receivedAt"
>;

/** What `undefined` says, JSON says by absence. */
function toJson({ id, roomId, threadId }: SentMessage): SentMessage & JsonValue {
  return threadId === undefined ? { id, roomId } : { id, roomId, threadId };
}

/** Whether the platform has done what was asked, although its answer could not be read to its end. */
function wasGranted(error: unknown): boolean {
  return error instanceof NetworkError && error.isDone;
}

/** Whether the platform may have done what was asked, although it did not say so. */
export function mayBeDone(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  if (error instanceof NetworkError) return error.mayHaveSucceeded;
  return error instanceof UnknownOutcomeError || !(error instanceof BellhopError);
}

function nothing(): void {}
