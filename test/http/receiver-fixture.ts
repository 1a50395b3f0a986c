import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inbox } from "../../src/core/contract/inbox";
import type { Logger } from "../../src/core/contract/logger";
import type { Platform } from "../../src/core/contract/platform";
import { createPrometheusMetrics } from "../../src/http/metrics";
import { createReceiver, type Receiver } from "../../src/http/receiver";
import { openEmbedded } from "../../src/inbox/embedded";
import { InMemoryPlatform } from "../core/in-memory-platform";

/** A receiver with a real inbox behind it, and what became of what it was sent. */
export interface Desk {
  /** Whose deliveries it takes, at account "default"; there is a "second" one. */
  readonly chat: InMemoryPlatform;
  readonly receiver: Receiver;
  readonly inbox: Inbox;
  /** What was logged. */
  readonly lines: string[];
  /** Comes before each storing; fails it by failing. */
  beforeAdding: () => Promise<void>;
  /** Deliveries by outcome: `accepted 1`. */
  outcomes(): Promise<string[]>;
  /** How many events wait in the inbox. */
  stored(): Promise<number>;
  close(): Promise<void>;
}

export interface DeskOptions {
  /** @default the desk's own chat and another account of it */
  readonly platforms?: readonly Platform[];
  /** @default 2_000 */
  readonly maxBodyBytes?: number | undefined;
}

export async function openDesk({ platforms, maxBodyBytes = 2_000 }: DeskOptions = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-http-"));
  const inbox = await openEmbedded({ dataDir: folder });
  const metrics = createPrometheusMetrics(inbox);
  const chat = new InMemoryPlatform();
  const lines: string[] = [];
  const write = (sentence: string, fields?: object): void =>
    void lines.push(sentence + JSON.stringify(fields ?? {}));
  const log: Logger = { debug: write, info: write, warn: write, error: write };
  const desk: Desk = {
    chat,
    receiver: createReceiver({
      platforms: platforms ?? [chat, new InMemoryPlatform({ account: "second" })],
      accept: async (notice) => {
        await desk.beforeAdding();
        return inbox.add(notice);
      },
      log,
      metrics,
      maxBodyBytes,
    }),
    inbox,
    lines,
    beforeAdding: async () => {},
    async outcomes() {
      const counted = (await metrics.text()).matchAll(/bellhop_deliveries_total\{.*outcome="(\w+)"\} (\d+)/g);
      return Array.from(counted, ([, outcome, count]) => `${outcome} ${count}`);
    },
    stored: async () => (await inbox.counts()).waiting,
    async close() {
      await inbox.close();
      await rm(folder, { recursive: true });
    },
  };
  return desk;
}

export async function listening(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port }; // a TCP server's address is never a string
}

export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Sends bytes as they are and reads until the other side closes; the platform's own client would never send these. */
export async function rawExchange(port: number, chunks: readonly string[], endAfter = true): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (bytes) => {
    answer += bytes;
  });
  socket.on("error", () => {});
  for (const chunk of chunks) socket.write(chunk);
  if (endAfter) socket.end();
  await new Promise((resolve) => socket.on("close", resolve));
  return answer;
}
