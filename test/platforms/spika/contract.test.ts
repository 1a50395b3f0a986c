import type { Delivery } from "../../../src/core/contract/platform";
import { createSpika } from "../../../src/platforms/spika";
import { listenPlayground } from "../../../src/playground/listen";
import { type PlatformUnderTest, platformContract } from "../../contract/platform";
import { openCatcher } from "../delivery-catcher";

/** A bot in the playground's Spika, and somebody who catches its deliveries. */
async function open(): Promise<PlatformUnderTest> {
  const catcher = await openCatcher();
  const playground = await listenPlayground();
  const { spika } = playground;
  const { signature } = spika.connect(`${catcher.url}/webhooks/spika`);
  const baseUrl = `${playground.url}${spika.path}`;
  const platform = createSpika({ baseUrl, apiKey: spika.apiKey, signatures: [signature] });

  const says = (text: string): Promise<Delivery> => {
    spika.says("Ada", text);
    return catcher.next();
  };

  return {
    platform,
    secrets: [spika.apiKey, signature],
    says,
    async botSays(text) {
      await platform.send({ roomId: String(spika.roomId) }, { text }, new AbortController().signal);
      return catcher.next();
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
      await catcher.close();
    },
  };
}

platformContract("Spika", open, {
  bodyNotSigned: "the signature is a secret that is sent along",
  nothingToFetch: "a delivery brings the whole message",
  peopleNotAsked: "a room's API key reads nobody",
});
