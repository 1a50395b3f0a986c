import { mkdtemp, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bellhop, type BellhopOptions, createBellhop } from "../../src/bellhop";
import { silentLogger } from "../../src/core/logger";
import { type Listening, listen } from "../../src/http/server";
import { createWebex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";

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
  } = {},
): Promise<Desk> {
  const dataDir = await mkdtemp(join(tmpdir(), "bellhop-desk-"));
  const playground = options.playground ?? (await listenPlayground());
  const log = options.log ?? silentLogger;
  let serve: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = await listen((request, response) => serve(request, response), "127.0.0.1", 0);
  const webex = createWebex({
    token: playground.webex.botToken,
    secrets: [SECRET],
    apiBaseUrl: playground.apiBaseUrl,
    ...(options.transport === "websocket"
      ? { transport: "websocket", websocket: { catalogUrl: playground.webex.catalogUrl } }
      : { webhooks: { targetUrl: `${server.url}/webhooks/webex` } }),
    log,
  });
  const bellhop = await createBellhop({
    cards: join(__dirname, "cards"),
    inbox: dataDir,
    ...options,
    platforms: [webex],
    bots,
    log,
  });
  serve = bellhop.receiver.or(bellhop.app);
  await bellhop.start();
  return {
    playground,
    bellhop,
    server,
    dataDir,
    async close() {
      await Promise.all([server.close(), bellhop.close(1_000)]);
      await playground.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
