import type { RequestListener } from "node:http";
import { join } from "node:path";
import { type Bellhop, type BellhopOptions, createBellhop } from "../../src/bellhop";
import type { BotDefinition } from "../../src/core/bot";
import { silentLogger } from "../../src/core/logger";
import { type Listening, listen } from "../../src/http/server";
import { createWebex } from "../../src/platforms/webex";
import type { ListeningPlayground } from "../../src/playground/listen";

/** A bot that can be stopped and started, and goes on where it was. */
export interface Site {
  start(options?: Partial<BellhopOptions>): Promise<void>;
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
  let server: Listening | undefined;
  let bellhop: Bellhop | undefined;
  return {
    async start(options) {
      let serve: RequestListener = (_request, response) => void response.writeHead(503).end();
      server = await listen((request, response) => serve(request, response), "127.0.0.1", port);
      port = Number(new URL(server.url).port);
      const webex = createWebex({
        token,
        secrets: ["a secret that is long enough"],
        apiBaseUrl: playground.apiBaseUrl,
        webhooks: { targetUrl: `${server.url}/webhooks/webex` },
      });
      bellhop = await createBellhop({
        platforms: [webex],
        bots: { test: bot },
        cards: join(__dirname, "cards"),
        inbox: folder,
        log: silentLogger,
        ...options,
      });
      serve = bellhop.receiver.or(bellhop.app);
      await bellhop.start();
    },
    async stop() {
      await Promise.all([server?.close(), bellhop?.close(1_000)]);
      server = undefined;
      bellhop = undefined;
    },
  };
}
