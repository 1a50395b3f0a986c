import type { Handler, Next } from "../contract/bot";
import type { ClickRefusal } from "../contract/click-refusal";
import { FileError, HandlerError, isError } from "../contract/errors";
import { escapeMarkdown } from "../contract/markdown";
import type { TraceStep } from "../contract/trace";
import type { HandlerContext } from "../reply/handler-context";
import { isInstance } from "../util/thrown-value";
import { type ActivityRow, UNTRACKED } from "./activity";
import { describeFailure } from "./failures/describe-failure";
import { type ErrorDetail, failureFields } from "./failures/failure-text";
import { decisionOf } from "./failures/retry-policy";
import type { Match } from "./found-matches";
import type { ActionRoute, BuiltBot } from "./routes";
import { isFinal } from "./settlement";

/** How a bot's chain ended: who answered, that somebody would have and must not, or that nobody did. */
export type ChainResult =
  | {
      readonly kind: "answered";
      readonly by: string;
      /** A handler threw, and the bot's `catch` has settled it. */
      readonly isCaught?: boolean;
    }
  | { readonly kind: "refused"; readonly by: string; readonly refusal: ClickRefusal }
  | { readonly kind: "unanswered" };

/** Asked before a click gets to its handler. @returns why it must not */
export type ClickGate = (route: ActionRoute) => Promise<ClickRefusal | undefined>;

/** Gives the next handler that matches; `undefined` if no handler is left. */
export type NextMatch = () => Match | undefined;

/** Where it is written down which handler of a bot is at work. */
export interface ChainTracking {
  readonly row: ActivityRow;
  /** Number of the bot's first handler. */
  readonly firstHandler: number;
}

/**
 * Offers an event to one bot: its middleware, then its matching handlers until one does not call `next()`.
 * @throws HandlerError when one of them throws and the bot's `catch` does not settle it
 */
export async function runChain(
  bot: BuiltBot,
  nextMatch: NextMatch,
  ctx: HandlerContext,
  trace: TraceStep[],
  gate: ClickGate,
  { row, firstHandler }: ChainTracking = { row: UNTRACKED, firstHandler: 0 },
  detail: ErrorDetail = "brief",
): Promise<ChainResult> {
  // Whoever was entered last and did not go on has answered.
  let result: ChainResult = { kind: "unanswered" };

  let writtenAt: string | undefined;

  const enter = async (
    by: string,
    number: number,
    handler: Handler<HandlerContext>,
    given: HandlerContext,
    next: Next,
  ) => {
    // An attempt whose time is up has been given back: what it did now, the next attempt would do again.
    ctx.signal.throwIfAborted();
    result = { kind: "answered", by };
    let verdict = "answered";
    const goOn = once(by, () => {
      verdict = "went on";
      return ctx.inHand.add(next());
    });
    try {
      await row.run(number, handler, given, goOn);
    } catch (error) {
      verdict = "failed";
      throw error;
    } finally {
      trace.push({ at: Date.now(), step: "matched", bot: bot.name, handler: by, verdict });
    }
  };
  const handle: Next = async () => {
    const match = nextMatch();
    if (match === undefined) {
      result = { kind: "unanswered" };
      return;
    }
    const { route, matched } = match;
    const refusal = route.kind === "action" ? await ctx.inHand.add(gate(route)) : undefined;
    if (refusal !== undefined) {
      result = { kind: "refused", by: route.label, refusal };
      trace.push({
        at: Date.now(),
        step: "matched",
        bot: bot.name,
        handler: route.label,
        verdict: refusal.reason,
      });
      return;
    }
    writtenAt = route.at;
    const number = firstHandler + bot.middleware.length + route.position;
    await enter(route.label, number, route.handler, ctx.with(route.label, matched), handle);
  };
  const run = bot.middleware.reduceRight<Next>(
    (next, middleware, index) => () =>
      enter(`middleware ${index + 1}`, firstHandler + index, middleware, ctx, next),
    handle,
  );

  try {
    await run();
    await ctx.inHand.ended();
  } catch (error) {
    const failure = new HandlerError(`bot "${bot.name}", ${whoOf(result)}`, error, writtenAt);
    await handleFailure(bot, ctx, failure, detail);
    return { kind: "answered", by: whoOf(result), isCaught: true };
  }
  return result;
}

function once(by: string, next: Next): Next {
  let called = false;
  return () => {
    if (called) throw new Error(`${by} called next() twice`);
    called = true;
    return next();
  };
}

function whoOf(at: ChainResult): string {
  return at.kind === "unanswered" ? "after its last handler" : at.by;
}

/** @throws HandlerError unless the sender of a file can help, or the bot's `catch` settles the error */
async function handleFailure(
  bot: BuiltBot,
  ctx: HandlerContext,
  failure: HandlerError,
  detail: ErrorDetail,
): Promise<void> {
  const thrown = failure.cause;
  if (
    isInstance(thrown, FileError) &&
    thrown.by === "sender" &&
    bot.catchers.length === 0 &&
    !ctx.signal.aborted
  ) {
    // Trying again cannot help; whoever sent the file can.
    ctx.log.info("a file was not taken; its sender is told", {
      bot: bot.name,
      at: failure.where,
      code: thrown.code,
    });
    await ctx.with("file not taken").reply(`That did not work: ${escapeMarkdown(thrown.message)}.`);
    await ctx.inHand.ended();
    return;
  }
  // Time is up, or the process must stop: the context is closed, so nothing could be sent.
  if (bot.catchers.length === 0 || ctx.signal.aborted) throw failure;
  const error = isError(thrown) ? thrown : failure;
  try {
    const given = ctx.with("catch").forFailure(isLastFor(bot, ctx, failure));
    for (const catcher of bot.catchers) await catcher(error, given);
    await ctx.inHand.ended();
  } catch (again) {
    throw again === error ? failure : new HandlerError(`bot "${bot.name}", catch`, again);
  }
  const fields = failureFields(describeFailure(failure), detail, true);
  ctx.log.warn("a handler threw; its bot's catch has settled the event", fields);
}

/** Whether the event is given up if `catch` does not settle it. */
function isLastFor(bot: BuiltBot, ctx: HandlerContext, failure: HandlerError): boolean {
  if (ctx.isLastAttempt) return true;
  const rules = { maxAttempts: Number.POSITIVE_INFINITY };
  return isFinal(failure, ctx.attempt, rules, decisionOf(bot, failure, ctx.attempt, ctx.log));
}
