import { resolve } from "node:path";
import type { Express } from "express";
import { loadCards } from "./cards/load";
import { BUTTON_OPTIONS, type ButtonSigningOptions } from "./core/cards/button-keys";
import { serves, unknownAccounts } from "./core/contract/account";
import type { BotDefinition } from "./core/contract/bot";
import type { CardSource } from "./core/contract/card-source";
import { checkOptions, kindOf, optionNames } from "./core/contract/check-options";
import { ApiError, ArgumentError, describeError } from "./core/contract/errors";
import type { Inbox } from "./core/contract/inbox";
import { LoadError } from "./core/contract/load-error";
import type { Logger } from "./core/contract/logger";
import type { Notice } from "./core/contract/notice";
import { guardObserver, type Observer } from "./core/contract/observer";
import type { Platform, ReceiveContext } from "./core/contract/platform";
import { createReadiness } from "./core/contract/readiness";
import { createActivity, numberedHandlers } from "./core/handle/activity";
import { buildBot } from "./core/handle/build-bot";
import { createAccounts, createDispatch } from "./core/handle/dispatch";
import { createApology } from "./core/handle/failures/apology";
import type { ErrorDetail } from "./core/handle/failures/failure-text";
import type { BuiltBot } from "./core/handle/routes";
import { subscribedEventNames } from "./core/handle/subscribed-events";
import { findUnlinkedNames } from "./core/handle/unlinked-names";
import { createWorker, WORKER_OPTIONS, type WorkerOptions } from "./core/handle/worker";
import { CATCH_UP_OPTIONS, type CatchUpOptions, createCatchUp } from "./core/receive/catch-up/catch-up";
import { createConnections } from "./core/receive/connections";
import type { ClickLanes } from "./core/receive/ordering-key";
import { createInboxWriter } from "./core/receive/receive";
import { createResequencer } from "./core/receive/resequencer";
import { sleep } from "./core/util/sleep";
import * as forBots from "./for-bots";
import { createPrometheusMetrics } from "./http/metrics";
import { createReceiver, type Receiver } from "./http/receiver";
import { createApp } from "./http/server";
import { openEmbedded } from "./inbox/embedded";
import { loadBots } from "./load/bots";
import { readSourceNames } from "./load/source-names";
import { createLogger } from "./logging";
import { checkWatchdogOptions, startWatchdog, type Watchdog, type WatchdogOptions } from "./watchdog";

export interface BellhopOptions {
  readonly platforms: readonly Platform[];
  /** Folder of bot modules, or the bots by name. @default "bots" */
  readonly bots?: string | Readonly<Record<string, BotDefinition>> | undefined;
  /** Folder of card templates. @default "cards" */
  readonly cards?: string | CardSource | undefined;
  /**
   * Folder of the inbox's file; or an inbox, which is closed with the rest; or what opens one, called when the bots and
   * cards have been loaded without a fault. @default "data"
   */
  readonly inbox?: string | Inbox | (() => Promise<Inbox>) | undefined;
  /** @default lines on standard output, from level info on */
  readonly log?: Logger | undefined;
  /**
   * How much log lines say of errors that handlers throw. `full`: message and stack, which may quote what a person wrote.
   * `brief`: class, code and place. @default "full" if standard output is a terminal and NODE_ENV is not "production", else
   * "brief"
   */
  readonly logErrors?: ErrorDetail | undefined;
  /** Longest delivery that is read, in bytes. @default 1_048_576 */
  readonly maxBodyBytes?: number | undefined;
  /**
   * Bytes that are held for all deliveries together before their signatures are checked; beyond it, the delivery that has
   * been arriving for the longest is answered 503. @default 16_777_216, or `maxBodyBytes` if that is more
   */
  readonly maxUnverifiedBytes?: number | undefined;
  readonly worker?: WorkerOptions | undefined;
  /** Whether a person's clicks on cards wait for what else happens in the room. @default "person" */
  readonly clickLanes?: ClickLanes | undefined;
  /** What the buttons of cards are signed with, and how long they work. */
  readonly buttons?: ButtonSigningOptions | undefined;
  /** Is told what becomes of events, as it happens in this process. */
  readonly observer?: Observer | undefined;
  /** How what happened while nobody listened is looked for; `false`: it is not. */
  readonly catchUp?: CatchUpOptions | false | undefined;
  /**
   * Ends the whole process (SIGKILL) when its event loop is blocked for longer than `blockedMs`, after recording which
   * event blocks it. For programs that a supervisor starts again. Works from `start()` to `close()`.
   * @default off. `bellhop start` has it on, with 10 seconds
   */
  readonly watchdog?: WatchdogOptions | undefined;
}

