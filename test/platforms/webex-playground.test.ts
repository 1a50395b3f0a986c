import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Delivery } from "../../src/core/platform";
import { createWebex, type Webex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";

const SECRET = "a secret of thirty-two characters";
const { signal } = new AbortController();

let playground: ListeningPlayground;
let webex: Webex;
let server: Server;
let targetUrl: string;
let deliveries: Delivery[];
let arrived: () => void;

beforeEach(async () => {
  deliveries = [];
  arrived = () => undefined;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set: a stream of bytes
    deliveries.push({ headers: request.headersDistinct, body: Buffer.concat(chunks) });
    response.end();
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  targetUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/webex`; // it listens on a port
  playground = await listenPlayground();
  webex = createWebex({
    token: playground.webex.botToken,
    secrets: [SECRET],
    apiBaseUrl: playground.apiBaseUrl,
  });
  await webex.open(signal);
});

afterEach(async () => {
  await webex.close();
  await playground.close();
  await new Promise((resolve) => server.close(resolve));
});

/** The first delivery of this name, waiting for it when it has not come yet. */
async function delivered(name: string): Promise<Delivery> {
  for (;;) {
    const found = deliveries.find((delivery) => webex.parse(delivery)?.name === name);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
}

async function watch(...names: string[]): Promise<void> {
  const subscriptions = names.map((name) => {
    const [resource = "", event = ""] = name.split(".");
    return { resource, event };
  });
  await webex.syncWebhooks({ targetUrl, subscriptions }, signal);
}

async function next(name: string) {
  const delivery = await delivered(name);
  webex.verify(delivery);
  const notice = webex.parse(delivery);
  if (notice === undefined) throw new Error(`${name} was ignored`);
  return notice;
}

it("hears a mention in a group room without the bot's name, and answers in its thread", async () => {
  await watch("messages.created");
  const { lobbyId } = playground.webex;
  const asked = await playground.says("Grace", "expense 12", { roomId: lobbyId, mention: true });
  const notice = await next("messages.created");
  expect(webex.isOwn(notice)).toBe(false);
  const event = await webex.fetch(notice, signal);
  expect(event).toMatchObject({
    kind: "message",
    person: { email: "grace@example.com" },
    room: { id: lobbyId, kind: "group" },
    target: { roomId: lobbyId, threadId: asked.id },
    message: { id: asked.id, text: "expense 12" },
  });
  const sent = await webex.send({ roomId: lobbyId, threadId: asked.id }, { markdown: "**done**" }, signal);
  expect(sent).toEqual({ id: sent.id, roomId: lobbyId, threadId: asked.id });
  expect(await playground.nextMessageFrom("bot")).toMatchObject({ parentId: asked.id, markdown: "**done**" });
});

it("knows its own messages by the notice alone", async () => {
  await watch("messages.created");
  const [ada] = playground.webex.people;
  await webex.send({ email: ada?.email ?? "" }, { text: "hello" }, signal);
  expect(webex.isOwn(await next("messages.created"))).toBe(true);
});
