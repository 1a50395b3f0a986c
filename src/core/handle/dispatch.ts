import { type ButtonSigningOptions, createButtonKeys } from "../cards/button-keys";
import { TextCardAnswers } from "../cards/text/text-card-answers";
import { clickedCard, verifyClick } from "../cards/verify-click";
import type { CardSource } from "../contract/card-source";
import type { NearestCommand } from "../contract/context";
import { UnknownAccountError } from "../contract/errors";
import type { BotEvent } from "../contract/event";
import type { Lease } from "../contract/inbox";
import { type Logger, withFields } from "../contract/logger";
import type { Platform } from "../contract/platform";
import type { Records } from "../contract/records";
import { answerOrNothing } from "../contract/tolerate-refusal";
import type { TraceStep } from "../contract/trace";
import type { HandlerContext } from "../reply/handler-context";
import type { Journal } from "../reply/journal";
import { questionFrom, questionSlot } from "../state/pending-question";
import type { PendingWrites } from "../state/pending-writes";
import { failpoint } from "../util/failpoints";
import { type ActivityRow, firstNumbers, UNTRACKED } from "./activity";
import type { AttemptProgress } from "./attempt-progress";
import { checkAccess } from "./check-access";
import { ClickGuard } from "./click-guard";
import { createContexts } from "./create-contexts";
import { defaultReply, unaskedReply } from "./default-replies";
import type { ErrorDetail } from "./failures/failure-text";
import { nearestCommand } from "./nearest-command";
import { offerEvent } from "./offer-event";
import { createRouter } from "./router";
import type { BuiltBot } from "./routes";
import { createServedAccount, type RoutedBot, type ServedAccount } from "./served-account";

/** What became of an event whose handling did not fail. */
export type Verdict =
  | { readonly kind: "handled"; readonly by: string }
  | { readonly kind: "dropped"; readonly reason: string };

/** One try at an event, as the worker sees it. */
export interface Attempt {
  readonly lease: Pick<Lease, "notice" | "attempt" | "receivedAt">;
  readonly isLast: boolean;
  /** What earlier attempts did. */
  readonly journal: Journal;
  /** This attempt's path; steps are added. */
  readonly trace: TraceStep[];
  /** What is to be kept when it is settled; changes are added. */
  readonly changes: PendingWrites;
  /** Filled in while the attempt runs. */
  readonly progress?: AttemptProgress | undefined;
  readonly signal: AbortSignal;
  /** Where it is written down which handler is at work. @default nowhere */
  readonly row?: ActivityRow | undefined;
  /** Whether the attempt still runs. */
  isOpen(): boolean;
}

/** Takes an event from its notice to its answer. Rejects with what went wrong; the worker decides on a retry. */
export type Dispatch = (attempt: Attempt) => Promise<Verdict>;

export interface DispatchParts {
  readonly platforms: readonly Platform[];
  readonly bots: readonly BuiltBot[];
  readonly cards: CardSource;
  readonly records: Records;
  readonly buttons?: ButtonSigningOptions | undefined;
  readonly log: Logger;
  /** How much log lines say of a handler's error. @default "brief" */
  readonly detail?: ErrorDetail | undefined;
}

/** Makes the accounts that are served, by platform and account: `"webex/default"`. */
export function createAccounts({
  platforms,
  bots,
  records,
  buttons,
  log,
}: Omit<DispatchParts, "cards">): ReadonlyMap<string, ServedAccount> {
  const routed: readonly RoutedBot[] = bots.map((bot) => ({ bot, router: createRouter(bot, log) }));
  return new Map(
    platforms.map((platform) => [
      `${platform.name}/${platform.account}`,
      createServedAccount(platform, routed, createButtonKeys(platform, records, log, buttons), records),
    ]),
  );
}

/**
 * Puts together what happens to an event: drop our own, policy, fetch, middleware and handlers of each bot.
 *
 * A message or a click is answered by one bot, the first that has a matching handler. What merely happened
 * (memberships, rooms, deletions, anything else) is told to every bot.
 */
