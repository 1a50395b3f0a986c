/** What a bot decides about its own failures: `bot.retry` and `bot.apology`. */
import type { Context, ReplyContent } from "./context";
import type { AttemptFailure } from "./inbox";

/**
 * Decides what becomes of an event after an error of the bot.
 * - `{ afterMs }`: it is retried after so many milliseconds, up to a day.
 * - `"never"`: it is a dead letter at once.
 * - `"default"`: as without a policy.
 *
 * `MAX_ATTEMPTS` is the upper bound in any case.
 */
export type RetryDecision = { readonly afterMs: number } | "default" | "never";

/**
 * What `bot.retry` takes.
 * @param error what the handler threw, of any type
 * @param attempt the attempt that failed, counted from 1
 */
export type RetryPolicy = (error: unknown, attempt: number) => RetryDecision;

/** Why a person gets no answer, or a late one, as `bot.apology` is given it. */
export interface FailedEvent extends AttemptFailure {
  /** The event's id, as `bellhop inbox show` takes it. */
  readonly reference: string;
  /** `false` if the event is still retried, so that its answer may come late. */
  readonly isFinal: boolean;
}

/** Makes the message that a person gets for a failed event. @returns `false` for no message */
export type ApologyWriter = (
  ctx: Context,
  failure: FailedEvent,
) => ReplyContent | false | Promise<ReplyContent | false>;

/** What a person gets whose event failed: a text, a function that makes it, or nothing. */
export type Apology = ReplyContent | ApologyWriter | false;
