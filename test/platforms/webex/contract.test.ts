import { createHmac } from "node:crypto";
import type { Delivery } from "../../../src/core/contract/platform";
import { createWebex } from "../../../src/platforms/webex";
import { listenPlayground } from "../../../src/playground/listen";
import { type PlatformUnderTest, platformContract } from "../../contract/platform";
import { ApiClient } from "../../playground/api-client";
import { openCatcher } from "../delivery-catcher";

const SECRET = "a secret of thirty-two characters";

/** A bot in the playground's Webex, in a direct room with Ada, and somebody who catches its deliveries. */
async function open(): Promise<PlatformUnderTest> {
  const catcher = await openCatcher();
  const playground = await listenPlayground();
  const { webex, apiBaseUrl } = playground;
  const [ada] = webex.people;
  const api = new ApiClient(apiBaseUrl, ada?.token);
  await new ApiClient(apiBaseUrl, webex.botToken).post("/webhooks", {
    name: "messages",
    targetUrl: `${catcher.url}/webhooks/webex`,
    resource: "messages",
    event: "created",
    secret: SECRET,
  });
  const platform = createWebex({ token: webex.botToken, secrets: [SECRET], apiBaseUrl });
  let roomId = "";

  async function says(text: string): Promise<Delivery> {
    ({ roomId } = await playground.says("Ada", text));
    return catcher.next();
  }

  return {
    platform,
    secrets: [webex.botToken, SECRET],
    says,
    async botSays(text) {
      if (roomId === "") await says("hello");
      await platform.send({ roomId }, { text }, new AbortController().signal);
      return catcher.next();
    },
    async saysAndDeletes(text) {
      const { id } = await playground.says("Ada", text);
      const delivery = await catcher.next();
      await api.delete(`/messages/${id}`);
      return delivery;
    },
    signed(body) {
      const digest = createHmac("sha1", SECRET).update(body).digest("hex");
      return { headers: { "x-spark-signature": [digest] }, body };
    },
    async posts() {
      const { body } = await api.get(`/messages?roomId=${roomId}&max=100`);
      const messages: readonly Record<string, unknown>[] = body.items;
      return messages
        .filter(({ personId }) => personId === webex.bot.id)
        .reverse()
        .map(({ id, text, parentId, attachments }) => ({
          id: String(id),
          text: String(text ?? ""),
          threadId: typeof parentId === "string" ? parentId : undefined,
          hasCard: attachments !== undefined,
        }));
    },
    async close() {
      await playground.close();
      await catcher.close();
    },
  };
}

platformContract("Webex", open);
