import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Delivery } from "../../../src/core/platform";
import { createSpika } from "../../../src/platforms/spika";
import { listenPlayground } from "../../../src/playground/listen";
import { type PlatformUnderTest, platformContract } from "../../contract/platform";

/** A bot in the playground's Spika, and somebody who catches its deliveries. */
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
  const { spika } = playground;
  const { signature } = spika.connect(`http://127.0.0.1:${port}/webhooks/spika`);
  const baseUrl = `${playground.url}${spika.path}`;
  const platform = createSpika({ baseUrl, apiKey: spika.apiKey, signatures: [signature] });

  async function next(): Promise<Delivery> {
    for (;;) {
      const delivery = deliveries.shift();
      if (delivery !== undefined) return delivery;
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  }
  const says = (text: string): Promise<Delivery> => {
    spika.says("Ada", text);
    return next();
  };

  return {
    platform,
    secrets: [spika.apiKey, signature],
    says,
    async botSays(text) {
      await platform.send({ roomId: String(spika.roomId) }, { text }, new AbortController().signal);
      return next();
    },
    saysAndDeletes: says,
    signed: (body) => ({ headers: { "verification-signature": [signature] }, body }),
    posts: async () =>
      spika.messages
        .filter(({ fromUserId }) => fromUserId === spika.botUserId)
        .map(({ id, body, replyId }) => ({
          id: String(id),
          text: String(body.text),
          threadId: replyId === null ? undefined : String(replyId),
          hasCard: false,
        })),
    async close() {
      await playground.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

platformContract("Spika", open, {
  bodyNotSigned: "the signature is a secret that is sent along",
  nothingToFetch: "a delivery brings the whole message",
  peopleNotAsked: "a room's API key reads nobody",
});
