import { type ActivityRow, UNTRACKED } from "./activity";
import type { Handler, Next } from "./bot";
import type { ClickRefusal } from "./buttons/refusal";
import { FileError, HandlerError, isError } from "./errors";
import type { HandlerContext } from "./handler-context";
import { escapeMarkdown } from "./markdown";
import type { Router } from "./router";
import type { ActionRoute, BuiltBot } from "./routes";
import type { TraceStep } from "./trace";

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
  router: Router,
  ctx: HandlerContext,
  trace: TraceStep[],
  gate: ClickGate,
  { row, firstHandler }: ChainTracking = { row: UNTRACKED, firstHandler: 0 },
): Promise<ChainResult> {
  const missed = (handler: string, verdict: string): void =>
    void trace.push({ at: Date.now(), step: "matched", bot: bot.name, handler, verdict });
  const matches = router.matches(ctx.event, missed)[Symbol.iterator]();
  // Whoever was entered last and did not go on has answered.
  let result: ChainResult = { kind: "unanswered" };

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
    const { value: match, done } = matches.next();
    if (done) {
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
    await handOver(bot, ctx, result, error);
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

async function handOver(bot: BuiltBot, ctx: HandlerContext, at: ChainResult, thrown: unknown): Promise<void> {
  const where = `bot "${bot.name}", ${whoOf(at)}`;
  const failure = new HandlerError(where, thrown);
  if (
    thrown instanceof FileError &&
    thrown.by === "sender" &&
    bot.catchers.length === 0 &&
    !ctx.signal.aborted
  ) {
    // Trying again cannot help; whoever sent the file can.
    ctx.log.info("a file was not taken; its sender is told", { bot: bot.name, at: where, code: thrown.code });
    await ctx.with("file not taken").reply(`That did not work: ${escapeMarkdown(thrown.message)}.`);
    await ctx.inHand.ended();
    return;
  }
  // Time is up, or the process must stop: the context is closed, so an apology could not be sent.
  if (bot.catchers.length === 0 || ctx.signal.aborted) throw failure;
  const error = isError(thrown) ? thrown : failure;
  ctx.log.warn("handler threw; its bot's catch decides", {
    bot: bot.name,
    at: where,
    code: failure.code,
    error,
  });
  try {
    const apology = ctx.with("catch");
    for (const catcher of bot.catchers) await catcher(error, apology);
    await ctx.inHand.ended();
  } catch (again) {
    throw again === error ? failure : new HandlerError(`bot "${bot.name}", catch`, again);
  }
}
