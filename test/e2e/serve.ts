import type { RequestListener } from "node:http";
import { join } from "node:path";
import { type Bellhop, type BellhopOptions, createBellhop } from "../../src/bellhop";
import { silentLogger } from "../../src/core/contract/logger";
import type { Platform } from "../../src/core/contract/platform";
import { type Listening, listen } from "../../src/http/server";

/** A program that is served on a port of this computer. */
export interface Served {
  readonly bellhop: Bellhop;
  readonly server: Listening;
  close(): Promise<void>;
}

/**
 * Starts a program as `bellhop start` does: it listens first, because its address is part of what platforms are made of.
 * @param platforms for a receiver at this address
 * @param port 0 for any free one
 */
export async function serve(
  platforms: (url: string) => readonly Platform[],
  options: Omit<BellhopOptions, "platforms">,
  port = 0,
): Promise<Served> {
  let answer: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = await listen((request, response) => answer(request, response), "127.0.0.1", port);
  const bellhop = await createBellhop({
    cards: join(__dirname, "cards"),
    log: silentLogger,
    ...options,
    platforms: platforms(server.url),
  });
  answer = bellhop.receiver.or(bellhop.app);
  await bellhop.start();
  return {
    bellhop,
    server,
    async close() {
      await Promise.all([server.close(), bellhop.close(1_000)]);
    },
  };
}
