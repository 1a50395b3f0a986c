import { serves } from "./accounts";
import type { AttemptRecords } from "./attempt-records";
import type { BuiltBot } from "./bot";
import { checkClick, clickedCard } from "./buttons/check-click";
import { type ButtonDesk, type ButtonOptions, createButtonDesk } from "./buttons/desk";
import { ButtonSeal } from "./buttons/seal";
import { CardStates } from "./buttons/state";
import type { CardSource } from "./cards";
import { runChain } from "./chain";
import { ClickDesk } from "./clicks";
import { UnknownAccountError } from "./errors";
import type { BotEvent, Person } from "./event";
import { reached } from "./fault-points";
import { HandlerContext } from "./handler-context";
import { asksForHelp, helpText, usageText } from "./help";
import type { Lease } from "./inbox";
import type { InputProblem } from "./inputs";
import type { Journal } from "./journal";
import { type Logger, withFields } from "./logger";
import type { Notice } from "./notice";
import { Outbox } from "./outbox";
import type { Platform } from "./platform";
import { refusal } from "./policy";
import type { Records } from "./records";
import { createRouter, type Router } from "./router";
import type { TraceStep } from "./trace";

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
  readonly changes: AttemptRecords;
  readonly signal: AbortSignal;
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
  readonly buttons?: ButtonOptions | undefined;
  readonly log: Logger;
}

/** A bot and its handlers, ready to be found. */
export interface RoutedBot {
  readonly bot: BuiltBot;
  readonly router: Router;
}

/**
 * Puts together what happens to an event: drop our own, policy, fetch, middleware and handlers of each bot.
 *
 * A message or a click is answered by one bot, the first that has a matching handler. What merely happened
 * (memberships, rooms, deletions, anything else) is told to every bot.
 */
export function createDispatch({ platforms, bots, cards, records, buttons, log }: DispatchParts): Dispatch {
  const routed: readonly RoutedBot[] = bots.map((bot) => ({ bot, router: createRouter(bot) }));
  const desks = new Map(
    platforms.map((platform) => [
      `${platform.name}/${platform.account}`,
      deskOf(platform, routed, createButtonDesk(platform, records, log, buttons)),
    ]),
  );

  return async ({ lease, isLast, journal, trace, changes, signal, isOpen }) => {
    const { notice } = lease;
    const desk = desks.get(`${notice.platform}/${notice.account}`);
    if (desk === undefined) throw new UnknownAccountError(notice.platform, notice.account);
    const { platform, bots: serving, wanted } = desk;
    if (platform.isOwn(notice)) return drop(trace, "the bot's own message");
    if (!wanted(notice.name) && (notice.alias === undefined || !wanted(notice.alias)))
      return drop(trace, `no handler listens to ${notice.name}`);

    const { admitted, refused } = await admit(serving, notice, platform, trace, signal);
    reached("dispatch.admitted");
    if (admitted.length === 0) return { kind: "dropped", reason: refused ?? "there is no bot" };

    const begun = Date.now();
    const fetched = await platform.fetch(notice, signal);
    const fetchedAt = Date.now();
    trace.push({ at: fetchedAt, step: "fetched", ms: fetchedAt - begun });
    reached("dispatch.fetched");
    const click = fetched.kind === "action" ? await checkClick(desk.buttons, fetched) : undefined;
    const event = click?.event ?? fetched;
    if (click !== undefined) {
      const verdict = click.refusal ?? (click.event.button === undefined ? "unsigned" : "signed");
      trace.push({ at: Date.now(), step: "button", verdict });
    }
    const eventLog = withFields(log, { key: notice.key });
    const seal = new ButtonSeal(
      desk.buttons,
      {
        key: notice.key,
        person: event.person,
        receivedAt: lease.receivedAt,
        clicked: click && clickedCard(click, desk.buttons.now()),
      },
      changes,
    );
    const outbox = new Outbox({ platform, journal, seal, trace, signal, isOpen });
    const contextFor = (bot: BuiltBot, handler?: string): HandlerContext =>
      new HandlerContext(
        event,
        bot.name,
        {
          platform,
          cards,
          files: bot.files,
          attempt: lease.attempt,
          isLastAttempt: isLast,
          signal,
          log: eventLog,
          outbox,
          cardStates: new CardStates(desk.buttons),
          trace,
          isOpen,
        },
        handler,
      );
    const clicks = new ClickDesk({
      event,
      desk: desk.buttons,
      receivedAt: lease.receivedAt,
      changes,
      roomKind: async ({ kind, id }) => kind ?? (await platform.room(id, signal)).kind,
      contextFor,
    });
    if (click?.refusal !== undefined) return clicks.refuse(admitted, click.refusal);
    const hasOneAnswer = event.kind === "message" || event.kind === "action";
    const answeredBy: string[] = [];

    for (const { bot, router } of admitted) {
      // What is told to several bots is told again only to those who had not finished with it.
      const isShared = !hasOneAnswer && admitted.length > 1;
      if (isShared && journal.hasPassed(bot.name)) {
        answeredBy.push(`${bot.name}: an earlier attempt`);
        continue;
      }
      const result = await runChain(bot, router, contextFor(bot), trace, clicks.gate);
      if (result.kind === "unanswered") continue;
      if (result.kind === "refused") return clicks.tell(bot, result.refusal);
      clicks.ended(result);
      if (isShared) journal.pass(bot.name);
      answeredBy.push(`${bot.name}: ${result.by}`);
      if (hasOneAnswer) break;
    }
    if (answeredBy.length === 0) {
      const reply = unaskedReply(event, admitted);
      if (reply === undefined) {
        if (clicks.isUnsigned(admitted)) return clicks.refuse(admitted, "unsigned");
        traceWhyNot(trace, event, admitted);
        return { kind: "dropped", reason: refused ?? "no handler matched" };
      }
      const ctx = contextFor(reply.bot, reply.by);
      const form = reply.problems && (await clicks.formAgain(reply.problems));
      if (form === undefined) await ctx.reply({ markdown: reply.markdown });
      else await ctx.replaceCard({ markdown: reply.markdown, card: form });
      trace.push({
        at: Date.now(),
        step: "matched",
        bot: reply.bot.name,
        handler: reply.by,
        verdict: "answered",
      });
      answeredBy.push(`${reply.bot.name}: ${reply.by}`);
    }
    reached("dispatch.answered");
    return { kind: "handled", by: answeredBy.join(", ") };
  };
}

