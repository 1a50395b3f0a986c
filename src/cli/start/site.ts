import { join } from "node:path";
import { openAccounts } from "../../accounts";
import { type Config, type Environment, readConfig, withoutEmpty } from "../../config";
import { shownPath } from "../../core/contract/load-error";
import type { Logger } from "../../core/contract/logger";
import type { Platform } from "../../core/contract/platform";
import type { Listening } from "../../http/server";
import type { Playground } from "../../playground";

/** Where the bots live: at real platforms or in the playground. To the bots they are the same. */
export interface Site {
  readonly platforms: readonly Platform[];
  readonly playground?: Playground;
}

/** Every account that is set up. */
export async function accountsSite(config: Config, log: Logger): Promise<Site> {
  return { platforms: await openAccounts(config, log) };
}

/** The accounts that the playground has: one at each platform, in Spika one for each room. */
export async function playgroundSite(
  config: Config,
  env: Environment,
  server: Listening,
  log: Logger,
): Promise<Site> {
  // Loaded only here: who runs a real bot never loads it.
  const { createPlayground } = await import("../../playground/index.js");
  const { previewCards } = await import("../../cards/preview.js");
  const playground = createPlayground({
    publicUrl: `${server.url}/playground`,
    stateDir: join(config.dataDir, "playground"),
    botToken: config.playground.botToken,
    userToken: config.playground.userToken,
    password: config.playground.password,
    cards: previewCards(config.cardsDir),
    project: { bots: shownPath(config.botsDir), cards: shownPath(config.cardsDir) },
    logger: log,
  });
  const home = playground.connect(server.url);
  const { accounts } = readConfig({
    ...home,
    ...withoutEmpty(env),
    // The playground reaches the program where it listens, and nobody else arranges webhooks there.
    PUBLIC_URL: server.url,
    WEBHOOKS: "sync",
  });
  const platforms = await openAccounts({ accounts, publicUrl: server.url, webhooks: "sync" }, log);
  return { platforms, playground };
}
