import { ButtonSigner, type ClickedCard } from "../cards/button-signer";
import { TextCardRenderer } from "../cards/text/text-card-renderer";
import type { CardSource } from "../contract/card-source";
import type { BotEvent } from "../contract/event";
import type { Lease } from "../contract/inbox";
import { type Logger, withFields } from "../contract/logger";
import type { TraceStep } from "../contract/trace";
import { HandlerContext } from "../reply/handler-context";
import type { Journal } from "../reply/journal";
import { Outbox } from "../reply/outbox";
import type { QuestionSlot } from "../state/pending-question";
import type { PendingWrites } from "../state/pending-writes";
import type { BuiltBot } from "./routes";
import type { ServedAccount } from "./served-account";

/** What the contexts of one event have in common. */
export interface ContextSource {
  readonly account: ServedAccount;
  readonly cards: CardSource;
  readonly log: Logger;
  readonly lease: Pick<Lease, "notice" | "attempt" | "receivedAt">;
  readonly isLast: boolean;
  readonly journal: Journal;
  readonly trace: TraceStep[];
  readonly changes: PendingWrites;
  readonly signal: AbortSignal;
  /** Whether the attempt still runs; after that the contexts refuse to act. */
  readonly isOpen: () => boolean;
  readonly event: BotEvent;
  /** The card that was clicked. */
  readonly clicked?: ClickedCard | undefined;
  readonly asking?: QuestionSlot | undefined;
}

/** Makes contexts for the bots of one event. */
export interface Contexts {
  readonly outbox: Outbox;
  /** @param of the event that the handler is given, if it is another one */
  contextFor(bot: BuiltBot, handler?: string, of?: BotEvent): HandlerContext;
}

export function createContexts(source: ContextSource): Contexts {
  const { account, cards, lease, journal, trace, changes, signal, isOpen, event } = source;
  const { platform, buttons } = account;
  const log = withFields(source.log, { key: lease.notice.key });
  const seal = new ButtonSigner(
    buttons,
    { key: lease.notice.key, person: event.person, receivedAt: lease.receivedAt, clicked: source.clicked },
    changes,
  );
  const board = platform.can.cards
    ? undefined
    : new TextCardRenderer(buttons, changes, cards, platform.can.quickReplies);
  const { posted, receipts } = account;
  const notBefore = platform.happenedAt?.(lease.notice);
  const outbox = new Outbox({
    ...{ platform, posted, receipts, notBefore, journal, seal, board, trace, signal, isOpen },
  });
  return {
    outbox,
    contextFor: (bot, handler, of = event) =>
      new HandlerContext(
        of,
        bot.name,
        {
          platform,
          cards,
          asking: source.asking,
          steps: bot.steps,
          files: bot.files,
          attempt: lease.attempt,
          isLastAttempt: source.isLast,
          signal,
          log,
          outbox,
          journal,
          desk: buttons,
          trace,
          isOpen,
        },
        handler,
      ),
  };
}