function drop(trace: TraceStep[], reason: string): Verdict {
  trace.push({ at: Date.now(), step: "unwanted", reason });
  return { kind: "dropped", reason };
}

/** Asks the policy of each bot, before anything is fetched for somebody who may not use it. */
async function admit(
  bots: readonly RoutedBot[],
  notice: Notice,
  platform: Platform,
  trace: TraceStep[],
  signal: AbortSignal,
): Promise<{ admitted: readonly RoutedBot[]; refused: string | undefined }> {
  const admitted: RoutedBot[] = [];
  const asked = new Map<string, Promise<Person>>();
  const lookUp: Pick<Platform, "person" | "room"> = {
    // Once for all bots, also when the platform refuses.
    person(id) {
      const answer = asked.get(id) ?? platform.person(id, signal);
      asked.set(id, answer);
      return answer;
    },
    room: (id) => platform.room(id, signal),
  };
  let refused: string | undefined;
  for (const entry of bots) {
    const refusedBy = await refusal(entry.bot.policies, notice, lookUp, signal);
    trace.push({ at: Date.now(), step: "policy", bot: entry.bot.name, refusedBy });
    if (refusedBy === undefined) admitted.push(entry);
    else refused = `the policy of bot "${entry.bot.name}" refuses: ${refusedBy}`;
  }
  return { admitted, refused };
}

/** Handlers whose verdicts are kept of an event that nobody answered: enough to see a misspelt word. */
const MOST_VERDICTS = 50;

function traceWhyNot(trace: TraceStep[], event: BotEvent, admitted: readonly RoutedBot[]): void {
  const at = Date.now();
  const verdicts = admitted.flatMap(({ bot, router }) =>
    router.verdicts(event).map((verdict) => ({ at, step: "matched" as const, bot: bot.name, ...verdict })),
  );
  trace.push(...verdicts.slice(0, MOST_VERDICTS));
}

interface UnaskedReply {
  readonly bot: BuiltBot;
  readonly by: string;
  readonly markdown: string;
  /** What does not fit about a click. */
  readonly problems?: readonly InputProblem[] | undefined;
}

/** What nobody has to write a handler for: how a command is written, and the list of commands. */
function unaskedReply(event: BotEvent, admitted: readonly RoutedBot[]): UnaskedReply | undefined {
  if (event.kind !== "message" && event.kind !== "action") return undefined;
  for (const { bot, router } of admitted) {
    const misfit = router.misfit(event);
    if (misfit === undefined) continue;
    const problems = misfit.kind === "inputs" ? misfit.problems : undefined;
    return { bot, by: "usage", markdown: usageText(misfit), problems };
  }
  const [first] = admitted;
  if (first === undefined || event.kind !== "message" || !asksForHelp(event.message.text)) return undefined;
  const list = helpText(admitted.map(({ bot }) => bot));
  return list === "" ? undefined : { bot: first.bot, by: "help", markdown: list };
}

/** An account and the bots that answer for it. */
interface Desk {
  readonly platform: Platform;
  readonly bots: readonly RoutedBot[];
  readonly buttons: ButtonDesk;
  readonly wanted: (name: Notice["name"]) => boolean;
}

function deskOf(platform: Platform, routed: readonly RoutedBot[], buttons: ButtonDesk): Desk {
  const account = { platform: platform.name, account: platform.account };
  const bots = routed.filter(({ bot }) => serves(bot, account));
  return { platform, bots, buttons, wanted: wantedNames(bots.map(({ bot }) => bot)) };
}

/** Tells by the event's name whether any handler can match, so that nothing is fetched for nobody. */
function wantedNames(bots: readonly BuiltBot[]): (name: Notice["name"]) => boolean {
  const wanted = listenedNames(bots);
  return (name) =>
    wanted.has("*") || wanted.has(name) || wanted.has(name.slice(0, Math.max(0, name.lastIndexOf("."))));
}

/** Names of the events that the bots listen to, `*` for everything. Which webhooks are needed follows from them. */
export function listenedNames(bots: readonly BuiltBot[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const bot of bots) {
    // Middleware runs around every event.
    if (bot.middleware.length > 0) names.add("*");
    for (const route of bot.routes) {
      if (route.kind === "on") names.add(route.name);
      else names.add(route.kind === "action" ? "attachmentActions.created" : "messages.created");
    }
  }
  return names;
}
