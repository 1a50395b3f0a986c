import type { NearestCommand } from "../contract/context";
import type { BotEvent } from "../contract/event";
import type { TraceStep } from "../contract/trace";
import type { HandlerContext } from "../reply/handler-context";
import type { Journal } from "../reply/journal";
import type { ActivityRow } from "./activity";
import type { ClickGuard, Refused } from "./click-guard";
import type { ErrorDetail } from "./failures/failure-text";
import { runChain } from "./handler-chain";
import { type Candidate, MatchOrder } from "./match-order";
import type { BuiltBot } from "./routes";
import type { RoutedBot } from "./served-account";

export interface OfferParts {
  readonly event: BotEvent;
  /** The bots in their order. */
  readonly bots: readonly RoutedBot[];
  /** Whether one bot answers; otherwise every bot receives the event. */
  readonly hasOneAnswer: boolean;
  readonly clicks: ClickGuard;
  readonly journal: Pick<Journal, "hasPassed" | "pass">;
  readonly trace: TraceStep[];
  readonly row: ActivityRow;
  /** Number of each bot's first handler. */
  readonly numbers: ReadonlyMap<BuiltBot, number>;
  readonly detail: ErrorDetail;
  contextFor(bot: BuiltBot): HandlerContext;
  /** Whether usage or help answers the event. */
  hasBuiltInAnswer(): boolean;
  /** Finds the command that a message was probably meant for. */
  nearest(): NearestCommand | undefined;
}

export type OfferResult =
  /** `by` is empty if no handler has answered. */
  | { readonly kind: "offered"; readonly by: readonly string[] }
  | { readonly kind: "refused"; readonly verdict: Refused };

/**
 * Offers an event to the bots. A message or a click is answered by one handler; every other event is given to each bot.
 * @throws HandlerError if a handler throws and the bot's `catch` does not settle it
 */
export async function offerEvent(parts: OfferParts): Promise<OfferResult> {
  const { event, bots, trace, hasOneAnswer, nearest } = parts;
  const candidates = bots.map(({ bot, router }): Candidate => {
    const missed = (handler: string, verdict: string): void =>
      void trace.push({ at: Date.now(), step: "matched", bot: bot.name, handler, verdict });
    return { bot, found: router.matches(event, { missed, nearest }) };
  });
  const order = new MatchOrder(candidates, () => parts.hasBuiltInAnswer());
  const by: string[] = [];
  for (let asked: readonly Candidate[] = candidates; asked.length > 0; asked = order.takeYielded()) {
    for (const candidate of asked) {
      const result = await offerToBot(parts, order, candidate);
      if (result.kind === "refused") return result;
      by.push(...result.by);
      if (hasOneAnswer && by.length > 0) return { kind: "offered", by };
    }
    if (hasOneAnswer && parts.hasBuiltInAnswer()) break;
  }
  return { kind: "offered", by };
}

async function offerToBot(
  parts: OfferParts,
  order: MatchOrder<Candidate>,
  candidate: Candidate,
): Promise<OfferResult> {
  const { bot } = candidate;
  const { clicks, journal, trace, row, numbers, detail } = parts;
  // On a retry, skip the bots that have already handled an event that every bot receives.
  const isShared = !parts.hasOneAnswer && parts.bots.length > 1;
  if (isShared && journal.hasPassed(bot.name))
    return { kind: "offered", by: [`${bot.name}: an earlier attempt`] };
  const tracking = { row, firstHandler: numbers.get(bot) ?? 0 };
  const next = order.nextOf(candidate);
  const result = await runChain(bot, next, parts.contextFor(bot), trace, clicks.gate, tracking, detail);
  if (result.kind === "unanswered") return { kind: "offered", by: [] };
  if (result.kind === "refused") return { kind: "refused", verdict: await clicks.tell(bot, result.refusal) };
  clicks.ended(result);
  if (isShared) journal.pass(bot.name);
  return { kind: "offered", by: [`${bot.name}: ${result.by}`] };
}
