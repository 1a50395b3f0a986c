import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A delivery as it arrived. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was delivered
  readonly json: any;
}

/** A bot's webhook receiver that keeps what it gets and answers as it is told. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** What to answer; 0 answers nothing at all. */
  status = 200;
  readonly #server: Server;
  #waiting: (() => void)[] = [];
  #taken = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        this.received.push({ headers: request.headers, body, json: JSON.parse(body.toString()) });
        if (this.status !== 0) response.writeHead(this.status).end();
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
  }

  static async open(): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new WebhookReceiver(server);
  }

  get url(): string {
    // Listening on a TCP port, so the address is an object.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Resolves once that many deliveries have arrived in all. */
  async arrived(count: number): Promise<Received[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.received;
  }

  /** The first delivery that was not taken yet, waiting for it when it has not come. */
  async next(): Promise<Received> {
    const index = this.#taken++;
    const received = (await this.arrived(index + 1))[index];
    if (received === undefined) throw new Error("it has arrived");
    return received;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