const OPTIONS = optionNames<BellhopOptions>({
  platforms: true,
  bots: true,
  cards: true,
  inbox: true,
  log: true,
  logErrors: true,
  maxBodyBytes: true,
  maxUnverifiedBytes: true,
  worker: true,
  clickLanes: true,
  buttons: true,
  observer: true,
  catchUp: true,
  watchdog: true,
});

/** Checks what the compiler does not see in JavaScript: a misspelt option would be ignored. */
function checkBellhopOptions(options: BellhopOptions): void {
  checkOptions("createBellhop", options, OPTIONS);
  if (!Array.isArray(options.platforms))
    throw new ArgumentError(
      `createBellhop: platforms is ${kindOf(options.platforms)}, expected a list such as [createWebex({ … })]`,
    );
  const { worker = {}, buttons = {}, catchUp = {}, watchdog } = options;
  checkOptions("createBellhop, worker", worker, WORKER_OPTIONS);
  checkOptions("createBellhop, buttons", buttons, BUTTON_OPTIONS);
  if (catchUp !== false) checkOptions("createBellhop, catchUp", catchUp, CATCH_UP_OPTIONS);
  if (watchdog !== undefined) checkWatchdogOptions("createBellhop, watchdog", watchdog);
}

/** A program that answers: what it is mounted with, started and closed by. */
export interface Bellhop {
  /** `app.use("/webhooks", bellhop.receiver)` in an Express app of one's own, before any body parser. */
  readonly receiver: Receiver;
  /** Express app with `/healthz`, `/readyz` and `/metrics`. */
  readonly app: Express;
  /** Names of the events that the bots listen to; `*` for everything. */
  readonly listensTo: ReadonlySet<string>;
  /**
   * Learns who the bot is on each platform, arranges that what happens there arrives here, begins to handle events, and
   * connects the platforms that receive over a connection. Deliveries are accepted, and kept, before that. A platform
   * that cannot be reached is tried until it can.
   * @throws ApiError with status 401 for a token that the platform does not know; ConnectionRefusedError
   */
  start(): Promise<void>;
  /** Whether deliveries are stored, events handled, and every connection of a platform's own is open. */
  isReady(): boolean;
  /**
   * Lets running handlers finish, leaves the rest in the inbox and closes everything.
   * @param graceMs how long handlers may take to finish, in milliseconds. @default 20_000
   */
  close(graceMs?: number): Promise<void>;
}

/** Waits between tries to reach the platforms at the start, in milliseconds; the last one repeats. */
const START_WAITS_MS: readonly number[] = [1_000, 2_000, 5_000, 15_000, 30_000];

/**
 * Loads the bots and cards, opens the inbox and puts everything together. Nothing is handled before `start()`.
 * @throws ArgumentError for an unknown option; LoadError that lists every fault in every module and card; InboxError when the
 * inbox cannot be opened
 */
export async function createBellhop(options: BellhopOptions): Promise<Bellhop> {
  checkBellhopOptions(options);
  const log = options.log ?? createLogger({ level: "info", format: "json" });
  const { bots: from = "bots" } = options;
  const { bots, cards } = await load(from, options.cards ?? "cards", options.platforms, log);
  const sources = typeof from === "string" ? readSourceNames(resolve(from)) : undefined;
  for (const warning of findUnlinkedNames(bots, cards, sources)) log.warn(warning);
  const { inbox = "data" } = options;
  return assemble({
    ...options,
    bots,
    cards,
    log,
    inbox: await openInbox(inbox, log),
  });
}

async function openInbox(inbox: NonNullable<BellhopOptions["inbox"]>, log: Logger): Promise<Inbox> {
  if (typeof inbox === "string") return openEmbedded({ dataDir: resolve(inbox), log });
  return typeof inbox === "function" ? inbox() : inbox;
}

