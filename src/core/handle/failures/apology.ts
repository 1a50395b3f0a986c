import type { CardSource } from "../../contract/card-source";
import type { Context, ReplyContent } from "../../contract/context";
import type { BotEvent } from "../../contract/event";
import type { Apology } from "../../contract/failure-rules";
import type { AttemptFailure, Lease } from "../../contract/inbox";
import type { Logger } from "../../contract/logger";
import type { Notice } from "../../contract/notice";
import type { TraceStep } from "../../contract/trace";
import { Journal, type JournalLease } from "../../reply/journal";
import type { CallKey } from "../../reply/outbox";
import { Answering } from "../../reply/reply-target";
import type { PendingWrites } from "../../state/pending-writes";
import type { AttemptProgress } from "../attempt-progress";
import { checkAccess } from "../check-access";
import { createContexts } from "../create-contexts";
import { defaultReply, unaskedReply } from "../default-replies";
import { TIERS, type Tier } from "../found-matches";
import type { RoutedBot, ServedAccount } from "../served-account";
import { describeFailure } from "./describe-failure";
import { type ErrorDetail, failureFields } from "./failure-text";

/** An event that failed for good, or that has lost its place in its conversation. */
export interface FailedAttempt {
  readonly lease: JournalLease & Pick<Lease, "id" | "notice" | "attempt" | "receivedAt">;
  readonly failure: AttemptFailure;
  readonly isFinal: boolean;
  readonly progress: AttemptProgress;
  readonly trace: TraceStep[];
  readonly changes: PendingWrites;
}

/** Tells a person that their event failed, once for each event. Never rejects, and takes some seconds at most. */
export type Apologize = (failed: FailedAttempt) => Promise<void>;

export interface ApologyParts {
  /** By platform and account: `"webex/default"`. */
  readonly accounts: ReadonlyMap<string, ServedAccount>;
  readonly cards: CardSource;
  readonly log: Logger;
  readonly detail: ErrorDetail;
}

/** How long all of an apology may take, in milliseconds. */
const LONGEST_MS = 5_000;
/** Where the journal has it: the same for every attempt, and whichever bot it is. */
const PLACE = "@apology";
/** Events that a person waits for an answer to. */
const ASKING: ReadonlySet<string> = new Set(["messages.created", "attachmentActions.created"]);

export function createApology({ accounts, cards, log, detail }: ApologyParts): Apologize {
  return async (failed) => {
    const { notice, id } = failed.lease;
    const account = accounts.get(`${notice.platform}/${notice.account}`);
    if (account === undefined || !ASKING.has(notice.name) || account.platform.isOwn(notice)) return;
    if (!account.wants(notice)) return;
    const time = new AbortController();
    const timer = setTimeout(
      () => time.abort(new Error(`the apology took longer than ${LONGEST_MS} ms`)),
      LONGEST_MS,
    );
    try {
      await Promise.race([rejection(time.signal), apologize(failed, account, time.signal)]);
    } catch (error) {
      log.warn("a person could not be told that their event failed", {
        key: notice.key,
        event: id,
        ...failureFields(describeFailure(error), detail),
      });
    } finally {
      clearTimeout(timer);
      time.abort();
    }
  };

  async function apologize(
    failed: FailedAttempt,
    account: ServedAccount,
    signal: AbortSignal,
  ): Promise<void> {
    // Noted before it is sent: rather none than two.
    const journal = new Journal(failed.lease, "at-most-once");
    if (journal.hasPassed(PLACE)) return;
    const { lease, progress } = failed;
    const { platform } = account;
    const { admitted } = await checkAccess(account.bots, lease.notice, platform, [], signal);
    const bot = whoApologizes(admitted, progress);
    if (bot === undefined || bot.apology === false) return;
    const event = progress.event ?? eventOf(lease.notice);
    if (event.target === undefined) return;
    const isOpen = (): boolean => !signal.aborted;
    const { outbox, contextFor } = createContexts({
      ...{ account, cards, log, lease, journal, signal, isOpen, event },
      ...{ isLast: failed.isFinal, trace: failed.trace, changes: failed.changes },
    });
    const content = await contentOf(bot.apology, contextFor(bot, PLACE), failed);
    if (content === false) return;
    const at: CallKey = { bot: bot.name, call: "apology", place: PLACE };
    const answering = new Answering({ event, platform, outbox, cards, signal });
    try {
      await answering.reply(at, content, true);
    } catch (error) {
      if (signal.aborted || lease.journal.has(PLACE)) throw error;
      // Nothing was sent: the bot's own content is invalid, or the thread could not be found.
      await answering.reply(at, standardText(lease), false);
    }
  }

  async function contentOf(
    apology: Exclude<Apology, false> | undefined,
    ctx: Context,
    { lease, failure, isFinal }: FailedAttempt,
  ): Promise<ReplyContent | false> {
    const standard = standardText(lease);
    if (typeof apology !== "function") return apology ?? standard;
    try {
      return await apology(ctx, { ...failure, reference: lease.id, isFinal });
    } catch (error) {
      log.error("bot.apology threw; the person gets the standard text", {
        key: lease.notice.key,
        ...failureFields(describeFailure(error), detail, true),
      });
      return standard;
    }
  }
}

function standardText({ id, notice }: FailedAttempt["lease"]): string {
  const what = notice.name === "messages.created" ? "your message" : "your click";
  return `Something went wrong while handling ${what}. Reference: ${id}.`;
}

/** The bot that would have answered. @returns `undefined` if none would have */
function whoApologizes(
  admitted: readonly RoutedBot[],
  { bot, event, isAnswering }: AttemptProgress,
): RoutedBot["bot"] | undefined {
  // Without the event there is no telling who would have answered it.
  if (event === undefined) return bot ?? admitted[0]?.bot;
  if (event.kind !== "message" && event.kind !== "action") return undefined;
  if (bot !== undefined && isAnswering === true) return bot;
  const found = admitted.map((one) => ({ bot: one.bot, matches: one.router.matches(event) }));
  const withMatch = (tier: Tier) => found.find(({ matches }) => matches.has(tier))?.bot;
  if (found.some((one) => one.bot === bot && TIERS.some((tier) => one.matches.has(tier)))) return bot;
  return (
    withMatch("specific") ??
    unaskedReply(event, admitted)?.bot ??
    withMatch("catch-all") ??
    withMatch("otherwise") ??
    whoRepliesByDefault(event, admitted)
  );
}

function whoRepliesByDefault(event: BotEvent, admitted: readonly RoutedBot[]): RoutedBot["bot"] | undefined {
  const reply = event.kind === "message" ? defaultReply(event, admitted) : undefined;
  return reply?.kind === "reply" ? reply.bot : undefined;
}

/** All that is known of an event that could not be fetched. */
function eventOf(notice: Notice): BotEvent {
  const { person, room, data } = notice;
  return {
    kind: "other",
    ...{ notice, person, room },
    target: room && { roomId: room.id },
    resource: data,
  };
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