export function createDispatch(
  parts: DispatchParts,
  accounts: ReadonlyMap<string, ServedAccount> = createAccounts(parts),
): Dispatch {
  const { cards, log, detail = "brief" } = parts;
  const numbers = firstNumbers(parts.bots);
  return async (attempt) => {
    const {
      lease,
      isLast,
      journal,
      trace,
      changes,
      progress = {},
      signal,
      isOpen,
      row = UNTRACKED,
    } = attempt;
    const { notice } = lease;
    const desk = accounts.get(`${notice.platform}/${notice.account}`);
    if (desk === undefined) throw new UnknownAccountError(notice.platform, notice.account);
    const { platform, bots: serving } = desk;
    if (platform.isOwn(notice)) {
      await desk.receipts?.note(notice, changes);
      return drop(trace, "the bot's own message");
    }
    if (!desk.wants(notice)) return drop(trace, `no handler listens to ${notice.name}`);

    const { admitted, refused } = await checkAccess(serving, notice, platform, trace, signal);
    failpoint("dispatch.admitted");
    if (admitted.length === 0) return { kind: "dropped", reason: refused ?? "there is no bot" };

    const begun = Date.now();
    const fetched = await platform.fetch(notice, signal);
    progress.event = fetched;
    const fetchedAt = Date.now();
    trace.push({ at: fetchedAt, step: "fetched", ms: fetchedAt - begun });
    failpoint("dispatch.fetched");
    const eventLog = withFields(log, { key: notice.key });
    // Where cards are not drawn, what somebody writes may be what they choose.
    const chooses = !platform.can.cards && fetched.kind === "message";
    const asking = questionSlot(desk.buttons, fetched, changes);
    const chooser =
      chooses && asking ? new TextCardAnswers(desk.buttons, fetched, asking, eventLog) : undefined;
    const choice = await chooser?.take();
    const happened = choice?.kind === "click" || choice?.kind === "begun" ? choice.event : fetched;
    const click = happened.kind === "action" ? await verifyClick(desk.buttons, happened, signal) : undefined;
    const hasOneAnswer = happened.kind === "message" || happened.kind === "action";
    const question = desk.asks && hasOneAnswer ? questionFrom(await asking?.read()) : undefined;
    const asker = question && admitted.find(({ bot }) => bot.name === question.bot);
    const isAnswer = asker !== undefined && happened.kind === "message" && choice === undefined;
    const event = isAnswer ? { ...happened, answers: question } : (click?.event ?? happened);
    if (click !== undefined) {
      const verdict = click.refusal ?? (click.event.button === undefined ? "unsigned" : "signed");
      trace.push({ at: Date.now(), step: "button", verdict });
    }
    progress.event = event;
    const contexts = createContexts({
      ...{ account: desk, cards, log, lease, isLast, journal, trace, changes, signal, isOpen, event, asking },
      clicked: click && clickedCard(click, desk.buttons.now()),
    });
    const contextFor = (bot: BuiltBot, handler?: string, of?: BotEvent): HandlerContext => {
      progress.bot = bot;
      progress.isAnswering = handler !== undefined;
      return contexts.contextFor(bot, handler, of);
    };
    const clicks = new ClickGuard({
      event,
      desk: desk.buttons,
      receivedAt: lease.receivedAt,
      changes,
      roomKind: async ({ kind, id }) => kind ?? (await answerOrNothing(platform.room(id, signal)))?.kind,
      contextFor,
    });
    if (click?.refusal !== undefined) return clicks.refuse(admitted, click.refusal);
    if (choice?.kind === "begun") {
      const used = await clicks.usedUp(admitted);
      if (used !== undefined) return clicks.tell(used.bot, used.refusal);
    }
    if (choice?.kind === "begun" || choice?.kind === "question") {
      const { bot: name, markdown } = choice.kind === "begun" ? choice.ask() : choice;
      const goesOn = admitted.find(({ bot }) => bot.name === name);
      if (goesOn === undefined) return drop(trace, `bot "${name}" may not go on with what it asked`);
      await contextFor(goesOn.bot, "question", fetched).reply({ markdown });
      return answered(trace, goesOn.bot.name, "question");
    }
    if (isAnswer || (event.kind === "action" && question?.messages.includes(event.messageId)))
      asking?.clear();

    // The bot that has asked the person is offered the answer first.
    const inOrder = isAnswer ? [asker, ...admitted.filter((one) => one !== asker)] : admitted;
    const unasked = once(() => unaskedReply(event, admitted));
    const offered = await offerEvent({
      ...{ event, bots: inOrder, hasOneAnswer, clicks, journal, trace, row, numbers, detail },
      contextFor: (bot) => contextFor(bot),
      hasBuiltInAnswer: () => unasked() !== undefined,
      nearest: () => nearestTo(event, admitted),
    });
    if (offered.kind === "refused") return offered.verdict;
    if (offered.by.length > 0) {
      failpoint("dispatch.answered");
      return { kind: "handled", by: offered.by.join(", ") };
    }
    const reply = unasked();
    if (reply !== undefined) {
      const { bot, by, markdown, problems } = reply;
      const ctx = contextFor(bot, by);
      const again = problems && chooser?.again(problems);
      const form = problems && again === undefined ? await clicks.formAgain(problems) : undefined;
      if (again !== undefined) await ctx.reply({ markdown: `${markdown}\n\n${again}` });
      else if (form !== undefined) await ctx.replaceCard({ markdown, card: form });
      else await ctx.reply({ markdown });
      return answered(trace, bot.name, by);
    }
    if (clicks.isUnsigned(admitted)) return clicks.refuse(admitted, "unsigned");
    traceWhyNot(trace, event, admitted);
    if (event.kind === "action") return clicks.refuse(admitted, "unhandled");
    const silence = { kind: "dropped" as const, reason: refused ?? UNMATCHED };
    if (event.kind !== "message") return silence;
    const fallback = defaultReply(event, admitted);
    if (fallback.kind === "silence")
      return refused === undefined ? { ...silence, reason: `${UNMATCHED}; ${fallback.reason}` } : silence;
    await contextFor(fallback.bot, DEFAULT_REPLY).reply(fallback.content);
    return answered(trace, fallback.bot.name, DEFAULT_REPLY);
  };
}