async function load(
  bots: string | Readonly<Record<string, BotDefinition>>,
  cards: string | CardSource,
  platforms: readonly Platform[],
  log: Logger,
): Promise<{ bots: readonly BuiltBot[]; cards: CardSource }> {
  const [loadedBots, loadedCards] = await Promise.allSettled([
    typeof bots === "string" ? loadBots(resolve(bots), forBots) : buildBots(bots),
    typeof cards === "string" ? openCards(resolve(cards), platforms, log) : cards,
  ]);
  if (loadedBots.status === "fulfilled" && loadedCards.status === "fulfilled")
    return { bots: loadedBots.value, cards: loadedCards.value };

  // Whoever mends a bot wants to know of the card that is broken too.
  const reasons = [loadedBots, loadedCards].flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const faults = reasons.flatMap((reason) => (reason instanceof LoadError ? reason.faults : []));
  throw reasons.find((reason) => !(reason instanceof LoadError)) ?? new LoadError(faults);
}

async function buildBots(definitions: Readonly<Record<string, BotDefinition>>): Promise<BuiltBot[]> {
  return Object.entries(definitions).map(([name, definition]) => buildBot(name, definition));
}

async function openCards(dir: string, platforms: readonly Platform[], log: Logger): Promise<CardSource> {
  const cards = loadCards(dir);
  for (const warning of cards.warnings) log.warn(warning);
  const writing = platforms.filter(({ can }) => !can.cards).map(({ name }) => name);
  if (writing.length > 0)
    for (const loss of cards.losses()) log.warn(loss, { platforms: [...new Set(writing)] });
  return cards;
}

interface Parts extends Omit<BellhopOptions, "bots" | "cards" | "inbox" | "log"> {
  readonly bots: readonly BuiltBot[];
  readonly cards: CardSource;
  readonly inbox: Inbox;
  readonly log: Logger;
}

