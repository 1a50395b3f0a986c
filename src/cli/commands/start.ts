import type { RequestListener } from "node:http";
import { createBellhop } from "../../bellhop";
import { type CommonConfig, type Config, type Environment, readConfig } from "../../config";
import type { Inbox } from "../../core/contract/inbox";
import type { Logger } from "../../core/contract/logger";
import type { ErrorDetail } from "../../core/handle/failures/failure-text";
import { type Listening, listen } from "../../http/server";
import { openEmbedded } from "../../inbox/embedded";
import { createLogger } from "../../logging";
import { accountsSite, playgroundSite, type Site } from "../start/site";
import { surviveStrayErrors } from "../start/stray-errors";
import type { Terminal } from "../terminal";

/** `bellhop start`: serves the bots until it is told to stop. */
export async function start(terminal: Terminal): Promise<void> {
  const config = readConfig(terminal.env);
  const log = createLogger(config.log);
  for (const warning of config.warnings) log.warn(warning);
  const logErrors = config.logErrors ?? defaultLogErrors(config, terminal.env);
  surviveStrayErrors(log, logErrors);

  // Nothing is accepted yet: whoever is told to stop while it starts has nothing to finish.
  let stop = async (): Promise<void> => process.exit(0);
  stopOnSignal(log, () => stop());

  // The playground's address is part of what its accounts are made of, so the port has to be known first.
  let serve: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = await listen((request, response) => serve(request, response), config.host, config.port);
  try {
    const site =
      config.accounts.length > 0
        ? await accountsSite(config, log)
        : await playgroundSite(config, terminal.env, server, log);
    const bellhop = await createBellhop({
      platforms: site.platforms,
      bots: config.botsDir,
      cards: config.cardsDir,
      inbox: () => openInbox(config, log),
      log,
      logErrors,
      maxBodyBytes: config.maxBodyBytes,
      worker: {
        concurrency: config.concurrency,
        maxAttempts: config.maxAttempts,
        handlerTimeoutMs: config.handlerTimeoutMs,
        replies: config.replies,
        afterDeadLetter: config.afterDeadLetter,
        holdMs: config.holdMs,
      },
      clickLanes: config.clickLanes,
      buttons: { secrets: config.cardSecrets },
      observer: site.playground?.observer,
      watchdog: { blockedMs: config.blockedMs, log: config.log },
      catchUp: config.catchUp === "on" && { maxAgeMs: config.catchUpMaxAgeMs },
    });
    if (site.playground) {
      bellhop.app.use("/playground", site.playground.app);
      server.onUpgrade(site.playground.upgrade);
      bellhop.app.get("/", (_request, response) => response.redirect("/playground/"));
    }
    stop = async () => {
      await Promise.all([server.close(), bellhop.close(), site.playground?.close()]);
      // Handlers that were running have posted their last replies only now.
      await site.playground?.save();
    };
    serve = bellhop.receiver.or(bellhop.app);

    await bellhop.start();
    if (bellhop.isReady()) announce(terminal, server, site, config);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** In the playground and at a terminal the developer looks on; elsewhere, and in production, the log may be read by others. */
function defaultLogErrors({ accounts, log }: Config, env: Environment): ErrorDetail {
  if (env.NODE_ENV === "production") return "brief";
  return accounts.length === 0 || log.format === "pretty" ? "full" : "brief";
}

/** How long the process before this one may take to stop and let go of the file, in milliseconds. */
const HAND_OVER_MS = 30_000;

async function openInbox({ dataDir, databaseUrl }: CommonConfig, log: Logger): Promise<Inbox> {
  if (databaseUrl === undefined) return openEmbedded({ dataDir, log, lockWaitMs: HAND_OVER_MS });
  // Loaded only here: who keeps the inbox in a file needs none of its packages.
  const { openPostgres } = await import("../../inbox/postgres/index.js");
  return openPostgres({ databaseUrl, log });
}

function announce(
  terminal: Terminal,
  server: Listening,
  { playground }: Site,
  { publicUrl }: CommonConfig,
): void {
  if (playground)
    terminal.writeLine(`\n  Bellhop is at the desk. Write to the bot: ${server.url}/playground/\n`);
  else
    terminal.writeLine(`\n  Bellhop serves ${server.url}, reached as ${publicUrl ?? "you have set it up"}\n`);
}

function stopOnSignal(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info("stopping: no new deliveries are taken, running handlers may finish", { signal });
    stop()
      .catch((error: unknown) => {
        log.error("stopped with an error", { error: String(error) });
        process.exitCode = 1;
      })
      // A timer that a bot forgot would keep the process for ever.
      .finally(() => setTimeout(() => process.exit(), 1_000).unref());
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
