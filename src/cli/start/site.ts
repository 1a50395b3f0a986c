import { randomBytes } from "node:crypto";
import type { AccountConfig, CommonConfig, Config } from "../../config";
import { routeOf } from "../../core/accounts";
import type { Logger } from "../../core/logger";
import type { Platform } from "../../core/platform";
import type { Listening } from "../../http/server";
import { PLATFORMS } from "../../platforms/registry";
import type { Playground } from "../../playground";

/** Where the bots live: at real platforms or in the playground. To the bots they are the same. */
export interface Site {
  readonly platforms: readonly Platform[];
  readonly playground?: Playground;
}

/** Every account that is set up. */
export async function accountsSite(config: Config, log: Logger): Promise<Site> {
  return {
    platforms: await Promise.all(config.accounts.map((account) => openAccount(account, config, log))),
  };
}

/** One account at each platform that the playground has. */
export async function playgroundSite(config: Config, server: Listening, log: Logger): Promise<Site> {
  // Loaded only here: who runs a real bot never loads it.
  const { createPlayground } = await import("../../playground/index.js");
  const { previewCards } = await import("../../cards/preview.js");
  const playground = createPlayground({
    publicUrl: `${server.url}/playground`,
    botToken: config.playground.botToken,
    userToken: config.playground.userToken,
    cards: previewCards(config.cardsDir),
    logger: log,
  });
  const values: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    webex: {
      BOT_TOKEN: playground.webex.botToken,
      WEBHOOK_SECRET: randomBytes(24).toString("hex"),
      API_BASE_URL: `${server.url}/playground${playground.webex.apiPath}`,
    },
    intercom: {
      ACCESS_TOKEN: playground.intercom.token,
      CLIENT_SECRET: playground.intercom.clientSecret,
      API_BASE_URL: `${server.url}/playground${playground.intercom.path}`,
    },
    spika: {
      BASE_URL: `${server.url}/playground${playground.spika.path}`,
      API_KEY: playground.spika.apiKey,
      VERIFICATION_SIGNATURE: playground.spika.connect(`${server.url}/webhooks/spika`).signature,
    },
  };
  playground.intercom.connect(`${server.url}/webhooks/intercom`);
  const site = { publicUrl: server.url, webhooks: "sync" } as const;
  const accounts = PLATFORMS.flatMap((module) => {
    const made = values[module.name];
    const given = config.unused[module.name];
    return made === undefined ? [] : [{ module, account: "default", values: { ...made, ...given } }];
  });
  return {
    platforms: await Promise.all(accounts.map((account) => openAccount(account, site, log))),
    playground,
  };
}

/** Puts the platform of one account together. */
export function openAccount(
  { module, account, values }: AccountConfig,
  { publicUrl, webhooks }: Pick<CommonConfig, "publicUrl" | "webhooks">,
  log: Logger,
): Promise<Platform> {
  const route = routeOf({ platform: module.name, account });
  const targetUrl = publicUrl === undefined ? undefined : `${publicUrl}/webhooks${route}`;
  return module.create(values, { account, log, targetUrl, webhooks });
}