function assemble(parts: Parts): Bellhop {
  const { platforms, bots, cards, inbox, log, maxBodyBytes, maxUnverifiedBytes, clickLanes } = parts;
  const metrics = createPrometheusMetrics(inbox);
  const observer = parts.observer && guardObserver(parts.observer, log);
  /** By platform and account, once they know who the bot is. */
  const opened = new Map<string, Platform>();
  const isReceipt = (notice: Notice): boolean => {
    const platform = opened.get(`${notice.platform}/${notice.account}`);
    return platform?.receiptOf?.(notice) !== undefined && platform.isOwn(notice);
  };
  const accept = createInboxWriter(inbox, { clickLanes, accepted: observer?.accepted });
  const connections = createConnections({ log, metrics });
  /** Those of which deliveries are known not to come. */
  const deaf = new Set<Platform>();
  const catchUp =
    parts.catchUp === false
      ? undefined
      : createCatchUp(
          {
            ...{ accept, records: inbox.records, log, metrics },
            isArriving: (platform) => connections.isOpen(platform) && !deaf.has(platform),
          },
          parts.catchUp,
        );
  for (const platform of platforms) catchUp?.expect(platform);
  const inTurn = createInboxWriter(inbox, {
    clickLanes,
    isReceipt,
    precede: catchUp?.precede,
    accepted: observer?.accepted,
  });
  const inOrder = createResequencer(platforms, inTurn);
  const receiver = createReceiver({
    platforms,
    accept: inOrder.accept,
    log,
    metrics,
    maxBodyBytes,
    maxUnverifiedBytes,
  });
  const detail = parts.logErrors ?? (isDevelopment() ? "full" : "brief");
  const answering = { platforms, bots, cards, records: inbox.records, buttons: parts.buttons, log, detail };
  const accounts = createAccounts(answering);
  const dispatch = createDispatch(answering, accounts);
  const apologize = createApology({ accounts, cards, log, detail });
  const activity = createActivity();
  const worker = createWorker(
    { inbox, dispatch, log, metrics, observer, activity, apologize, detail },
    parts.worker,
  );
  let watchdog: Watchdog | undefined;
  const closing = new AbortController();
  let started = false;
  const readiness = createReadiness({
    inbox,
    log,
    isStarted: () => started,
    areConnectionsOpen: connections.areOpen,
    workerProblem: worker.problem,
  });
  warnOfUnknownAccounts(bots, platforms, log);

  function arrivalFor(platform: Platform): ReceiveContext {
    const { name, account } = platform;
    const serving = bots.filter((bot) => serves(bot, { platform: name, account }));
    return {
      listensTo: subscribedEventNames(serving, platform.can),
      accept: inTurn,
      arriving: (isSo) => void (isSo ? deaf.delete(platform) : deaf.add(platform)),
      missedSince: (since) => inBackground(catchUp?.fill(platform, since, closing.signal)),
      metrics,
    };
  }

  async function open(platform: Platform, signal: AbortSignal): Promise<void> {
    const { displayName } = await platform.open(signal);
    opened.set(`${platform.name}/${platform.account}`, platform);
    log.info("connected", { platform: platform.name, account: platform.account, as: displayName });
    await platform.registerWebhooks?.(arrivalFor(platform), signal);
  }

  function watch(): Watchdog | undefined {
    if (parts.watchdog === undefined || parts.watchdog.blockedMs === 0) return undefined;
    const handlers = numberedHandlers(bots);
    return startWatchdog({ activity, handlers, recorder: inbox.blockRecorder, log }, parts.watchdog);
  }

  async function follow(platform: Platform): Promise<void> {
    await connections.open(platform, arrivalFor(platform), closing.signal);
    // What happened before the connection was there is among what is looked for.
    inBackground(catchUp?.follow(platform, closing.signal));
  }

  /** What goes on beside the events; `close` waits for it. */
  const background = new Set<Promise<void>>();
  function inBackground(work: Promise<unknown> | undefined): void {
    if (work === undefined) return;
    const done = work
      .catch((error: unknown) => {
        if (!closing.signal.aborted) log.error("background work failed", { error: describeError(error) });
      })
      .then(() => void background.delete(done));
    background.add(done);
  }

  return {
    receiver,
    app: createApp({ metrics, readiness: readiness.report }),
    listensTo: subscribedEventNames(bots),
    async start() {
      await readiness.start();
      await Promise.all(platforms.map((platform) => untilDone((signal) => open(platform, signal), platform)));
      if (closing.signal.aborted) return;
      watchdog = watch();
      worker.start();
      for (const platform of platforms)
        inBackground(platform.monitorWebhooks?.(arrivalFor(platform), closing.signal));
      await Promise.all(platforms.map(follow));
      started = !closing.signal.aborted;
    },
    isReady: () => readiness.report().status === "ready",
    async close(graceMs = 20_000) {
      started = false;
      readiness.stop();
      closing.abort(new Error("the process stops"));
      inOrder.release();
      await Promise.all([worker.stop(graceMs), connections.ended(), ...background]);
      await Promise.all([inbox.close(), watchdog?.stop()]);
      await Promise.all(platforms.map((platform) => platform.close()));
    },
  };

  async function untilDone(
    work: (signal: AbortSignal) => Promise<void>,
    { name, account }: Platform,
  ): Promise<void> {
    for (let tries = 0; !closing.signal.aborted; tries++) {
      try {
        return await work(closing.signal);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (isFinal(error)) throw error;
        const inMs = START_WAITS_MS[Math.min(tries, START_WAITS_MS.length - 1)] ?? 0;
        log.warn("the platform cannot be reached yet; deliveries are kept meanwhile", {
          platform: name,
          account,
          error: describeError(error),
          inMs,
        });
        await sleep(inMs, closing.signal);
      }
    }
  }
}

function isDevelopment(): boolean {
  return process.env.NODE_ENV !== "production" && process.stdout.isTTY === true;
}

/** No fault: the same bots run where not every account is set up, in the playground say. */
function warnOfUnknownAccounts(bots: readonly BuiltBot[], platforms: readonly Platform[], log: Logger): void {
  const existing = platforms.map(({ name, account }) => ({ platform: name, account }));
  for (const bot of bots) {
    const unknown = unknownAccounts(bot, existing);
    if (unknown.length > 0)
      log.warn("a bot serves accounts that are not set up", {
        bot: bot.name,
        unknown,
        accounts: existing.map(({ platform, account }) => `${platform}/${account}`),
      });
  }
}

// A wrong token or a wrong address does not mend itself.
function isFinal(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
}
