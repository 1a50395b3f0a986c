import type { RequestListener } from "node:http";
import { join } from "node:path";
import { openAccounts } from "../accounts";
import { type Bellhop, type BellhopOptions, createBellhop } from "../bellhop";
import { readConfig } from "../config";
import { optionNames } from "../core/contract/check-options";
import { silentLogger } from "../core/contract/logger";
import type { Observer } from "../core/contract/observer";
import { type Listening, listen } from "../http/server";
import { openEmbedded } from "../inbox/embedded";
import type { Playground } from "../playground";

/** The bots that are tested, as `createBellhop` takes them; they are served in this process. */
export interface ServeOptions
  extends Pick<
    BellhopOptions,
    "bots" | "cards" | "log" | "worker" | "clickLanes" | "buttons" | "catchUp" | "maxBodyBytes"
  > {
  /** Variables of the environment that say more about the accounts: `{ WEBEX_TRANSPORT: "websocket" }`. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Names of the platforms that the bots are on. @default all: webex, spika, intercom */
  readonly platforms?: readonly string[] | undefined;
}

export const SERVE_OPTIONS = optionNames<ServeOptions>({
  env: true,
  platforms: true,
  bots: true,
  cards: true,
  log: true,
  worker: true,
  clickLanes: true,
  buttons: true,
  catchUp: true,
  maxBodyBytes: true,
});

/** Bots at work, that can be stopped and started again. */
export interface Program {
  /** Where it listens. */
  readonly url: string;
  /** Waits for what its handlers do, and stops; what is told to it meanwhile it is not. */
  stop(): Promise<void>;
  /** Goes on where it was stopped, with the same inbox. */
  start(): Promise<void>;
}

interface Running {
  readonly server: Listening;
  readonly bellhop: Bellhop;
}

/** How often the inbox looks whether the clock was moved, in milliseconds. */
const LOOK_EVERY_MS = 10;

export interface ProgramParts {
  readonly playground: Playground;
  readonly observer: Observer;
  now(): number;
  /** Of the inbox. */
  readonly folder: string;
}

/** Starts a program as `bellhop start` does, with a real inbox, and real HTTP between it and the playground. */
export async function startProgram(parts: ProgramParts, options: ServeOptions): Promise<Program> {
  const { playground, observer, now, folder } = parts;
  const { env, platforms, log = silentLogger, ...rest } = options;
  let port = 0;
  let running: Running | undefined;

  async function run(): Promise<Running> {
    let answer: RequestListener = (_request, response) => void response.writeHead(503).end();
    const server = await listen((request, response) => answer(request, response), "127.0.0.1", port);
    try {
      const { accounts } = readConfig({ ...playground.connect(server.url), ...env });
      const served = accounts.filter(({ module }) => platforms?.includes(module.name) ?? true);
      const site = { accounts: served, publicUrl: server.url, webhooks: "sync" } as const;
      const bellhop = await createBellhop({
        ...rest,
        log,
        logErrors: "full",
        platforms: await openAccounts(site, log),
        inbox: () =>
          openEmbedded(
            { dataDir: join(folder, "inbox"), log, now },
            { checkClockEveryMs: LOOK_EVERY_MS, restartSpreadMs: 0 },
          ),
        buttons: { now, ...rest.buttons },
        catchUp: rest.catchUp === false ? false : { now, ...rest.catchUp },
        observer,
      });
      answer = bellhop.receiver.or(bellhop.app);
      await bellhop.start();
      port = server.port;
      return { server, bellhop };
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  running = await run();
  const { url } = running.server;
  return {
    url,
    async stop() {
      const stopping = running;
      running = undefined;
      await Promise.all([stopping?.server.close(), stopping?.bellhop.close(GRACE_MS)]);
    },
    async start() {
      running ??= await run();
    },
  };
}

/** A handler that hangs is not waited for longer when a program is stopped, in milliseconds. */
const GRACE_MS = 1_000;
