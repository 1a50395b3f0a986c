import type { Delivery } from "../../src/core/contract/platform";
import { platformContract } from "../contract/platform";
import { InMemoryPlatform } from "./in-memory-platform";

// What the tests of the core show on it holds for real platforms as far as it is one.
platformContract("in memory", async () => {
  const platform = new InMemoryPlatform();
  platform.people.set("ada", { id: "ada" });
  platform.rooms.set("room-1", { id: "room-1" });
  const signed = (body: Buffer): Delivery => ({ headers: { "x-signature": [platform.sign(body)] }, body });
  const delivered = (key: string, by: string): Delivery =>
    signed(Buffer.from(JSON.stringify({ id: key, room: "room-1", by })));
  return {
    platform,
    secrets: [platform.secret],
    signed,
    says: async (text) => delivered(String(platform.says(text).data.key), "ada"),
    botSays: async () => delivered("own", platform.botId),
    saysAndDeletes: async () => delivered("gone", "ada"),
    posts: async () =>
      platform.posts.map(({ id, to, text, markdown, card }) => ({
        id,
        text: text ?? markdown ?? "",
        threadId: "threadId" in to ? to.threadId : undefined,
        hasCard: card !== undefined,
      })),
    close: async () => {},
  };
});
