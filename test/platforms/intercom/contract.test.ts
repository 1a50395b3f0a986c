import { createHmac } from "node:crypto";
import type { Delivery } from "../../../src/core/contract/platform";
import { createIntercom } from "../../../src/platforms/intercom";
import { toText } from "../../../src/platforms/intercom/text";
import { listenPlayground } from "../../../src/playground/listen";
import { type PlatformUnderTest, platformContract } from "../../contract/platform";
import { openCatcher } from "../delivery-catcher";

/** A bot in the playground's Intercom, and somebody who catches its notifications. */
async function open(): Promise<PlatformUnderTest> {
  const catcher = await openCatcher();
  const playground = await listenPlayground();
  const { intercom } = playground;
  intercom.connect(`${catcher.url}/webhooks/intercom`);
  const platform = createIntercom({
    token: intercom.token,
    secrets: [intercom.clientSecret],
    apiBaseUrl: playground.url + intercom.path,
  });
  let conversationId: string | undefined;

  async function says(text: string): Promise<Delivery> {
    ({ conversationId } = intercom.says("Ada", text, conversationId));
    return catcher.next();
  }

  return {
    platform,
    secrets: [intercom.token, intercom.clientSecret],
    says,
    async botSays(text) {
      if (conversationId === undefined) await says("hello");
      await platform.send({ roomId: conversationId ?? "" }, { text }, new AbortController().signal);
      return catcher.next();
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
      await catcher.close();
    },
  };
}

platformContract("Intercom", open, {
  nothingToFetch: "a notification brings what was said",
});
