import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bellhop, BellhopOptions } from "../../src/bellhop";
import { silentLogger } from "../../src/core/contract/logger";
import type { Listening } from "../../src/http/server";
import { createWebex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { serve } from "./serve";

/** A bot at work: the playground, the framework with a real inbox file, and the HTTP between them. */
export interface Desk {
  readonly playground: ListeningPlayground;
  readonly bellhop: Bellhop;
  readonly server: Listening;
  readonly dataDir: string;
  close(): Promise<void>;
}

export const SECRET = "a secret of thirty-two characters";

/** Opens a desk with the given bots; what is not given is as a real program has it. */
export async function openDesk(
  bots: BellhopOptions["bots"],
  options: Partial<BellhopOptions> & {
    readonly playground?: ListeningPlayground;
    /** @default "webhooks" */
    readonly transport?: "webhooks" | "websocket";
    /** @default one over webhooks; none over the websocket, which needs none */
    readonly secrets?: readonly string[];
  } = {},
): Promise<Desk> {
  const dataDir = await mkdtemp(join(tmpdir(), "bellhop-desk-"));
  const playground = options.playground ?? (await listenPlayground());
  const log = options.log ?? silentLogger;
  const { playground: _, transport = "webhooks", ...others } = options;
  const { secrets = transport === "webhooks" ? [SECRET] : [], ...rest } = others;
  const webexAt = (url: string) =>
    createWebex({
      token: playground.webex.botToken,
      apiBaseUrl: playground.apiBaseUrl,
      secrets,
      ...(transport === "websocket"
        ? { transport, websocket: { catalogUrl: playground.webex.catalogUrl } }
        : { webhooks: { targetUrl: `${url}/webhooks/webex` } }),
      log,
    });
  const { bellhop, server, close } = await serve((url) => [webexAt(url)], {
    inbox: dataDir,
    ...rest,
    bots,
    log,
  });
  return {
    playground,
    bellhop,
    server,
    dataDir,
    async close() {
      await close();
      await playground.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
