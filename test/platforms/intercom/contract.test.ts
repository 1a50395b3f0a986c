import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Delivery } from "../../../src/core/platform";
import { createIntercom } from "../../../src/platforms/intercom";
import { toText } from "../../../src/platforms/intercom/text";
import { listenPlayground } from "../../../src/playground/listen";
import { type PlatformUnderTest, platformContract } from "../../contract/platform";

/** A bot in the playground's Intercom, and somebody who catches its notifications. */
async function open(): Promise<PlatformUnderTest> {
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
  const playground = await listenPlayground();
  const { intercom } = playground;
  intercom.connect(`http://127.0.0.1:${port}/webhooks/intercom`);
  const platform = createIntercom({
    token: intercom.token,
    secrets: [intercom.clientSecret],
    apiBaseUrl: playground.url + intercom.path,
  });
  let conversationId: string | undefined;

  async function next(): Promise<Delivery> {
    for (;;) {
      const delivery = deliveries.shift();
      if (delivery !== undefined) return delivery;
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  }
  async function says(text: string): Promise<Delivery> {
    ({ conversationId } = intercom.says("Ada", text, conversationId));
    return next();
  }

  return {
    platform,
    secrets: [intercom.token, intercom.clientSecret],
    says,
    async botSays(text) {
      if (conversationId === undefined) await says("hello");
      await platform.send({ roomId: conversationId ?? "" }, { text }, new AbortController().signal);
      return next();
    },
    saysAndDeletes: says,
    signed(body) {
      const digest = createHmac("sha1", intercom.clientSecret).update(body).digest("hex");
      return { headers: { "x-hub-signature": [`sha1=${digest}`] }, body };
    },
    posts: async () =>
      intercom.replies.map(({ id, body }) => ({ id, text: toText(body ?? ""), hasCard: false })),
    async close() {
      await playground.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

platformContract("Intercom", open, {
  nothingToFetch: "a notification brings what was said",
});
