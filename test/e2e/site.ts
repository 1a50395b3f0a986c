import type { BellhopOptions } from "../../src/bellhop";
import type { BotDefinition } from "../../src/core/contract/bot";
import { createWebex } from "../../src/platforms/webex";
import type { ListeningPlayground } from "../../src/playground/listen";
import { type Served, serve } from "./serve";

/** A bot that can be stopped and started, and goes on where it was. */
export interface Site {
  start(options?: Partial<Omit<BellhopOptions, "platforms">>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param folder of the inbox
 * @param token of another bot than the playground's own
 */
export function createSite(
  playground: ListeningPlayground,
  bot: BotDefinition,
  folder: string,
  token = playground.webex.botToken,
): Site {
  let port = 0;
  let served: Served | undefined;
  return {
    async start(options) {
      const webexAt = (url: string) =>
        createWebex({
          token,
          secrets: ["a secret that is long enough"],
          apiBaseUrl: playground.apiBaseUrl,
          webhooks: { targetUrl: `${url}/webhooks/webex` },
        });
      served = await serve((url) => [webexAt(url)], { bots: { test: bot }, inbox: folder, ...options }, port);
      // Its webhooks lead there, also after a restart.
      port = served.server.port;
    },
    async stop() {
      await served?.close();
      served = undefined;
    },
  };
}
