import { ApiError, NetworkError } from "../contract/errors";
import type { Target } from "../contract/event";
import type { Lease } from "../contract/inbox";
import { SENT_REMEMBERED_MS } from "../contract/inbox";
import type { JsonValue } from "../contract/notice";
import type { Recipient, SentMessage } from "../contract/platform";
import { sleep } from "../util/sleep";
import type { PostedMessages } from "./posted-messages";

/** Where a message may be that a call has posted. */
export interface Whereabouts {
  readonly target: Target | Recipient;
  /** The messages that this process posts with the account. */
  readonly posted: PostedMessages;
  /**
   * Before this nothing can have been posted that answers the event, in milliseconds since 1970 by the platform's clock.
   * Absent: the platform does not say when the event happened.
   */
  readonly notBefore?: number | undefined;
  /**
   * The bot's messages that are this answer, posted since then.
   * @param since in milliseconds since 1970, by the platform's clock
   * @returns `undefined` where the bot cannot know of its own messages
   */
  find(since: number, signal: AbortSignal): Promise<FoundMessages | undefined>;
}

/** Messages that may be an answer. */
export interface FoundMessages {
  /** Oldest first. */
  readonly messages: readonly SentMessage[];
  /** Whether more may become known: a message that is missing here may have been posted all the same. */
  readonly isPartial: boolean;
}

type List = (since: number, signal: AbortSignal) => Promise<readonly SentMessage[] | undefined>;

/**
 * Looks in the list of the bot's messages, or, once the platform has refused the list, in the receipts.
 * @param receipts absent where the platform sends none
 */
export function createSentFinder(list: List, receipts: List | undefined): Whereabouts["find"] {
  let isListed = true;
  return async (since, signal) => {
    const listed = isListed ? await list(since, signal) : undefined;
    if (listed !== undefined) return { messages: listed, isPartial: false };
    isListed = false;
    const messages = await receipts?.(since, signal);
    return messages && { messages, isPartial: true };
  };
}

/**
 * What a search came to: the message, which belongs to the call now; `absent`: it was not posted; `unknown`: the platform
 * does not say.
 */
export type SearchResult = SentMessage | "absent" | "unknown";

export interface SearchRules {
  /** How long one search may take, in milliseconds; then its result is `unknown`. */
  readonly lookForMs: number;
  /** How long receipts are waited for, from when the post was in doubt, in milliseconds. @default 5_000 */
  readonly receiptsWithinMs?: number | undefined;
  /** Aborted when the attempt is over. */
  readonly signal?: AbortSignal | undefined;
}

/** The platform's clock and ours may differ by this much, and ours from life to life, in milliseconds. */
const CLOCK_SLACK_MS = 15 * 60_000;
/** A post that may have been made. */
export interface Doubt {
  /** Since when it may have been made, by our clock, in milliseconds since 1970. */
  readonly since: number;
  /** Whether it certainly was made. */
  readonly isPosted: boolean;
  /** Since when this process has known of the doubt, by `performance.now()`. */
  readonly doubtedAt: number;
}

/** How long a receipt may be on its way, in milliseconds. */
const RECEIPTS_WITHIN_MS = 5_000;
/** Between two looks for a receipt, in milliseconds. */
const RECEIPT_PAUSE_MS = 250;
/** Waits before the next look when the platform could not answer, in milliseconds; the last one repeats. */
const WAITS_MS: readonly number[] = [500, 1_000, 2_000];

/**
 * Looks for the message of a call whose outcome is not known. A message that belongs to another call, of any event, in any
 * process, is not taken: an equal text is not the same message.
 *
 * A platform that refuses to be asked, or does not answer in time, makes the result unknown and nothing worse: looking
 * only helps, and must not keep the reply from being posted.
 * @param entryFor what is kept in the journal with the message that is found
 * @throws InboxError when a message was found and could not be claimed
 */
export async function searchSent(
  lease: Pick<Lease, "claim">,
  place: string,
  { target, posted, find, notBefore }: Whereabouts,
  { since, doubtedAt }: Pick<Doubt, "since" | "doubtedAt">,
  entryFor: (sent: SentMessage) => JsonValue,
  { lookForMs, receiptsWithinMs = RECEIPTS_WITHIN_MS, signal }: SearchRules,
): Promise<SearchResult> {
  // Of an older message it is not remembered which call has posted it.
  const oldest = Date.now() - SENT_REMEMBERED_MS + CLOCK_SLACK_MS;
  const nothing = since < oldest ? "unknown" : "absent";
  // Our clock may be wrong: it counts only where the platform's own does not say when the event happened.
  const from = Math.max(notBefore ?? since - CLOCK_SLACK_MS, oldest);
  const waitsUntil = doubtedAt + receiptsWithinMs;
  for (;;) {
    const found = await look(find, from, lookForMs, signal);
    if (found === undefined) return "unknown";
    const claimed = await claimOne(lease, place, found.messages, { target, posted }, from, entryFor);
    if (claimed !== undefined) return claimed;
    if (!found.isPartial) return nothing;
    if (performance.now() >= waitsUntil) return "unknown";
    await sleep(RECEIPT_PAUSE_MS, signal);
    signal?.throwIfAborted();
  }
}

/** @returns the first of the messages that belongs to no call; it belongs to this one now */
async function claimOne(
  lease: Pick<Lease, "claim">,
  place: string,
  found: readonly SentMessage[],
  { target, posted }: Pick<Whereabouts, "target" | "posted">,
  from: number,
  entryFor: (sent: SentMessage) => JsonValue,
): Promise<SentMessage | undefined> {
  // What was found was posted before now: so the posts that may have posted it are those under way now, or have ended.
  for (const roomId of new Set(found.map((one) => one.roomId))) await posted.ended(roomId);
  const candidates = found.filter((one) => !posted.has(one));
  if (candidates.length === 0) return undefined;
  const claims = candidates.map((one) => ({
    message: posted.nameOf(one),
    entry: entryFor(inPlace(one, target)),
  }));
  const index = await lease.claim(place, claims, from - 2 * CLOCK_SLACK_MS);
  const claimed = index === undefined ? undefined : candidates[index];
  // Either way it is known now that these messages have a call: another look need not ask again.
  for (const one of claimed === undefined ? candidates : [claimed]) posted.add(one);
  if (claimed === undefined) return undefined;
  return inPlace(claimed, target);
}

/** @returns `undefined` when the platform does not say */
async function look(
  find: Whereabouts["find"],
  since: number,
  lookForMs: number,
  attempt: AbortSignal | undefined,
): Promise<FoundMessages | undefined> {
  const limit = AbortSignal.timeout(lookForMs);
  const signal = attempt === undefined ? limit : AbortSignal.any([attempt, limit]);
  for (let tries = 0; ; tries++) {
    try {
      return await find(since, signal);
    } catch (error) {
      attempt?.throwIfAborted();
      if (!mayPass(error) || signal.aborted) return undefined;
    }
    await sleep(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] ?? 0, signal);
    attempt?.throwIfAborted();
    if (signal.aborted) return undefined;
  }
}

/** Whether the platform may answer when it is asked again: it was busy, it failed, or the connection broke. */
function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return PASSING.includes(error.status);
  return error instanceof NetworkError;
}

const PASSING: readonly number[] = [408, 423, 425, 429, 500, 502, 503, 504];

/** A message stands in the place that was asked for, when the platform does not say where. */
function inPlace(sent: SentMessage, target: Target | Recipient): SentMessage {
  return sent.threadId === undefined && "threadId" in target && target.threadId !== undefined
    ? { ...sent, threadId: target.threadId }
    : sent;
}
