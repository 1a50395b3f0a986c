import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import express from "express";
import helmet from "helmet";
import { BellhopError, describeError, isError } from "../core/contract/errors";
import type { ReadinessReport } from "../core/contract/readiness";
import type { PrometheusMetrics } from "./metrics";

export interface AppParts {
  readonly metrics: PrometheusMetrics;
  /** What works at the moment. */
  readonly readiness: () => ReadinessReport;
}

/** An Express app with `/healthz` (the process serves), `/readyz` (it stores and handles events) and `/metrics` (Prometheus). */
export function createApp({ metrics, readiness }: AppParts): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", helmet(), (_request, response) => {
    response.json({ status: "ok" });
  });
  app.get("/readyz", helmet(), (_request, response) => {
    const report = readiness();
    response.status(report.status === "ready" ? 200 : 503).json(report);
  });
  app.get("/metrics", helmet(), async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  return app;
}

/** A server that listens. */
export interface Listening {
  /** With the port that was found: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /** Hands on what asks to leave HTTP, for a websocket say. @param upgrade returns `false` for what is not its own */
  onUpgrade(upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean): void;
  /** Takes no new connection, lets running requests finish, then closes. */
  close(): Promise<void>;
}

/** The address is taken, or may not be used. */
export class ListenError extends BellhopError {
  override readonly name = "ListenError";

  constructor(host: string, port: number, cause: unknown) {
    const taken = isError(cause) && Reflect.get(cause, "code") === "EADDRINUSE";
    const remedy = taken ? "another program listens there. Stop it, or set PORT" : describeError(cause);
    super("listen-failed", `cannot listen on ${host} port ${port}: ${remedy}`, { cause, retry: "never" });
  }
}

/**
 * Listens.
 * @param port 0 for any free one
 * @throws ListenError
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  // Node looks for requests that are overdue twice a minute by default.
  const server = createServer({ connectionsCheckingInterval: 5_000 }, listener);
  // A sender that trickles its body must not hold a connection for minutes.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  // Longer than common proxies keep theirs, so that it is never us who close a connection they are about to use.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new ListenError(host, port, error)));
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port; // a TCP server's address is never a string
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown}:${bound}`,
    port: bound,
    onUpgrade(upgrade) {
      server.on("upgrade", (request, socket, head) => {
        if (!upgrade(request, socket, head)) socket.destroy();
      });
    },
    close: () => closeServer(server),
  };
}

const sweepMs = 50;

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    // close() drops what is idle now. A connection whose request ends later, a browser's event stream above all,
    // would keep the process up for another keepAliveTimeout.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    server.close((error) => {
      clearInterval(sweep);
      if (error) reject(error);
      else resolve();
    });
  });
}
