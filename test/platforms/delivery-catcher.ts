import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Delivery } from "../../src/core/contract/platform";

/** Somebody in the bot's place, who takes deliveries as they come and answers 200. */
export interface DeliveryCatcher {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  /** The first that was not handed out yet, waiting for it when it has not come. */
  next(): Promise<Delivery>;
  close(): Promise<void>;
}

export async function openCatcher(): Promise<DeliveryCatcher> {
  const deliveries: Delivery[] = [];
  let arrived: () => void = () => undefined;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set: a stream of bytes
    deliveries.push({ headers: request.headersDistinct, body: Buffer.concat(chunks) });
    response.end();
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    async next() {
      for (;;) {
        const delivery = deliveries.shift();
        if (delivery !== undefined) return delivery;
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
