import { createWebex } from "../../src/platforms/webex";
import { listenPlayground } from "../../src/playground/listen";
import { ApiClient } from "./api-client";

const REGION = "urn:TEAM:us-west-2_r";

function clusterOf(id: string): string | undefined {
  return Buffer.from(id, "base64url").toString().split("/")[2];
}

it("writes the region into the ids of all that is kept there, and never into those of people", async () => {
  const playground = await listenPlayground({ cluster: REGION });
  const { webex, apiBaseUrl } = playground;
  const bot = new ApiClient(apiBaseUrl, webex.botToken);
  const said = await playground.says("Ada", "hello");
  const { body: webhook } = await bot.post("/webhooks", {
    name: "w",
    targetUrl: "http://127.0.0.1:9/x",
    resource: "messages",
    event: "created",
  });
  const { body: memberships } = await bot.get("/memberships");
  const { body: team } = await new ApiClient(apiBaseUrl, webex.people[0]?.token).post("/teams", {
    name: "T",
  });
  const kept = [said.id, said.roomId, webhook.id, memberships.items[0].id, webex.lobbyId, team.id];
  expect(kept.map(clusterOf)).toEqual(kept.map(() => REGION));
  expect([webex.bot.id, said.personId, webhook.orgId, webhook.appId].map(clusterOf)).toEqual(
    Array(4).fill("us"),
  );
  await playground.close();
});

it("is no hindrance to a bot", async () => {
  const playground = await listenPlayground({ cluster: REGION });
  const { signal } = new AbortController();
  const webex = createWebex({
    token: playground.webex.botToken,
    secrets: ["s"],
    apiBaseUrl: playground.apiBaseUrl,
  });
  await webex.open(signal);
  const { roomId } = await playground.says("Ada", "hello");
  await webex.send({ roomId }, { text: "hi" }, signal);
  expect((await playground.nextMessageFrom("bot")).text).toBe("hi");
  await webex.close();
  await playground.close();
});