const UNMATCHED = "no handler matched";
/** The name of the default reply in a trace. */
const DEFAULT_REPLY = "default reply";

function nearestTo(event: BotEvent, admitted: readonly RoutedBot[]): NearestCommand | undefined {
  if (event.kind !== "message") return undefined;
  return nearestCommand(
    event.message.text,
    admitted.map(({ bot }) => bot),
  );
}

/** Computes a value when it is needed first, and only then. */
function once<Value>(compute: () => Value): () => Value {
  let computed: { readonly value: Value } | undefined;
  return () => {
    computed ??= { value: compute() };
    return computed.value;
  };
}

function drop(trace: TraceStep[], reason: string): Verdict {
  trace.push({ at: Date.now(), step: "unwanted", reason });
  return { kind: "dropped", reason };
}

/** By something else than a handler of the bot. */
function answered(trace: TraceStep[], bot: string, by: string): Verdict {
  trace.push({ at: Date.now(), step: "matched", bot, handler: by, verdict: "answered" });
  failpoint("dispatch.answered");
  return { kind: "handled", by: `${bot}: ${by}` };
}

/** Handlers whose verdicts are kept of an event that nobody answered: enough to see a misspelt word. */
const MOST_VERDICTS = 50;

function traceWhyNot(trace: TraceStep[], event: BotEvent, admitted: readonly RoutedBot[]): void {
  const at = Date.now();
  const isKnown = (bot: string, handler: string): boolean =>
    trace.some((step) => step.step === "matched" && step.bot === bot && step.handler === handler);
  const verdicts = admitted.flatMap(({ bot, router }) =>
    router
      .verdicts(event)
      .filter(({ handler }) => !isKnown(bot.name, handler))
      .map((verdict) => ({ at, step: "matched" as const, bot: bot.name, ...verdict })),
  );
  trace.push(...verdicts.slice(0, MOST_VERDICTS));
}
